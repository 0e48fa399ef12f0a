import ArgumentParser
import Basics
import Diagnostics
import Ledger
import Mapping
import Proxies
import Disk
import Swarm
import Validation
import YAML

/// `stackferry capture`: a running Swarm, written down.
struct Capture: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write down a running Swarm, read through the docker client, for --from.",
    discussion: """
      Asks the engine that `docker` asks (DOCKER_HOST, the current context), which must be a manager, for services, \
      networks, configs, nodes and where tasks run. Nothing is changed. Values of secrets are not in the snapshot, because \
      a Swarm never gives them back; environment variables and configs are, so the file is readable by its owner only.

      Examples:
        stackferry capture -o snapshot.json
        DOCKER_HOST=ssh://admin@manager1 stackferry capture shop edge | stackferry convert --from - -o k8s
      """)

  @Argument(help: "The stacks to write down. Default: all, and the services of no stack.")
  var stacks: [String] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The file to write. Default: standard output.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var output: String?

  @Flag(name: [.short, .long], help: "Print nothing but errors and what was asked for.")
  var quiet = false

  func run() throws {
    let captured: SwarmCapture
    do {
      captured = try SwarmCapture(DockerClient(), stacks: stacks)
    } catch let problem as DockerClient.Problem {
      Terminal.note("stackferry: error: \(problem.summary)\n  = hint: \(problem.hint)")
      throw ExitCode(Status.input)
    }
    let bytes = captured.document.bytes
    if let output, output != "-" {
      if let problem = FileSystem.write(bytes, to: output, mode: 0o600) {
        throw Terminal.failure(problem)
      }
      if !quiet { Terminal.note("\(captured.summary) in \(output)") }
    } else {
      try Terminal.out(bytes)
    }
  }
}

/// What the docker client says of a Swarm, cut down to the documented format (docs/snapshot.md).
struct SwarmCapture {
  let document: JSON
  let summary: String

  init(_ docker: DockerClient, stacks: [String]) throws {
    let nodes = try docker.inspect(["node", "inspect"], docker.lines(["node", "ls", "-q"]))
    var services = try docker.inspect(
      ["service", "inspect"], docker.lines(["service", "ls", "-q"]))
    let known = Set(services.compactMap(Self.stack))
    for stack in stacks where !known.contains(stack) {
      throw DockerClient.Problem(
        summary: "the Swarm has no services of a stack \"\(stack)\"",
        hint: nearest(stack, among: known.sorted()).map { "did you mean \"\($0)\"?" }
          ?? "docker stack ls shows which there are")
    }
    if !stacks.isEmpty {
      services = services.filter { service in
        Self.stack(service).map { stacks.contains($0) } ?? false
      }
    }
    if services.isEmpty {
      throw DockerClient.Problem(
        summary: "the Swarm has no services",
        hint: "docker service ls shows them; is it the right engine? docker context ls")
    }
    let identifiers = services.compactMap { $0["ID"]?.text }
    let tasks = try docker.inspect(
      ["inspect", "--type", "task"],
      docker.lines(
        ["service", "ps", "-q", "--no-trunc", "--filter", "desired-state=running"] + identifiers))
    let networks = try Self.networks(docker, of: services, stacks: stacks)
    let configs = try docker.inspect(["config", "inspect"], docker.lines(["config", "ls", "-q"]))
      .filter { Self.isWanted($0, stacks, used: services, "Configs", "ConfigName") }
    let secrets = try docker.inspect(["secret", "inspect"], docker.lines(["secret", "ls", "-q"]))
      .filter { Self.isWanted($0, stacks, used: services, "Secrets", "SecretName") }
    let used = Self.volumeNames(services)
    let volumes = try docker.inspect(
      ["volume", "inspect"],
      docker.lines(["volume", "ls", "-q"]).filter { used.contains($0) })

    document = .object { snapshot in
      snapshot.set("StackferrySnapshot", Snapshot.version)
      snapshot.set("Services", Self.list(services, ["ID", "Spec"]))
      snapshot.set(
        "Networks",
        Self.list(
          networks,
          [
            "Name", "Id", "Scope", "Driver", "EnableIPv6", "IPAM", "Internal", "Attachable",
            "Options", "Labels",
          ]))
      snapshot.set("Configs", Self.list(configs, ["ID", "Spec"]))
      snapshot.set("Secrets", .array(secrets.map(Self.withoutData)))
      snapshot.set("Volumes", Self.list(volumes, ["Name", "Driver", "Options", "Labels", "Scope"]))
      snapshot.set("Nodes", .array(nodes.map(Self.node)))
      snapshot.set(
        "Tasks", Self.list(tasks, ["ID", "ServiceID", "Slot", "NodeID", "DesiredState"]))
    }
    let names = Set(services.map(Self.stack))
    let count = names.count { $0 != nil }
    summary =
      "\(services.count) services\(count > 0 ? " of \(count) stack\(count == 1 ? "" : "s")" : ""), "
      + "\(nodes.count) node\(nodes.count == 1 ? "" : "s")"
  }

