import YAML

/// The capabilities that a service adds and drops, without `CAP_`, sorted.
///
/// Source: docker/cli `opts/capabilities.go`: `ALL` stands for every other one in its list, adding wins over dropping,
/// and `RESET` means something on the command line only.
package struct Capabilities: Sendable, Hashable {
  package let add: [String]
  package let drop: [String]

  init(add: [String], drop: [String]) {
    let added = Self.effective(add)
    self.add = added
    self.drop = Self.effective(drop).filter { !added.contains($0) }
  }

  private static func effective(_ names: [String]) -> [String] {
    var result: [String] = []
    for name in names {
      let normal = normal(name)
      if normal != "RESET", !result.contains(normal) { result.append(normal) }
    }
    return result.contains("ALL") ? ["ALL"] : result.sorted()
  }

  /// Upper case, without blanks around it and without `CAP_`.
  package static func normal(_ name: String) -> String {
    let words = name.split { $0.isWhitespace }
    let upper = words.joined(separator: " ").uppercased()
    return upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
  }
}

extension Service {
  package var capabilities: Capabilities {
    Capabilities(
      add: (node["cap_add"]?.items ?? []).compactMap(\.text),
      drop: (node["cap_drop"]?.items ?? []).compactMap(\.text))
  }
}
