package import Diagnostics
package import Stack
import YAML

/// What `docker stack config` prints and `docker stack deploy` refuses: undefined names, and values that the client's
/// conversion or the engine turns down.
///
/// Source: docker/cli `cli/compose/convert`, moby `daemon/cluster/convert`, swarmkit `manager/controlapi/service.go`.
package func deployProblems(_ stack: LoadedStack) -> [Diagnostic] {
  var check = DeployCheck(templates: stack.templates)
  for service in stack.root["services"]?.entries ?? [] { check.service(service) }
  return (referenceProblems(stack) + check.problems).sorted { $0.mark < $1.mark }
}

/// Collects what is refused, service by service.
struct DeployCheck {
  let templates: [SourceMark: String]
  var problems: [Diagnostic] = []
  /// Who publishes a port through the routing mesh, or on a host.
  private var publishers: [String: (service: String, mark: SourceMark)] = [:]

  init(templates: [SourceMark: String]) {
    self.templates = templates
  }

  mutating func service(_ service: Entry) {
    name(service)
    image(service)
    mode(service)
    resources(service)
    restart(service)
    healthcheck(service)
    updates(service)
    placement(service)
    mounts(service)
    files(service, "secrets")
    files(service, "configs")
    credentialSpec(service)
    ports(service)
  }

  /// A refusal at a value.
  mutating func refuse(_ slug: String, at node: Node, _ summary: String, hint: String? = nil) {
    let length = node.text?.unicodeScalars.count ?? 0
    problems.append(
      Diagnostic("deploy/\(slug)", at: node.mark, length: length, summary, hint: hint))
  }

  /// A refusal at a key; where a short form has none, at the value.
  mutating func refuse(_ slug: String, at entry: Entry, _ summary: String, hint: String? = nil) {
    let mark = entry.keyMark == .none ? entry.value.mark : entry.keyMark
    problems.append(
      Diagnostic(
        "deploy/\(slug)", at: mark, length: entry.key.unicodeScalars.count, summary, hint: hint))
  }

  private mutating func name(_ service: Entry) {
    guard let last = service.key.utf8.last else { return }
    let isBad =
      service.key.contains(".") || last == UInt8(ascii: "-") || last == UInt8(ascii: "_")
    guard isBad else { return }
    refuse(
      "service-name", at: service,
      "services.\(service.key): the engine refuses this name, which is no part of a DNS name",
      hint: "use letters, digits, `-` and `_`, and a letter or digit at the end")
  }

  private mutating func image(_ service: Entry) {
    if service.value["image"] != nil { return }
    let hint =
      service.value["build"] == nil
      ? "add `image`; if this file only adds to another one, give that first: -c BASE -c THIS"
      : "Swarm builds nothing: build and push the image, and name it under `image`"
    refuse(
      "no-image", at: service,
      "services.\(service.key) has no image, and so `docker stack deploy` refuses it", hint: hint)
  }

  private mutating func mode(_ service: Entry) {
    guard let deploy = service.value["deploy"], let mode = deploy["mode"] else { return }
    switch mode.text {
    case "replicated", "replicated-job": break
    case "global", "global-job":
      guard let replicas = deploy.entry("replicas") else { return }
      refuse(
        "replicas", at: replicas,
        "services.\(service.key).deploy: `replicas` goes with `mode: replicated` or `replicated-job`, "
          + "not with `\(mode.text ?? "")`", hint: "remove one of the two")
    default:
      refuse(
        "mode", at: mode,
        "services.\(service.key).deploy.mode: the mode \(quoted(mode)) is unknown",
        hint: "write replicated, global, replicated-job or global-job")
    }
  }

  private mutating func restart(_ service: Entry) {
    if let policy = service.value["deploy"]?["restart_policy"] {
      guard let condition = policy["condition"], let text = condition.text else { return }
      let known = ["none", "on_failure", "any"]
      if known.contains(text.lowercased().replacing("-", with: "_")) { return }
      refuse(
        "restart-condition", at: condition,
        "services.\(service.key).deploy.restart_policy.condition: \(quoted(condition)) is unknown",
        hint: "write none, on-failure or any")
    } else if let restart = service.value["restart"], let text = restart.text {
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let isKnown = ["no", "always", "unless-stopped", "on-failure"].contains(parts[0])
      let count = parts.count < 2 || parts[1].isEmpty ? 0 : Int(parts[1]) ?? -1
      if isKnown, count >= 0 { return }
      refuse(
        "restart", at: restart, "services.\(service.key).restart: \(quoted(restart)) is no policy",
        hint: "write \"no\", always, unless-stopped, on-failure or on-failure:COUNT")
    }
  }

