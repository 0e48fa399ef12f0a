import Kubernetes
import Ledger
import Mapping
package import Swarm
import YAML

/// Which services need which, as far as a stack says it: names of services in values of others, and `depends_on`.
///
/// Swarm starts everything at once; the order is for people, who move data stores before what talks to them.
package struct Dependencies: Sendable {
  package struct Service: Sendable {
    package let stack: Int
    package let index: Int
    package let name: String
    package let isDataStore: Bool
    /// Positions in `services`, ascending.
    package fileprivate(set) var needs: [Int] = []
  }

  /// All services of the estate, in the order of the stacks.
  package private(set) var services: [Service] = []
  /// Positions in `services`, wave after wave: what a wave needs is in the ones before it, or in a circle with it.
  package private(set) var waves: [[Int]] = []

  package init(_ stacks: [Swarm.Stack]) {
    var byName: [[String: [Int]]] = []
    var full: [String: Int] = [:]
    for (number, stack) in stacks.enumerated() {
      var names: [String: [Int]] = [:]
      for (index, service) in stack.services.enumerated() {
        let position = services.count
        services.append(
          Service(
            stack: number, index: index, name: service.name,
            isDataStore: DataStores.contains(service)))
        full[service.fullName.lowercased()] = position
        names[service.name.lowercased(), default: []].append(position)
        for attachment in service.networkAttachments {
          for alias in attachment.aliases.compactMap(\.text) {
            names[alias.lowercased(), default: []].append(position)
          }
        }
      }
      byName.append(names)
    }
    for position in services.indices {
      let service = services[position]
      let node = stacks[service.stack].services[service.index].node
      var needs = Set<Int>()
      let names = byName[service.stack]
      func add(_ name: String) {
        let name = name.lowercased()
        for found in names[name] ?? [] { needs.insert(found) }
        if let found = full[name] { needs.insert(found) }
      }
      for item in node["depends_on"]?.items ?? [] { if let text = item.text { add(text) } }
      for entry in node["depends_on"]?.entries ?? [] { add(entry.key) }
      for entry in node["environment"]?.entries ?? [] {
        if let text = entry.value.text { HostTokens.visit(text, hint: entry.key, add) }
      }
      for key in ["command", "entrypoint"] {
        for item in node[key]?.items ?? [] {
          if let text = item.text { HostTokens.visit(text, hint: "", add) }
        }
      }
      needs.remove(position)
      services[position].needs = needs.sorted()
    }
    waves = arranged()
  }

  /// Longest paths over the circles of the graph, data stores ahead of all that is none.
  private func arranged() -> [[Int]] {
    let circles = Circles(services.map(\.needs))
    let hasStores = services.contains(where: \.isDataStore)
    var level = [Int](repeating: 0, count: circles.members.count)
    // Tarjan gives a circle after all that it needs.
    for (number, members) in circles.members.enumerated() {
      let isStore = members.contains { services[$0].isDataStore }
      var value = isStore || !hasStores ? 0 : 1
      for member in members {
        for need in services[member].needs where circles.number[need] != number {
          let other = circles.number[need]
          let counts = !isStore || circles.members[other].contains { services[$0].isDataStore }
          if counts { value = max(value, level[other] + 1) }
        }
      }
      level[number] = value
    }
    var waves = [[Int]](repeating: [], count: (level.max() ?? -1) + 1)
    for position in services.indices { waves[level[circles.number[position]]].append(position) }
    return waves.filter { !$0.isEmpty }
  }
}

/// The strongly connected parts of a graph, each after the parts that it points to. Source: Tarjan, 1972; without
/// recursion, so that no input can exhaust the stack.
private struct Circles {
  private(set) var members: [[Int]] = []
  /// The part of each vertex.
  private(set) var number: [Int]

  init(_ edges: [[Int]]) {
    let count = edges.count
    number = [Int](repeating: -1, count: count)
    var order = [Int](repeating: -1, count: count)
    var low = [Int](repeating: 0, count: count)
    var isOpen = [Bool](repeating: false, count: count)
    var open: [Int] = []
    var next = 0
    for root in edges.indices where order[root] < 0 {
      var path: [(vertex: Int, edge: Int)] = [(root, 0)]
      while let (vertex, edge) = path.last {
        if edge == 0 {
          order[vertex] = next
          low[vertex] = next
          next += 1
          open.append(vertex)
          isOpen[vertex] = true
        }
        if edge < edges[vertex].count {
          path[path.count - 1].edge += 1
          let target = edges[vertex][edge]
          if order[target] < 0 {
            path.append((target, 0))
          } else if isOpen[target] {
            low[vertex] = min(low[vertex], order[target])
          }
          continue
        }
        path.removeLast()
        if let above = path.last?.vertex { low[above] = min(low[above], low[vertex]) }
        guard low[vertex] == order[vertex] else { continue }
        var part: [Int] = []
        while let last = open.popLast() {
          isOpen[last] = false
          number[last] = members.count
          part.append(last)
          if last == vertex { break }
        }
        members.append(part.sorted())
      }
    }
  }
}

/// Words in a value that stand where a host name stands: `db` in `postgres://app@db:5432/shop`, in `db:5432`, and alone
/// where the variable's name says host, server, address or the like.
package enum HostTokens {
  package static func visit(_ text: String, hint: String, _ body: (String) -> Void) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      guard isName(bytes[start]) else {
        start += 1
        continue
      }
      var end = start
      while end < bytes.count, isName(bytes[end]) { end += 1 }
      let before = start == 0 ? nil : bytes[start - 1]
      let after = end < bytes.count ? bytes[end] : nil
      let hasPort =
        after == UInt8(ascii: ":") && end + 1 < bytes.count && 0x30...0x39 ~= bytes[end + 1]
      let isInURL =
        before == UInt8(ascii: "@")
        || (before == UInt8(ascii: "/") && start > 2 && bytes[start - 2] == UInt8(ascii: "/")
          && bytes[start - 3] == UInt8(ascii: ":"))
      let isAlone = start == 0 && end == bytes.count
      let isListed =
        (before == nil || before == UInt8(ascii: ",") || before == UInt8(ascii: "=")
          || before == UInt8(ascii: " "))
        && (after == nil || after == UInt8(ascii: ",") || after == UInt8(ascii: " "))
      if hasPort || isInURL || (isAlone || isListed) && meansHost(hint) {
        body(String(decoding: bytes[start..<end], as: UTF8.self))
      }
      start = end
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func meansHost(_ name: String) -> Bool {
    let upper = name.uppercased()
    return [
      "HOST", "SERVER", "ADDR", "URL", "URI", "ENDPOINT", "BROKER", "PEER", "NODE", "MASTER",
      "PRIMARY", "CONNECT", "UPSTREAM", "BACKEND", "TARGET",
    ].contains { upper.contains($0) }
  }
}
