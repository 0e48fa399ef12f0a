package import Swarm
package import YAML

/// How a Traefik of the estate is set up, as far as its flags and variables say: what its routers' labels leave open.
///
/// Source: doc.traefik.io, "Static configuration: CLI" and "Docker Swarm provider"; for version 1 "Docker provider".
package struct TraefikSettings: Sendable {
  package struct EntryPoint: Sendable {
    package let name: String
    package var port: Int?
    /// The entry point to which every request is sent on: `websecure`.
    package var redirect: String?
    package var hasTLS = false
    package var resolver: String?
    /// Middlewares of every router there.
    package var middlewares: [String] = []
    package var isDefault = false
  }

  /// 1, 2 or 3, from the image's tag.
  package private(set) var version: Int?
  package private(set) var exposedByDefault = true
  /// The template of rules for services without one.
  package private(set) var defaultRule: String?
  /// Version 1: the domain of default rules.
  package private(set) var domain: String?
  /// Labels of Swarm services count; else those of containers.
  package private(set) var readsServices = false
  package private(set) var entryPoints: [EntryPoint] = []
  /// Expressions over labels that a service has to meet.
  package private(set) var constraints: String?
  /// Version 1 gets certificates for all hosts.
  package private(set) var getsCertificates = false
  /// The key of the service's command, for messages.
  package let key: KeyID

  /// nil where the service is no Traefik.
  package init?(_ service: Service) {
    guard let text = service.image?.text, let image = try? ImageReference(text),
      image.repository == "traefik" || image.repository.hasSuffix("/traefik")
    else { return nil }
    key = service.image?.id ?? service.key
    let tag = image.tag.map { $0.hasPrefix("v") ? $0.dropFirst() : $0[...] }
    let digits = tag?.prefix { $0.isNumber } ?? ""
    version =
      digits.isEmpty
      ? (["maroilles", "camembert", "raclette", "roquefort"].contains(tag) ? 1 : nil) : Int(digits)
    var sawDocker = false
    var isSwarmMode = false
    for (name, value) in Self.flags(service) {
      let isTrue = value.isEmpty || CronLabels.bool(value) ?? true
      var parts = name.split(separator: ".").map(String.init)
      if parts.first == "docker" {
        version = version ?? 1
        parts.insert("providers", at: 0)
      }
      guard let head = parts.first else { continue }
      switch head {
      case "providers" where parts.count > 1 && (parts[1] == "docker" || parts[1] == "swarm"):
        if parts[1] == "swarm" { isSwarmMode = true } else { sawDocker = true }
        switch parts.count > 2 ? parts[2] : "" {
        case "exposedbydefault": exposedByDefault = isTrue
        case "defaultrule": defaultRule = value
        case "domain": domain = value
        case "swarmmode": isSwarmMode = isSwarmMode || isTrue
        case "constraints": constraints = value
        default: break
        }
      case "entrypoints":
        if parts.count > 2 {
          set(parts, value, isTrue)
        } else {
          addOld(value)
        }
      case "defaultentrypoints":
        for name in value.split(separator: ",") { change(String(name)) { $0.isDefault = true } }
      case "acme": getsCertificates = true
      default: break
      }
    }
    readsServices = isSwarmMode || !sawDocker
  }

  package func entryPoint(_ name: String) -> EntryPoint? {
    entryPoints.first { $0.name == name.lowercased() }
  }

  /// `entrypoints.NAME.address` and what else stands below a name.
  private mutating func set(_ parts: [String], _ value: String, _ isTrue: Bool) {
    change(parts[1]) { point in
      switch parts.dropFirst(2).joined(separator: ".") {
      case "address":
        point.port = value.split(separator: ":").last.flatMap { Int($0.prefix { $0 != "/" }) }
      case "http.redirections.entrypoint.to": point.redirect = value.lowercased()
      case "http.tls": point.hasTLS = isTrue
      case "http.tls.certresolver":
        point.hasTLS = true
        point.resolver = value
      case "http.middlewares":
        point.middlewares = value.split(separator: ",").map(\.trimmingBlanks)
      case "asdefault": point.isDefault = isTrue
      default: if parts.count > 3, parts[2] == "http", parts[3] == "tls" { point.hasTLS = true }
      }
    }
  }

  /// Version 1: `Name:https Address::443 TLS Redirect.EntryPoint:https`.
  private mutating func addOld(_ value: String) {
    let words = value.split(separator: " ")
    guard let name = words.first(where: { $0.lowercased().hasPrefix("name:") })?.dropFirst(5) else {
      return
    }
    change(String(name)) { point in
      for word in words {
        let lower = word.lowercased()
        if lower.hasPrefix("address:") {
          point.port = word.split(separator: ":").last.flatMap { Int($0) }
        } else if lower == "tls" || lower.hasPrefix("tls:") {
          point.hasTLS = true
        } else if lower.hasPrefix("redirect.entrypoint:") {
          point.redirect = String(lower.dropFirst("redirect.entrypoint:".count))
        }
      }
    }
  }

  private mutating func change(_ name: String, _ body: (inout EntryPoint) -> Void) {
    let name = name.trimmingBlanks.lowercased()
    if let place = entryPoints.firstIndex(where: { $0.name == name }) {
      body(&entryPoints[place])
    } else {
      var point = EntryPoint(name: name)
      body(&point)
      entryPoints.append(point)
    }
  }

  /// Flags by their names in small letters, and variables `TRAEFIK_A_B` as `a.b`.
  private static func flags(_ service: Service) -> [(name: String, value: String)] {
    var flags: [(name: String, value: String)] = []
    let words = ["entrypoint", "command"].flatMap { service[$0]?.items ?? [] }.compactMap(\.text)
    var index = 0
    while index < words.count {
      defer { index += 1 }
      let word = words[index]
      guard word.hasPrefix("-") else { continue }
      let body = word.drop { $0 == "-" }
      if let sign = body.firstIndex(of: "=") {
        flags.append(
          (body[..<sign].lowercased(), unquoted(body[body.index(after: sign)...])))
      } else if index + 1 < words.count, !words[index + 1].hasPrefix("-") {
        flags.append((body.lowercased(), words[index + 1]))
        index += 1
      } else {
        flags.append((body.lowercased(), ""))
      }
    }
    for entry in service["environment"]?.entries ?? [] where entry.key.hasPrefix("TRAEFIK_") {
      let name = entry.key.dropFirst("TRAEFIK_".count).lowercased()
      flags.append((String(name.map { $0 == "_" ? "." : $0 }), entry.value.text ?? ""))
    }
    return flags
  }

  /// `--entryPoints='Name:http …'` keeps its quotes where no shell has read it.
  private static func unquoted(_ text: Substring) -> String {
    for quote in ["'", "\""] where text.count > 1 && text.hasPrefix(quote) && text.hasSuffix(quote)
    {
      return String(text.dropFirst().dropLast())
    }
    return String(text)
  }
}
