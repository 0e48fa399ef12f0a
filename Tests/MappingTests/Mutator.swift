import Delivery
import Kubernetes
import Diagnostics
import Swarm
import Report
import Mapping
import Ledger
import TestSupport
import Stack
import YAML

/// Changes documents: values replaced, keys put in and left out, parts taken from elsewhere. The same number makes the same
/// changes, always.
struct Mutator {
  var random: Random
  let dialect: LoadOptions.Dialect
  /// Parts of other documents.
  let donors: [Node]

  private static let values: [Node] =
    [
      "''", "~", "0", "-1", "1", "3", "5000000000", "99999999999999999999", "1.5", "1e400", ".inf",
      "0x1F",
      "0o17", "true", "false", "2001-01-01", "a", "a b", "A_b.C", "5s", "-5s", "0s", "1h",
      "10000000h", "1b",
      "10M", "0.0000001", "\"80\"", "\"80:80\"", "\"8080-8081:80-81/udp\"", "\"80-70\"",
      "\"[::1]:80:80\"",
      "/", "/a/../b", "./site.conf", "./missing", "../x", "~/x", "a:b", "a:b:c", "a=b", "=", ":",
      "\"a: b\"",
      "host", "none", "default", "bridge", "service:web", "\"container:x\"", "node.role==manager",
      "node.labels.x == é", "\"{{.Task.Slot}}\"", "\"{{.Nonsense\"", "\"${HOME}\"", "\"$$\"",
      "\"${X:-y}\"",
      "\"${\"", "\"a\\nb\"", "\"\\0\"", "\"\\u202E\"", "NET_ADMIN", "ALL", "root", "\"1000:1000\"",
      "10.0.0.1",
      "10.0.0.0/8", "2001:db8::1", "[]", "{}", "[~]", "[[]]", "[{}]", "{a: ~}", "{a: {b: [c]}}",
      "[a, a]",
      "[a=b, a=c]", "{a: 1, b: true}", "{'': ''}", "{external: true}", "{name: x}",
      "[\"Host(`a.b`)\"]",
    ].compactMap { try? Node(parsing: $0) } + [.string(String(repeating: "long", count: 100))]

  /// Every key of the schema as a document of its own.
  private static let keys: [LoadOptions.Dialect: [Node]] = [
    .swarm: documents(.swarm), .compose: documents(.compose),
  ]

  private static func documents(_ dialect: LoadOptions.Dialect) -> [Node] {
    SchemaKey.all(dialect).flatMap { key in
      [key.document, key.document(key.other)].compactMap { try? Node(parsing: $0) }
    }
  }

  /// The document after some changes.
  mutating func changed(_ root: Node) -> Node {
    var root = root
    for _ in 0...random.below(2) {
      if random.chance(50) { insertKey(&root) } else { changeSlot(&root, root) }
    }
    return root
  }

  // MARK: Keys of the schema

  /// Joins a key of the schema with the document, at a place that the document has where it has one.
  private mutating func insertKey(_ root: inout Node) {
    guard var document = Self.keys[dialect].map({ random.pick($0) }) else { return }
    for section in ["services", "networks", "volumes", "configs", "secrets"] where random.chance(80)
    {
      guard let names = root[section]?.entries?.map(\.key), !names.isEmpty,
        let index = document.entries?.firstIndex(where: { $0.key == section }),
        var sections = document.entries
      else { continue }
      let objects = sections[index].value.entries ?? []
      let name = random.pick(names)
      sections[index].value.content = .mapping(objects.prefix(1).map { Entry(name, $0.value) })
      document.content = .mapping(sections)
    }
    root = Self.joined(root, document)
  }

  private static func joined(_ earlier: Node, _ later: Node) -> Node {
    var node = earlier
    switch (earlier.content, later.content) {
    case (.mapping(var entries), .mapping(let more)):
      for entry in more {
        if let index = entries.firstIndex(where: { $0.key == entry.key }) {
          entries[index].value = joined(entries[index].value, entry.value)
        } else {
          entries.append(entry)
        }
      }
      node.content = .mapping(entries)
    case (.sequence(let items), .sequence(let more)): node.content = .sequence(items + more)
    default: return later
    }
    return node
  }

  // MARK: Anything else

  /// Changes one entry of a mapping or one item of a list, whichever.
  private mutating func changeSlot(_ node: inout Node, _ root: Node) {
    var number = random.below(max(1, Self.slots(node)))
    _ = change(&node, &number, root)
  }

  private static func slots(_ node: Node) -> Int {
    switch node.content {
    case .scalar: 0
    case .sequence(let items): items.reduce(0) { $0 + 1 + slots($1) }
    case .mapping(let entries): entries.reduce(0) { $0 + 1 + slots($1.value) }
    }
  }

  /// Counts down to the slot that is to be changed.
  private mutating func change(_ node: inout Node, _ number: inout Int, _ root: Node) -> Bool {
    switch node.content {
    case .scalar: return false
    case .sequence(var items):
      for index in items.indices {
        if number == 0 {
          switch random.below(6) {
          case 0: items.remove(at: index)
          case 1: items.append(items[index])
          case 2: items.swapAt(index, 0)
          default: replace(&items[index], root)
          }
        } else {
          number -= 1
          guard change(&items[index], &number, root) else { continue }
        }
        node.content = .sequence(items)
        return true
      }
    case .mapping(var entries):
      for index in entries.indices {
        if number == 0 {
          switch random.below(20) {
          case 0, 3, 4: entries.remove(at: index)
          case 1 where !entries.contains { $0.key == "copy" }:
            entries.append(Entry("copy", entries[index].value))
          case 2 where !entries.contains { $0.key == "web" }: entries[index].key = "web"
          default: replace(&entries[index].value, root)
          }
        } else {
          number -= 1
          guard change(&entries[index].value, &number, root) else { continue }
        }
        node.content = .mapping(entries)
        return true
      }
    }
    return false
  }

  private mutating func replace(_ node: inout Node, _ root: Node) {
    switch random.below(20) {
    case 0: node = random.pick(donors)
    case 1: node = any(of: root)
    case 2: node = Node(.sequence([node]))
    case 3:
      if let first = node.items?.first ?? node.entries?.first?.value { node = first }
    case 4 where dialect == .compose: node.directive = random.chance(50) ? .reset : .override
    default:
      // Mostly of the same kind: the rest is refused before anything is made of it.
      let isScalar = node.scalar != nil
      repeat {
        node = random.pick(Self.values)
      } while (node.scalar != nil) != isScalar
        && random.chance(90)
    }
  }

  private mutating func any(of root: Node) -> Node {
    var node = root
    while random.chance(75) {
      let children = node.items ?? node.entries?.map(\.value) ?? []
      if children.isEmpty { return node }
      node = random.pick(children)
    }
    return node
  }
}
