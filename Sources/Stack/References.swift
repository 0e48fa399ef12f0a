import Basics
package import Diagnostics
import YAML

/// References to networks, volumes, configs and secrets that the stack does not define, which `docker stack config`
/// prints and `docker stack deploy` refuses.
///
/// Source: docker/cli `cli/compose/convert`.
package func referenceProblems(_ stack: LoadedStack) -> [Diagnostic] {
  var check = ReferenceCheck(stack.root)
  for service in stack.root["services"]?.entries ?? [] { check.service(service) }
  return check.problems.sorted { $0.mark < $1.mark }
}

private struct ReferenceCheck {
  private let networks: Set<String>
  private let volumes: Set<String>
  private let configs: Set<String>
  private let secrets: Set<String>
  var problems: [Diagnostic] = []

  init(_ root: Node) {
    func names(_ section: String) -> Set<String> {
      Set((root[section]?.entries ?? []).map(\.key))
    }
    networks = names("networks")
    volumes = names("volumes")
    configs = names("configs")
    secrets = names("secrets")
  }

  mutating func service(_ service: Entry) {
    for network in service.value["networks"]?.entries ?? []
    where network.key != "default" && !networks.contains(network.key) {
      let mark = network.keyMark == .none ? network.value.mark : network.keyMark
      refuse(service, "network", network.key, at: mark, networks)
    }
    for mount in service.value["volumes"]?.items ?? [] {
      guard let source = mount["source"], let name = source.text, !volumes.contains(name) else {
        continue
      }
      switch mount["type"]?.text {
      case "volume": break
      case nil: break
      case "cluster" where !name.hasPrefix("group:"): break
      default: continue
      }
      refuse(service, "volume", name, at: source.mark, volumes)
    }
    references(service, "config", configs)
    references(service, "secret", secrets)
    if let config = service.value["credential_spec"]?["config"], let name = config.text,
      !configs.contains(name)
    {
      refuse(service, "config", name, at: config.mark, configs)
    }
  }

  private mutating func references(_ service: Entry, _ kind: String, _ defined: Set<String>) {
    for reference in service.value["\(kind)s"]?.items ?? [] {
      let name = reference["source"]?.text ?? ""
      if defined.contains(name) { continue }
      refuse(service, kind, name, at: reference["source"]?.mark ?? reference.mark, defined)
    }
  }

  private mutating func refuse(
    _ service: Entry, _ kind: String, _ name: String, at mark: SourceMark, _ defined: Set<String>
  ) {
    let known = nearest(name, among: defined.sorted())
    problems.append(
      Diagnostic(
        "stack/undefined-\(kind)", at: mark, length: name.unicodeScalars.count,
        "services.\(service.key) uses the \(kind) \"\(name)\", which the stack does not define",
        hint: known.map { "did you mean \"\($0)\"?" }
          ?? "define it at the top level under `\(kind)s`, with `external: true` if it exists already"
      ))
  }
}