  private static func stack(_ object: Node) -> String? {
    (object["Spec"]?["Labels"] ?? object["Labels"])?["com.docker.stack.namespace"]?.text
  }

  /// The networks that services are in. Docker's own (`host`) are not listed, and are asked for one by one.
  private static func networks(
    _ docker: DockerClient, of services: [Node], stacks: [String]
  ) throws(DockerClient.Problem) -> [Node] {
    var listed = try docker.inspect(
      ["network", "inspect"],
      docker.lines(["network", "ls", "-q", "--no-trunc", "--filter", "scope=swarm"]))
    var targets = Set<String>()
    for service in services {
      for network in service["Spec"]?["TaskTemplate"]?["Networks"]?.items ?? [] {
        if let target = network["Target"]?.text { targets.insert(target) }
      }
    }
    let known = Set(listed.compactMap { $0["Id"]?.text } + listed.compactMap { $0["Name"]?.text })
    listed += try docker.inspect(
      ["network", "inspect"], targets.filter { !known.contains($0) }.sorted())
    return listed.filter { network in
      targets.contains(network["Id"]?.text ?? "") || targets.contains(network["Name"]?.text ?? "")
    }.sorted { ($0["Name"]?.text ?? "") < ($1["Name"]?.text ?? "") }
  }

  /// Whether a config or secret is of a wanted stack, or some wanted service uses it.
  private static func isWanted(
    _ object: Node, _ stacks: [String], used services: [Node], _ list: String, _ key: String
  ) -> Bool {
    if stacks.isEmpty || stack(object).map({ stacks.contains($0) }) ?? false { return true }
    let name = object["Spec"]?["Name"]?.text
    return services.contains { service in
      (service["Spec"]?["TaskTemplate"]?["ContainerSpec"]?[list]?.items ?? []).contains {
        $0[key]?.text == name
      }
    }
  }

  private static func volumeNames(_ services: [Node]) -> Set<String> {
    var names = Set<String>()
    for service in services {
      for mount in service["Spec"]?["TaskTemplate"]?["ContainerSpec"]?["Mounts"]?.items ?? []
      where mount["Type"]?.text == "volume" {
        if let source = mount["Source"]?.text { names.insert(source) }
      }
    }
    return names
  }

  // MARK: The format

  private static func list(_ objects: [Node], _ keys: [String]) -> JSON {
    .array(objects.map { pick($0, keys) })
  }

  private static func pick(_ object: Node, _ keys: [String]) -> JSON {
    .object { result in
      for key in keys { result.set(key, object[key].map { JSON($0) }) }
    }
  }

  /// The API never gives the data of a secret; should it ever, it is not written down.
  private static func withoutData(_ secret: Node) -> JSON {
    .object { result in
      result.set("ID", secret["ID"]?.text)
      result.set(
        "Spec",
        secret["Spec"].map { spec in
          let keys = (spec.entries ?? []).map(\.key).filter { $0 != "Data" }
          return pick(spec, keys)
        })
    }
  }

  private static func node(_ node: Node) -> JSON {
    .object { result in
      result.set("ID", node["ID"]?.text)
      result.set("Spec", node["Spec"].map { JSON($0) })
      result.set(
        "Description",
        .object { description in
          description.set("Hostname", node["Description"]?["Hostname"]?.text)
          description.set("Platform", node["Description"]?["Platform"].map { JSON($0) })
          description.set("Resources", node["Description"]?["Resources"].map { JSON($0) })
          description.set(
            "Engine",
            node["Description"]?["Engine"].map { pick($0, ["EngineVersion", "Labels"]) })
        })
      result.set("Status", node["Status"].map { pick($0, ["State", "Addr"]) })
    }
  }
}
