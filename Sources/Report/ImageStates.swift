import Kubernetes
import Ledger
import Mapping
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
  package let shortName: String
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
  package var isFlawed: Bool { audit.map { $0.errors + $0.warnings > 0 } ?? false }

  /// A service that has `build` and no image: Swarm refuses it, and nothing is written for it.
  package struct Nameless: Sendable {
    package let stack: String
    package let service: String
    /// With the stack's name where there are several.
    package let who: String

    package init?(_ service: Swarm.Service, _ who: String) {
      guard service.image?.text?.isEmpty ?? true, service.node["build"] != nil else { return nil }
      stack = service.stack
      self.service = service.name
      self.who = who
    }
  }

  /// Nil for a service without an image.
  package init?(_ service: Swarm.Service, _ who: String) {
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
      Listener($0.value.number, $0.value.transport)?.description
    }
    if facts == nil { ports = WellKnownPorts.row(ofImage: text)?.ports.map(\.description) ?? [] }
    self.ports =
      ports.count > 12 ? ports.prefix(12) + ["and \(ports.count - 12) more"] : ports
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
