import YAML

/// Something in an object that the API server, or the kubelet, would refuse.
package struct Problem: Hashable, Sendable, CustomStringConvertible {
  package var object: ObjectReference
  /// Where in the object: `spec.template.spec.containers[0].ports[1].name`.
  package var path: String
  package var message: String

  package init(object: ObjectReference, path: String, message: String) {
    self.object = object
    self.path = path
    self.message = message
  }

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

  /// Paths and messages are made only where something is wrong.
  package mutating func add(
    _ path: @autoclosure () -> String, _ message: @autoclosure () -> String
  ) {
    problems.append(Problem(object: object, path: path(), message: message()))
  }

  /// Adds the problem unless the condition holds.
  package mutating func expect(
    _ holds: Bool, _ path: @autoclosure () -> String, _ message: @autoclosure () -> String
  ) {
    if !holds { add(path(), message()) }
  }
}

/// The newest version whose rules are known, 1.36.
package let newestMinor = 36

extension Object {
  /// Everything that is wrong with the object, by itself, for the newest version of Kubernetes.
  package var problems: [Problem] { problems(minor: newestMinor) }

  /// Everything that an API server of version 1.`minor` would refuse in the object, by itself.
  package func problems(minor: Int) -> [Problem] {
    var found = ProblemList(reference, minor: minor)
    found.check(metadata, kind: Self.kind)
    findProblems(&found)
    var writer = Writer()
    write(to: &writer)
    // etcd's default limit of a request. What a ConfigMap or Secret holds is measured by itself, and counts in base64 here.
    found.expect(
      self is ConfigMap || self is Secret || writer.bytes.count <= 3 << 19, "",
      "\(writer.bytes.count) bytes are more than etcd stores in one object")
    return found.problems
  }

  package func findProblems(_ found: inout ProblemList) {}
}
