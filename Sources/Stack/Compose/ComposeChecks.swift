import Basics
import Diagnostics
import YAML

extension ComposeNormal {
  /// Refuses what Docker Compose refuses once a project is whole.
  ///
  /// Source: compose-spec/compose-go `loader/validate.go`, `graph`.
  mutating func check() {
    let services = entries("services")
    let names = Set(services.map(\.key))
    for service in services {
      let node = service.value
      if node["image"]?.text?.isEmpty ?? true, node["build"] == nil, node["provider"] == nil {
        loading.error(
          "compose/no-image", at: service,
          "services.\(service.key) has neither `image` nor `build`")
      }
      references(
        service, "networks", "network", (node["networks"]?.entries ?? []).map { ($0.key, $0.value) }
      )
      references(
        service, "volumes", "volume",
        (node["volumes"]?.items ?? []).compactMap { mount in
          guard mount["type"]?.text == "volume", let source = mount["source"],
            let name = source.text
          else { return nil }
          return (name, source)
        })
      for (section, kind) in [("secrets", "secret"), ("configs", "config")] {
        references(
          service, section, kind,
          (node[section]?.items ?? []).map { item in
            (item["source"]?.text ?? "", item["source"] ?? item)
          })
      }
      for dependency in node["depends_on"]?.entries ?? []
      where !names.contains(dependency.key)
        && dependency.value["required"]?.bool != false
      {
        loading.error(
          "compose/undefined-service", at: dependency,
          "services.\(service.key) depends on \"\(dependency.key)\", which is not defined or not enabled",
          hint: nearest(dependency.key, among: names.sorted()).map { "did you mean \"\($0)\"?" }
            ?? "enable its profile with --profile")
      }
      platforms(service)
    }
    cycles(services)
    for secret in entries("secrets") {
      content(secret, "secret", ["file", "environment", "external", "driver"])
    }
    for config in entries("configs") {
      content(config, "config", ["file", "environment", "external", "content"])
    }
  }

  private mutating func references(
    _ service: Entry, _ section: String, _ kind: String, _ used: [(name: String, node: Node)]
  ) {
    let defined = Set(entries(section).map(\.key))
    for (name, node) in used
    where !defined.contains(name) && !(section == "networks" && name == "default") {
      let near = nearest(name, among: defined.sorted())
      loading.error(
        "compose/undefined-\(kind)", at: node,
        "services.\(service.key) uses the \(kind) \"\(name)\", which the project does not define",
        hint: near.map { "did you mean \"\($0)\"?" }
          ?? "define it at the top level under `\(section)`")
    }
  }

  private mutating func content(_ object: Entry, _ kind: String, _ keys: [String]) {
    let hasContent = keys.contains { key in
      object.value[key].map { key != "external" || $0.bool != false } ?? false
    }
    if hasContent { return }
    loading.error(
      "compose/no-content", at: object,
      "the \(kind) \(object.key) says nowhere where its content comes from",
      hint: "give it `file`, `environment` or `external: true`")
  }

  private mutating func platforms(_ service: Entry) {
    guard let platform = service.value["platform"], let text = platform.text,
      let all = service.value["build"]?["platforms"]?.items, !all.isEmpty,
      !all.contains(where: { $0.text == text })
    else { return }
    loading.error(
      "compose/platform", at: platform,
      "services.\(service.key): `build.platforms` must include the service's `platform`")
  }

  /// Services that wait for each other.
  private mutating func cycles(_ services: [Entry]) {
    var needs: [String: [Entry]] = [:]
    for service in services { needs[service.key] = service.value["depends_on"]?.entries ?? [] }
    var done: Set<String> = []
    for service in services where !done.contains(service.key) {
      // Depth first, without recursion.
      var path: [(name: String, next: Int)] = [(service.key, 0)]
      var onPath: Set<String> = [service.key]
      while let (name, next) = path.last {
        let entries = needs[name] ?? []
        guard next < entries.count else {
          done.insert(name)
          onPath.remove(name)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let entry = entries[next]
        if onPath.contains(entry.key) {
          loading.error(
            "compose/dependency-cycle", at: entry,
            "services.\(name) depends on \"\(entry.key)\", which depends on it")
        } else if !done.contains(entry.key) {
          path.append((entry.key, 0))
          onPath.insert(entry.key)
        }
      }
    }
  }
}
