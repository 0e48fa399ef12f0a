import Kubernetes
package import Swarm
import YAML

/// The image of a service, and what is known of it before the move.
package struct ImageState: Sendable, Equatable {
  /// What holds the image to one set of bytes.
  package enum Pin: String, Sendable {
    case digest, version
    /// `latest`, or no tag.
    case moving
    /// Docker refuses the reference.
    case refused
  }

  /// Where the service's health check comes from.
  package enum Check: String, Sendable {
    case stack, image, none, unknown
  }

  package let stack: String
  /// As the stack names it.
  let shortName: String
  /// With the stack's name where there are several.
  package let service: String
  package let image: String
  package let pin: Pin
  /// The file that the image is known from; nil where there is none.
  package let evidence: String?
  package let isArchive: Bool
  /// Why that file was not read.
  package let problem: String?
  /// Whom the process runs as; nil where nobody knows.
  package let user: String?
  /// The ports that the image declares.
  package let ports: [String]
  package let check: Check
  package let audit: ImageFacts.Audit?
  /// The stack says how to build it.
  package let isBuilt: Bool
  /// Its name leads to no registry, or to one on the Swarm's own nodes.
  package let hasNoRegistry: Bool
  package let isOnNode: Bool
  /// The name without registry: `shop/api:4`.
  package let path: String

  /// The audit found something to mend.
  var isFlawed: Bool { audit.map { $0.errors + $0.warnings > 0 } ?? false }

  /// Nil for a service without an image.
  init?(_ service: Swarm.Service, _ who: String) {
    guard let text = service.image?.text, !text.allSatisfy(\.isWhitespace) else { return nil }
    stack = service.stack
    shortName = service.name
    self.service = who
    image = text
    let reference = try? ImageReference(text)
    pin =
      switch reference {
      case nil: .refused
      case let reference? where reference.digest != nil: .digest
      case let reference?: reference.isLatest ? .moving : .version
      }
    let facts = service.imageFacts
    evidence = facts?.path
    isArchive = facts?.source == .archive
    problem = facts?.problem
    audit = facts?.audit
    isBuilt = service.node["build"] != nil
    isOnNode = reference?.isOnNode ?? false
    hasNoRegistry = reference?.registry == nil || isOnNode
    path = reference?.registry.map { String(text.dropFirst($0.count + 1)) } ?? text
    user = Self.user(service)
    var ports = (facts?.ports ?? []).compactMap {
      KnownPort($0.value.number, $0.value.transport)?.description
    }
    if facts == nil { ports = WellKnownPorts.row(ofImage: text)?.ports.map(\.description) ?? [] }
    self.ports = ports
    check =
      switch service.healthcheck?.test {
      case .exec?, .shell?: service.healthcheck?.isTestOfImage == true ? .image : .stack
      case .disabled?, .unknown?: .none
      case .image?: .unknown
      case nil: facts?.isComplete == true ? .none : .unknown
      }
  }

  private static func user(_ service: Swarm.Service) -> String? {
    if let text = service["user"]?.text, !text.isEmpty { return text }
    if service.rootByImage != nil { return "root" }
    guard let facts = service.imageFacts, facts.problem == nil else {
      return service.image?.text.flatMap { Hardening.isKnownAsRoot($0) ? "root" : nil }
    }
    guard let declared = facts.user else { return nil }
    if case .id(let id)? = facts.identity?.user {
      let written = declared.value.prefix { $0 != ":" }
      return Int(written) == nil ? "\(declared.value) (\(id))" : declared.value
    }
    return "\(declared.value), by name"
  }
}

extension ImageReference {
  /// Whether the registry is one that every node of the Swarm reaches on itself.
  package var isOnNode: Bool {
    guard let registry else { return false }
    let host = registry.prefix { $0 != ":" }
    return host == "localhost" || host.hasPrefix("127.") || registry.hasPrefix("[::1]")
  }
}

/// What is to be done to the images before anything moves: the runbook's first wave.
struct ImageWave {
  let services: [String]
  let step: Runbook.Step

  static let title = "Wave 0: images"

  /// Nil where there is nothing to do.
  ///
  /// - Parameter files: The stack files as the user named them, with their stacks' names.
  init?(_ images: [ImageState], files: [(stack: String, file: String)]) {
    let images = images.filter { $0.pin != .refused }
    var services: [String] = []
    var commands: [String] = []
    var parts = ["Weeks ahead: images are what takes longest to mend, and Swarm profits as well."]
    var seen = Set<String>()
    func add(_ states: [ImageState], _ text: String, _ more: [String]) {
      guard !states.isEmpty else { return }
      for state in states where seen.insert(" \(state.service)").inserted {
        services.append(state.service)
      }
      parts.append(text)
      for command in more where seen.insert(command).inserted { commands.append(command) }
    }
    func names(_ states: [ImageState]) -> String {
      let list = states.prefix(8).map(\.service).joined(separator: ", ")
      return states.count > 8 ? "\(list) and \(states.count - 8) more" : list
    }
    let stacks = Set(files.map(\.stack))
    let flags = files.map {
      stacks.count == 1
        ? "-c \(Self.quoted($0.file))" : "--stack \(Self.quoted("\($0.stack)=\($0.file)"))"
    }
    let audit = (["stackferry audit"] + flags).joined(separator: " ")

    let flawed = images.filter(\.isFlawed)
    add(
      flawed, "Mend the Dockerfiles of \(names(flawed)); --fix does what is safe.",
      [audit, "\(audit) --diff"])
    let moving = images.filter { $0.pin == .moving && !$0.isBuilt && !$0.isOnNode }
    add(
      moving, "Pin \(names(moving)): write the digest that is printed behind the name.",
      moving.map { "docker buildx imagetools inspect \(Self.quoted($0.image))" })
    let build = images.filter { $0.isBuilt && ($0.hasNoRegistry || $0.isFlawed) }
    let toBuild = build.map(\.shortName)
    add(
      build, "Build \(names(build)) anew.",
      stacks.sorted().compactMap { stack in
        let own = files.filter { $0.stack == stack }.map { "-f \(Self.quoted($0.file))" }
        let services = zip(build, toBuild).filter { $0.0.stack == stack }.map(\.1)
        return services.isEmpty
          ? nil : (["docker compose"] + own + ["build"] + services).joined(separator: " ")
      })
    let push = images.filter { $0.hasNoRegistry && ($0.isBuilt || $0.isOnNode) }
    add(
      push,
      "The names of \(names(push)) hold no registry, which means Docker Hub, or one of the Swarm's nodes. Unless the cluster finds "
        + "them there, push them to a registry of its own, named in REGISTRY, and write the new names into the stack.",
      push.flatMap { state in
        let target = "\"${REGISTRY:?}\"/\(Self.quoted(state.path))"
        return (state.isBuilt ? [] : ["docker pull \(Self.quoted(state.image))"]) + [
          "docker tag \(Self.quoted(state.image)) \(target)", "docker push \(target)",
        ]
      })
    let mended = build.filter { !$0.hasNoRegistry }
    add(
      mended, "Push \(names(mended)) under a new tag, and deploy it to the Swarm first.",
      mended.map { "docker push \(Self.quoted($0.image))" })
    guard !services.isEmpty else { return nil }
    self.services = services
    step = Runbook.Step(
      title: Self.title, text: parts.joined(separator: " "), commands: commands, checks: [])
  }

  /// A word as a shell takes it.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x3A, 0x40, 0x5F, 0x2B, 0x3D:
        true
      default: false
      }
    }
    return isPlain && !text.isEmpty ? text : "'\(text.replacing("'", with: "'\\''"))'"
  }
}
