import YAML

/// The user and group of a service's process, as far as they are numbers.
package struct User: Sendable, Hashable {
  package enum Identity: Sendable, Hashable {
    case id(Int)
    /// Looked up in the image's `/etc/passwd` or `/etc/group`.
    case name(String)
  }

  package let user: Identity
  package let group: Identity?

  /// `1000`, `1000:1000`, `app:staff`.
  package init(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    user = Self.identity(parts[0])
    group = parts.count > 1 && !parts[1].isEmpty ? Self.identity(parts[1]) : nil
  }

  /// `root` is 0 in every image that has it. Numbers over 2147483647 are names to the engine, and no such name exists.
  private static func identity(_ text: Substring) -> Identity {
    if text.isEmpty || text == "root" { return .id(0) }
    guard let number = Int(text), 0...Int(Int32.max) ~= number else { return .name(String(text)) }
    return .id(number)
  }
}

extension Service {
  package var user: User? {
    node["user"]?.text.flatMap { $0.isEmpty ? nil : User($0) }
  }
}
