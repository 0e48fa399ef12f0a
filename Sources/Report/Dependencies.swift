import Kubernetes
import Ledger
package import Mapping
import Swarm
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

  /// Services first, then groups: each needs the services behind one name.
  private var edges: [[Int]] = []

  package init(_ facts: Facts) {
    var starts: [Int] = []
    for (number, stack) in facts.stacks.enumerated() {
      starts.append(services.count)
      for (index, service) in stack.services.enumerated() {
        services.append(
          Service(
            stack: number, index: index, name: service.name,
            isDataStore: DataStores.contains(service)))
      }
    }
    func position(_ place: ServicePlace) -> Int { starts[place.stack] + place.service }
    let groups = facts.discovery.groups.map { $0.map(position) }
    var asked: [Set<Int>] = []
    for (number, stack) in facts.stacks.enumerated() {
      let names = Dictionary(
        stack.services.enumerated().map { ($1.name, starts[number] + $0) },
        uniquingKeysWith: { first, _ in first })
      for (index, service) in stack.services.enumerated() {
        let own = starts[number] + index
        var needs = Set<Int>()
        var edges = Set<Int>()
        for need in facts.discovery.needs[number][index] {
          switch need {
          case .service(let place):
            needs.insert(position(place))
            edges.insert(position(place))
          case .group(let group):
            needs.formUnion(groups[group].prefix(Self.mostOfGroup))
            edges.insert(services.count + group)
          }
        }
        for name in service.startsAfter {
          if let found = names[name] {
            needs.insert(found)
            edges.insert(found)
          }
        }
        needs.remove(own)
        edges.remove(own)
        services[own].needs = needs.sorted()
        asked.append(edges)
      }
    }
    edges = asked.map { $0.sorted() } + groups
    waves = arranged()
  }

  /// So many of the services behind one name are told one by one.
  private static let mostOfGroup = 16

  /// Longest paths over the circles of the graph, data stores ahead of all that is none.
  private func arranged() -> [[Int]] {
    let circles = Circles(edges)
    let hasStores = services.contains(where: \.isDataStore)
    func isStore(_ vertex: Int) -> Bool { vertex < services.count && services[vertex].isDataStore }
    var level = [Int](repeating: 0, count: circles.members.count)
    // Whether a data store is in the circle, or behind the name that the group stands for.
    var leadsToStore = [Bool](repeating: false, count: circles.members.count)
    // Tarjan gives a circle after all that it needs.
    for (number, members) in circles.members.enumerated() {
      let hasStore = members.contains(where: isStore)
      // A group is no step of its own: it moves when the services behind it have.
      let isGroup = members.allSatisfy { $0 >= services.count }
      var value = hasStore || isGroup || !hasStores ? 0 : 1
      leadsToStore[number] = hasStore
      for member in members {
        for need in edges[member] where circles.number[need] != number {
          let other = circles.number[need]
          if isGroup { leadsToStore[number] = leadsToStore[number] || leadsToStore[other] }
          if !hasStore || leadsToStore[other] {
            value = max(value, level[other] + (isGroup ? 0 : 1))
          }
        }
      }
      level[number] = value
    }
    var waves = [[Int]](repeating: [], count: (level.max() ?? -1) + 1)
    for position in services.indices { waves[level[circles.number[position]]].append(position) }
    return waves.filter { !$0.isEmpty }
  }
}

extension Swarm.Service {
  /// The services that `depends_on` names. Swarm ignores it; it says all the same who needs whom.
  fileprivate var startsAfter: [String] {
    (node["depends_on"]?.items ?? []).compactMap(\.text)
      + (node["depends_on"]?.entries ?? []).map(\.key)
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
