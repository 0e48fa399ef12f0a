import YAML

extension Loading {
  /// `extra_hosts`: a mapping of hosts to addresses, or a list of `host:address` or `host=address`, becomes a list of
  /// `host:address` without brackets around IPv6 addresses.
  mutating func readHosts(_ node: Node) -> Node? {
    var hosts: [Node] = []
    switch node.content {
    case .mapping(let entries):
      for entry in entries {
        checkNotEmpty(entry, of: node)
        guard let address = address(entry) else { continue }
        hosts.append(.string(unbracketed("\(entry.key):\(address)"), like: entry.value))
      }
      hosts.sort { ($0.text ?? "") < ($1.text ?? "") }
    case .sequence(let items):
      for item in items {
        guard let text = string(item) else { continue }
        guard
          let separator = text.unicodeScalars.firstIndex(of: "=")
            ?? text.unicodeScalars.firstIndex(of: ":")
        else {
          omitted.append((item.id, .skipped))
          warn(
            "stack/host-without-address", about: text, at: item.mark, length: length(item),
            "\(path(item)): Docker skips \(quote(item)), which has no address",
            hint: "write host:address")
          continue
        }
        let address = text[text.unicodeScalars.index(after: separator)...]
        hosts.append(.string(unbracketed("\(text[..<separator]):\(address)"), like: item))
      }
      checkUnique(items) { $0.scalar?.text ?? "" }
    case .scalar:
      wrongType(node, "a mapping or a list")
    }
    return hosts.isEmpty ? nil : Node(.sequence(hosts), at: node.mark, id: node.id)
  }

  private mutating func address(_ entry: Entry) -> String? {
    guard let scalar = entry.value.scalar, scalar.kind != .bool else {
      wrongType(entry.value, "a string")
      return nil
    }
    switch scalar.kind {
    case .null:
      omitted.append((entry.value.id, .skipped))
      return nil
    case .int, .float:
      // What Go's formatting makes of a number where it expects text.
      let type = scalar.kind == .int ? "int" : "float64"
      warn(
        "stack/host-is-number", about: entry.key, at: entry.value.mark,
        length: length(entry.value), "Docker garbles an address that is a number",
        hint: "write it in quotes: \(quote(entry.value))")
      return "%!s(\(type)=\(scalar.sprint))"
    default: return scalar.sprint
    }
  }

  private func unbracketed(_ host: String) -> String {
    guard let colon = host.unicodeScalars.firstIndex(of: ":") else { return host }
    let address = host[host.unicodeScalars.index(after: colon)...]
    guard address.utf8.count > 2, address.hasPrefix("["), address.hasSuffix("]") else {
      return host
    }
    return "\(host[..<colon]):\(address.dropFirst().dropLast())"
  }
}
