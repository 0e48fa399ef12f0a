package import Stack
package import YAML

/// What `docker stack deploy` would create: services, networks, volumes, secrets and configs with the names that the
/// engine gives them and Swarm's defaults filled in.
package struct Stack: Sendable {
  package let name: String
  /// The loader's canonical document.
  package let root: Node
  /// The numbers that its files have in the key table.
  package let keys: Range<Int32>
  package private(set) var services: [Service]
  /// The networks that exist once the stack runs, the implicit `default` one included where a service needs it.
  package let networks: [Network]
  package let volumes: [Volume]
  package let configs: [FileObject]
  package let secrets: [FileObject]
  /// The absolute folder of the stack file; empty where there is none.
  package let folder: String
  /// What lies beside the stack file and is bound into a service, by the source of the mount.
  package let boundFiles: [String: BoundContent]
  /// The machines of a running Swarm; none where the stack comes from files.
  package var nodes: [SwarmNode] = []
  /// The host names of the nodes that run a service's tasks, by service; none where the stack comes from files.
  package var taskNodes: [String: [String]] = [:]

  /// Builds the model of a loaded stack. References have been checked by `referenceProblems`.
  /// `isScoped` is false for services of a running Swarm that belong to no stack.
  package init(
    name: String, _ loaded: LoadedStack, files: Files, folder: String = "", isScoped: Bool = true
  ) {
    self.name = name
    self.folder = folder
    let root = loaded.root
    self.root = root
    keys = loaded.keys
    services = (root["services"]?.entries ?? []).map {
      Service(stack: name, name: $0.key, node: $0.value, isScoped: isScoped)
    }
    networks = Network.all(stack: name, root: root, services: services)
    volumes = Volume.all(stack: name, root: root)
    configs = FileObject.all(.config, stack: name, root: root, files: files)
    secrets = FileObject.all(.secret, stack: name, root: root, files: files)
    boundFiles = BoundContent.all(services, folder: folder, files: files)
  }

  /// The stack, with what is known of the images of its services, by the service's name.
  package func withImages(_ facts: [String: ImageFacts]) -> Stack {
    if facts.isEmpty { return self }
    var stack = self
    for index in stack.services.indices {
      stack.services[index].imageFacts = facts[stack.services[index].name]
    }
    return stack
  }

  package func network(_ key: String) -> Network? { networks.first { $0.key == key } }
  package func volume(_ key: String) -> Volume? { volumes.first { $0.key == key } }
  package func config(_ key: String) -> FileObject? { configs.first { $0.key == key } }
  package func secret(_ key: String) -> FileObject? { secrets.first { $0.key == key } }
}

extension Stack {
  /// A path for messages: from the stack's folder where it lies in it, so that they do not differ between machines.
  package func shown(_ path: String) -> String {
    guard !folder.isEmpty, path.hasPrefix(folder + "/") else { return path }
    return "./" + path.dropFirst(folder.utf8.count + 1)
  }
}

/// The name of a top-level object in the engine, and whether the stack only refers to it.
package struct ScopedName: Sendable {
  package let name: String
  package let isExternal: Bool

  /// `external` gives the name as it is (`external.name`, `name`, or the key); `name` is taken as written; anything else
  /// is scoped by the stack. Source: docker/cli `cli/compose/convert`, `Namespace.Scope`.
  init(stack: String, key: String, node: Node) {
    let external = node["external"]
    let isExternal = external.map { $0.bool ?? ($0.entries != nil) } ?? false
    let written = node["name"]?.text ?? external?["name"]?.text
    self.isExternal = isExternal
    name = written ?? (isExternal ? key : "\(stack)_\(key)")
  }
}
