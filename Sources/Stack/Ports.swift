import YAML

extension Loading {
  /// `ports`: short forms become one mapping for each pair of published and target port.
  mutating func readPorts(_ node: Node) -> Node? {
    guard let items = node.items else {
      wrongType(node, "a list")
      return nil
    }
    var ports: [Node] = []
    for item in items {
      switch item.content {
      case .mapping:
        if minorVersion < 2 {
          checkVersion(Entry("ports", item, at: item.mark), since: 2)
        }
        guard let fields = readFields(item, Schema.portMapping) else { continue }
        ports.append(Node(.mapping(fields), at: item.mark, id: item.id))
      case .scalar(let scalar) where scalar.kind == .string:
        readPort(item, scalar.text, into: &ports)
      case .scalar(let scalar) where scalar.kind == .int:
        readPort(item, scalar.sprint, into: &ports)
      default:
        wrongType(item, "a number, a string or a mapping")
      }
    }
    checkUnique(items, by: Self.jsonIdentity)
    return Node(.sequence(ports), at: node.mark, id: node.id)
  }

  private mutating func readPort(_ item: Node, _ text: String, into ports: inout [Node]) {
    let port: PortSpecification
    do throws(PortSpecification.Problem) {
      port = try PortSpecification(text)
    } catch {
      self.error(
        "stack/not-a-port", at: item,
        "\(path(item)): \(quote(item)) is no port: \(error.text(quote(item)))",
        hint: "write [published:]target[/tcp|udp|sctp], ranges as 8080-8090")
      return
    }
    if port.hasIgnoredAddress {
      warn(
        "stack/port-address", about: "", at: item.mark, length: length(item),
        "\(path(item)): Docker ignores the address in \(quote(item)) and listens on all of them")
    }
    for (target, published) in port.pairs {
      var fields = [Entry("mode", .string("ingress", like: item), at: item.mark)]
      if target != 0 { fields.append(Entry("target", .int(target, like: item), at: item.mark)) }
      if published != 0 {
        fields.append(Entry("published", .int(published, like: item), at: item.mark))
      }
      fields.append(Entry("protocol", .string(port.transport, like: item), at: item.mark))
      ports.append(Node(.mapping(fields), at: item.mark, id: item.id))
    }
  }
}

/// The short form of a published port: `[[address:]published:]target[/protocol]`, each port a number or a range.
///
/// Source: docker/go-connections `nat`, docker/cli `opts/port.go`.
struct PortSpecification {
  enum Problem: Error {
    case noTarget
    case target(Substring)
    case published(Substring)
    case address(Substring)
    case transport(Substring)
    case rangesDiffer

    /// What is wrong; `whole` is the port as messages may quote it.
    func text(_ whole: String) -> String {
      switch self {
      case .noTarget: "the target port is missing"
      case .target: "the target is no port or range of ports"
      case .published: "the published part is no port or range of ports"
      case .address: "the part before the ports is no IP address"
      case .transport: "the protocol must be tcp, udp or sctp"
      case .rangesDiffer: "the two ranges differ in length"
      }
    }
  }

  /// `tcp`, `udp` or `sctp`.
  let transport: String
  /// The address as written, which only Docker Compose takes notice of.
  let address: String
  /// An address that is not all addresses.
  let hasIgnoredAddress: Bool
  /// Target and published ports, 0 where the platform picks the published one, in Docker's order.
  let pairs: [(target: Int, published: Int)]

  init(_ text: String) throws(Problem) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var address: Substring = ""
    var published: Substring = ""
    switch parts.count {
    case 1: break
    case 2: published = parts[0]
    default:
      published = parts[parts.count - 2]
      address = text[..<parts[parts.count - 3].endIndex]
    }
    let last = parts[parts.count - 1].split(separator: "/", omittingEmptySubsequences: false)
    let target = last[0]
    let transport = last.count > 1 && !last[1].isEmpty ? last[1] : "tcp"

    let isBracketed = address.hasPrefix("[")
    if isBracketed {
      guard address.hasSuffix("]") else { throw .address(address) }
      address = address.dropFirst().dropLast()
    }
    var isUnspecified = true
    if !address.isEmpty {
      guard let parsed = IPAddress(address) else { throw .address(address) }
      isUnspecified = parsed.isUnspecified
    }
    hasIgnoredAddress = !isUnspecified
    self.address = String(address)
    if target.isEmpty { throw .noTarget }
    guard let targets = Self.range(target) else { throw .target(target) }
    var hosts: ClosedRange<Int>?
    if !published.isEmpty {
      guard let range = Self.range(published) else { throw .published(published) }
      if targets.count != range.count, targets.count > 1 { throw .rangesDiffer }
      hosts = range
    }
    self.transport = transport.lowercased()
    guard ["tcp", "udp", "sctp"].contains(self.transport) else { throw .transport(transport) }

    guard let hosts else {
      pairs = Self.inTextOrder(targets.map { ($0, 0) })
      return
    }
    pairs =
      targets.count == 1
      ? hosts.map { (targets.lowerBound, $0) }
      : Self.inTextOrder(zip(targets, hosts).map { ($0, $1) })
  }

  /// Docker sorts the targets as texts: 100 before 99.
  private static func inTextOrder(
    _ pairs: [(target: Int, published: Int)]
  ) -> [(target: Int, published: Int)] {
    if pairs.count < 2 { return pairs }
    return pairs.map { ("\($0.target)/", $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// A port or `first-last`; what follows a second hyphen is not looked at.
  private static func range(_ text: Substring) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = port(ends[0]) else { return nil }
    if ends.count == 1 { return first...first }
    guard let last = port(ends[1]), last >= first else { return nil }
    return first...last
  }

  private static func port(_ text: Substring) -> Int? {
    guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
      return nil
    }
    return UInt16(text).map { Int($0) }
  }
}
