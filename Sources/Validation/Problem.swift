package import Diagnostics
package import Kubernetes
package import YAML

/// Something in an object that the API server, or the kubelet, would refuse.
package struct Problem: Hashable, Sendable, CustomStringConvertible {
  package enum Severity: String, Sendable, Comparable {
    /// Something that Kubernetes cannot know, such as what is in the cluster already.
    case note
    /// Accepted, and a mistake all the same.
    case warning
    /// Refused.
    case error

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
  }

  package var rule: ManifestRule
  package var severity: Severity
  package var object: ObjectReference
  /// Where in the object: `spec.template.spec.containers[0].ports[1].name`.
  package var path: String
  package var message: String
  package var hint: String?
  /// In the manifest, and the length of what is underlined.
  package var mark: SourceMark
  package var length: Int

  package var description: String {
    path.isEmpty ? "\(object): \(message)" : "\(object): \(path): \(message)"
  }
}

/// Collects the problems of one object.
package struct ProblemList: Sendable {
  package let object: ObjectReference
  /// The minor version of the API server that is asked.
  package let minor: Int
  package private(set) var problems: [Problem] = []

  package init(_ object: ObjectReference, minor: Int = newestMinor) {
    self.object = object
    self.minor = minor
  }

  /// Places and messages are made only where something is wrong.
  package mutating func add(
    _ rule: ManifestRule, at spot: @autoclosure () -> Field.Spot,
    _ message: @autoclosure () -> String, hint: @autoclosure () -> String? = nil,
    _ severity: Problem.Severity = .error
  ) {
    let spot = spot()
    problems.append(
      Problem(
        rule: rule, severity: severity, object: object, path: spot.place.path, message: message(),
        hint: hint(), mark: spot.mark, length: spot.length))
  }

  /// Adds the problem unless the condition holds.
  package mutating func expect(
    _ holds: Bool, _ rule: ManifestRule, at spot: @autoclosure () -> Field.Spot,
    _ message: @autoclosure () -> String, hint: @autoclosure () -> String? = nil
  ) {
    if !holds { add(rule, at: spot(), message(), hint: hint()) }
  }

  /// As `expect`, for what the server lets pass.
  package mutating func warn(
    unless holds: Bool, _ rule: ManifestRule, at spot: @autoclosure () -> Field.Spot,
    _ message: @autoclosure () -> String, hint: @autoclosure () -> String? = nil
  ) {
    if !holds { add(rule, at: spot(), message(), hint: hint(), .warning) }
  }
}

/// The newest version whose rules are known, 1.36.
package let newestMinor = 36

/// The oldest version whose fields are known, 1.30.
package let oldestMinor = 30

extension Object {
  /// Everything that is wrong with the object, by itself, for the newest version of Kubernetes.
  package var problems: [Problem] { problems(minor: newestMinor) }

  /// Everything that an API server of version 1.`minor` would refuse in the object, by itself, and what it would let pass
  /// although it is a mistake.
  package func problems(minor: Int) -> [Problem] {
    verdict(minor: minor).verdict?.problems ?? [unreadable(minor: minor)]
  }

  /// The object is written and read back, so that the same rules hold for it as for any manifest.
  package func verdict(minor: Int) -> (verdict: ManifestVerdict?, root: Node?) {
    var writer = Writer()
    write(to: &writer)
    var sources = Sources()
    let file = sources.add(SourceFile(path: reference.description, bytes: writer.bytes))
    let reading = Document.stream(file, in: sources)
    guard let root = reading.documents.first, reading.diagnostics.isEmpty else { return (nil, nil) }
    return (ManifestVerdict(root, minor: minor, size: writer.bytes.count), root)
  }

  /// What stands for an object that was written and cannot be read.
  package func unreadable(minor: Int) -> Problem {
    Problem(
      rule: .noObject, severity: .error, object: reference, path: "",
      message: "what was written cannot be read", hint: nil, mark: .none, length: 0)
  }
}