  private mutating func healthcheck(_ service: Entry) {
    guard let healthcheck = service.value["healthcheck"] else { return }
    if let disable = healthcheck.entry("disable"), disable.value.bool == true {
      guard healthcheck["test"]?.items?.isEmpty == false else { return }
      refuse(
        "healthcheck-disabled", at: disable,
        "services.\(service.key).healthcheck: `disable` and `test` cannot stand together",
        hint: "remove one of the two")
      return
    }
    for key in ["interval", "timeout", "start_period", "start_interval"] {
      guard let node = healthcheck[key], let value = node.duration, value != .zero,
        value < .milliseconds(1)
      else { continue }
      refuse(
        "healthcheck-duration", at: node,
        "services.\(service.key).healthcheck.\(key): the engine takes nothing below one millisecond",
        hint: "write 1ms or more, or remove it")
    }
  }

  private mutating func updates(_ service: Entry) {
    for (key, actions) in [
      ("update_config", ["pause", "continue", "rollback"]),
      ("rollback_config", ["pause", "continue"]),
    ] {
      guard let config = service.value["deploy"]?[key] else { continue }
      let place = "services.\(service.key).deploy.\(key)"
      if let action = config["failure_action"], let text = action.text, !actions.contains(text),
        key == "update_config" || text != "rollback"
      {
        refuse(
          "failure-action", at: action, "\(place).failure_action: \(quoted(action)) is unknown",
          hint: "write \(actions.joined(separator: ", "))")
      }
      if let ratio = config["max_failure_ratio"], let value = ratio.text.flatMap(Double.init),
        value < 0 || value > 1
      {
        refuse(
          "failure-ratio", at: ratio, "\(place).max_failure_ratio must be between 0 and 1")
      }
      for duration in ["delay", "monitor"] {
        if let node = config[duration], let value = node.duration, value < .zero {
          refuse("negative-duration", at: node, "\(place).\(duration) must not be negative")
        }
      }
    }
  }

  private mutating func placement(_ service: Entry) {
    for node in service.value["deploy"]?["placement"]?["constraints"]?.items ?? [] {
      do throws(PlacementConstraint.Malformation) {
        _ = try PlacementConstraint(node.text ?? "")
      } catch {
        let why =
          switch error {
          case .noOperator: "it has neither == nor !="
          case .badKey(let key): "\"\(key)\" is no property of a node"
          case .badValue: "there is no value that Swarm can compare"
          }
        refuse(
          "constraint", at: node,
          "services.\(service.key).deploy.placement.constraints: `docker stack deploy` refuses \(quoted(node)): \(why)",
          hint: "write it as node.labels.disk == ssd")
      }
    }
  }

  private mutating func credentialSpec(_ service: Entry) {
    guard let entries = service.value["credential_spec"]?.entries, entries.count > 1 else { return }
    refuse(
      "credential-spec", at: entries[1],
      "services.\(service.key).credential_spec has both `\(entries[0].key)` and `\(entries[1].key)`",
      hint: "keep one of config, file and registry")
  }

  /// Two files at one place.
  private mutating func files(_ service: Entry, _ kind: String) {
    var targets: [String: Node] = [:]
    for reference in service.value[kind]?.items ?? [] {
      let node = reference["target"] ?? reference["source"] ?? reference
      guard let target = node.text else { continue }
      guard let earlier = targets.updateValue(node, forKey: target) else { continue }
      refuse(
        "file-target", at: node,
        "services.\(service.key).\(kind): two of them have the target \"\(target)\"",
        hint: "give one of them another `target`")
      problems[problems.count - 1].notes = [.init("the first one", at: earlier.mark)]
    }
  }

  private mutating func ports(_ service: Entry) {
    let isRoundRobin =
      service.value["deploy"]?["endpoint_mode"]?.text?.lowercased() == "dnsrr"
    var own: Set<String> = []
    for port in service.value["ports"]?.items ?? [] {
      let isHost = port["mode"]?.text?.lowercased() == "host"
      let node = port["published"] ?? port
      if isRoundRobin, !isHost {
        refuse(
          "dnsrr-ingress", at: port,
          "services.\(service.key): `endpoint_mode: dnsrr` does not go with a port that is published through the "
            + "routing mesh",
          hint: "give the port `mode: host`, or remove `endpoint_mode`")
      }
      guard let published = port["published"]?.int else { continue }
      let transport = port["protocol"]?.text?.lowercased() ?? "tcp"
      let key = "\(published)/\(transport)"
      if !own.insert(key).inserted {
        refuse(
          "port-twice", at: node,
          "services.\(service.key).ports: the port \(key) is published twice")
      } else if !isHost, let other = publishers[key] {
        refuse(
          "port-taken", at: node,
          "services.\(service.key).ports: services.\(other.service) publishes the port \(key) already",
          hint: "give one of them another published port")
        problems[problems.count - 1].notes = [.init("published here", at: other.mark)]
      } else if !isHost {
        publishers[key] = (service.key, node.mark)
      }
    }
  }

  /// A value for messages: with variables in it, its template.
  func quoted(_ node: Node) -> String { "\"\(templates[node.mark] ?? node.text ?? "")\"" }
}
