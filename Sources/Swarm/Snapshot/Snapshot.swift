package import Diagnostics
package import Stack
package import YAML

/// A running Swarm as `stackferry capture` wrote it down: what the Engine API says of its services, networks, configs,
/// secrets, volumes, nodes and tasks. See `docs/snapshot.md`.
package struct Snapshot: Sendable {
  /// The version of the format that is written, and the only one that is read.
  package static let version = 1
  /// What stands under `com.docker.stack.namespace`.
  static let namespaceLabel = "com.docker.stack.namespace"

  private let services: [Node]
  /// In the order of the file; both identifiers and names stand for the places in it.
  private let networks: [Node]
  private let networkPlaces: [String: Int]
  private let configs: [Node]
  private let configPlaces: [String: Int]
  private let secrets: [Node]
  private let secretPlaces: [String: Int]
  private let volumes: [String: Node]
  package let nodes: [SwarmNode]
  /// Host names of the nodes that run a task, by the service's identifier.
  private let taskNodes: [String: [String]]

  /// - Throws: What makes the document no snapshot, with its place.
  package init(_ root: Node) throws(DiagnosticError) {
    guard root.entries != nil, let version = root["StackferrySnapshot"] else {
      throw DiagnosticError([
        Diagnostic(
          "snapshot/no-snapshot", at: root.mark,
          "this is no snapshot of a Swarm: it has no key `StackferrySnapshot`",
          hint: "`stackferry capture -o snapshot.json` writes one; stack files go with -c")
      ])
    }
    guard version.int == Self.version else {
      throw DiagnosticError([
        Diagnostic(
          "snapshot/version", at: version.mark,
          "the snapshot has version \(version.text ?? "null"), and this program reads version \(Self.version)",
          hint: "capture the Swarm again with this stackferry")
      ])
    }
    func list(_ key: String) -> [Node] { (root[key]?.items ?? []).filter { $0.entries != nil } }
    services = list("Services").sorted { Self.name($0) < Self.name($1) }
    networks = list("Networks")
    networkPlaces = Self.places(of: networks) { [$0["Id"]?.text, $0["Name"]?.text] }
    configs = list("Configs").sorted { Self.name($0) < Self.name($1) }
    configPlaces = Self.places(of: configs) { [Self.name($0), $0["ID"]?.text] }
    secrets = list("Secrets").sorted { Self.name($0) < Self.name($1) }
    secretPlaces = Self.places(of: secrets) { [Self.name($0)] }
    volumes = Dictionary(
      list("Volumes").map { ($0["Name"]?.text ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    let nodes = list("Nodes").map(SwarmNode.init).sorted { $0.hostname < $1.hostname }
    self.nodes = nodes
    let hostnames = Dictionary(
      nodes.map { ($0.id, $0.hostname) }, uniquingKeysWith: { first, _ in first })
    var taskNodes: [String: Set<String>] = [:]
    for task in list("Tasks") {
      guard let service = task["ServiceID"]?.text, let node = task["NodeID"]?.text,
        let hostname = hostnames[node]
      else { continue }
      taskNodes[service, default: []].insert(hostname)
    }
    self.taskNodes = taskNodes.mapValues { $0.sorted() }
  }

  private static func places(
    of objects: [Node], by names: (Node) -> [String?]
  ) -> [String: Int] {
    var places: [String: Int] = [:]
    for (place, object) in objects.enumerated() {
      for case let name? in names(object) where !name.isEmpty && places[name] == nil {
        places[name] = place
      }
    }
    return places
  }

  /// The network of an identifier or name.
  func network(_ id: String) -> Node? { networkPlaces[id].map { networks[$0] } }
  /// The config of a name or identifier.
  func config(_ id: String) -> Node? { configPlaces[id].map { configs[$0] } }
  func secret(_ name: String) -> Node? { secretPlaces[name].map { secrets[$0] } }
  func volume(_ name: String) -> Node? { volumes[name] }

  /// A stack's configs and secrets.
  func configs(of stack: String) -> [Node] { configs.filter { Self.stack($0) == stack } }
  func secrets(of stack: String) -> [Node] { secrets.filter { Self.stack($0) == stack } }

  /// The engine's name of a service, config or secret.
  static func name(_ object: Node) -> String { object["Spec"]?["Name"]?.text ?? "" }

  /// The stack that a service, config or secret belongs to; nil for none.
  static func stack(_ object: Node) -> String? {
    object["Spec"]?["Labels"]?[namespaceLabel]?.text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The name under which services that belong to no stack are migrated.
  package var unstacked: String {
    services.contains { Self.stack($0) == "swarm" } ? "swarm-unstacked" : "swarm"
  }

  /// The names of the stacks, sorted, `unstacked` last where there are services of no stack.
  package var stackNames: [String] {
    let names = Set(services.map { Self.stack($0) })
    return names.compactMap(\.self).sorted() + (names.contains(nil) ? [unstacked] : [])
  }

  /// Where the snapshot names a stack.
  package func mark(ofStack name: String) -> SourceMark {
    let service = services.first { Self.stack($0) == name }
    return service?["Spec"]?["Labels"]?[Self.namespaceLabel]?.mark ?? .none
  }

  /// One of the stacks as the rest of the program reads stacks. Its keys are numbered behind those of `keys`.
  package func stack(
    _ name: String, keys: inout KeyTable
  ) -> CapturedStack {
    let owner = name == unstacked ? nil : name
    var reader = SnapshotReader(self, stack: name, isScoped: owner != nil)
    for service in services where Self.stack(service) == owner { reader.read(service) }
    if let owner { reader.readUnused(of: owner) }
    var root = reader.document()
    let first = Int32(keys.count)
    keys.number(&root)
    let omitted = Self.takeLeftovers(&root, keys)
    var loaded = LoadedStack(
      root: root, warnings: reader.warnings, keys: first..<Int32(keys.count))
    loaded.omitted = omitted.map { ($0, .noFileKey) }
    var taskNodes: [String: [String]] = [:]
    for (service, id) in reader.identifiers { taskNodes[service] = self.taskNodes[id] }
    return CapturedStack(
      name: name, loaded: loaded, files: Files(holding: reader.files), isScoped: owner != nil,
      nodes: nodes, taskNodes: taskNodes)
  }
}

extension Snapshot {
  /// Takes the fields of the Engine API out of a document whose keys are numbered; they begin with a capital, as no key of
  /// a stack file does. Gives their leaves.
  private static func takeLeftovers(_ root: inout Node, _ keys: KeyTable) -> [KeyID] {
    guard var sections = root.entries, !sections.isEmpty,
      var services = sections[0].value.entries
    else { return [] }
    var leaves: [KeyID] = []
    for index in services.indices {
      guard let fields = services[index].value.entries else { continue }
      let left = fields.filter { $0.key.utf8.first.map { 0x41...0x5A ~= $0 } ?? false }
      if left.isEmpty { continue }
      for entry in left {
        leaves += keys.subtree(entry.value.id).filter { keys.rows[$0].isLeaf }.map {
          KeyID(Int32($0))
        }
      }
      let rest = fields.filter { field in !left.contains { $0.value.id == field.value.id } }
      services[index].value.content = .mapping(rest)
    }
    sections[0].value.content = .mapping(services)
    root.content = .mapping(sections)
    return leaves
  }
}

/// A stack of a snapshot.
package struct CapturedStack: Sendable {
  package let name: String
  package let loaded: LoadedStack
  /// The contents of the configs.
  let files: Files
  /// False for the services of no stack, whose names have no stack's name before them.
  let isScoped: Bool
  let nodes: [SwarmNode]
  /// Host names by service.
  let taskNodes: [String: [String]]

  package var stack: Stack {
    var stack = Stack(name: name, loaded, files: files, isScoped: isScoped)
    stack.nodes = nodes
    stack.taskNodes = taskNodes
    return stack
  }
}

/// A machine of the Swarm.
package struct SwarmNode: Sendable, Hashable {
  package let id: String
  package let hostname: String
  package let isManager: Bool
  package let labels: [String: String]
  package let engineLabels: [String: String]

  init(_ node: Node) {
    func labels(_ node: Node?) -> [String: String] {
      Dictionary(
        (node?.entries ?? []).map { ($0.key, $0.value.text ?? "") },
        uniquingKeysWith: { first, _ in first })
    }
    id = node["ID"]?.text ?? ""
    hostname = node["Description"]?["Hostname"]?.text ?? id
    isManager = node["Spec"]?["Role"]?.text == "manager"
    self.labels = labels(node["Spec"]?["Labels"])
    engineLabels = labels(node["Description"]?["Engine"]?["Labels"])
  }
}

extension Files {
  /// The files of a snapshot: contents of configs, by the paths that its stack gives them. Nothing else is there.
  init(holding contents: [String: [UInt8]]) {
    self.init(
      read: { path in
        contents[path].map { .success($0) } ?? .failure(FileProblem(heldBySwarm: path))
      }, list: { _ in [] }, kind: { _ in .missing })
  }
}

extension FileProblem {
  private static let held = "a Swarm does not give it back"

  /// The value of a secret of a running Swarm.
  init(heldBySwarm path: String) { self.init(path: path, reason: Self.held) }

  /// Whether the value is in a running Swarm, where only the tasks can read it.
  package var isHeldBySwarm: Bool { reason == Self.held }
}
