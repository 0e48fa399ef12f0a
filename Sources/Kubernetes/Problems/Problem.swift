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
  package private(set) var problems: [Problem] = []

  package init(_ object: ObjectReference) {
    self.object = object
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

extension Object {
  /// Everything that is wrong with the object, by itself.
  package var problems: [Problem] {
    var found = ProblemList(reference)
    found.check(metadata, kind: Self.kind)
    findProblems(&found)
    return found.problems
  }

  package func findProblems(_ found: inout ProblemList) {}
}
