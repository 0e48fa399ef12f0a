import Kubernetes
package import Ledger
import Swarm
import YAML

/// What a stack file has beside its objects: the version, and extension fields.
package enum FileLevel: Feature {
  package static let name = "file-level"
  package static let title = "Version and extension fields"
  package static let about = """
    **version** chooses the schema that a file is checked by. It has no effect on what runs; Kubernetes objects carry an
    `apiVersion` of their own.

    **x-…** fields are for other tools and for YAML anchors (`x-defaults: &defaults`). Docker reads nothing from them; what is
    merged from an anchor counts where it is merged. The one that Docker does read, `x-cluster-spec` of volumes, belongs to
    the volumes.
    """
  package static let owns: [KeyPattern] = [
    "version", "services", "x-*.**", "services.*.x-*.**", "networks.*.x-*.**", "volumes.*.x-*.**",
    "secrets.*.x-*.**", "configs.*.x-*.**",
  ]
  package static let examples: [Example] = [
    Example(
      "An anchor for several services",
      stack: """
        version: "3.13"
        x-defaults: &defaults
          image: nginx:1.27
        services:
          web:
            <<: *defaults
        """,
      kubernetes: """
        image: nginx:1.27
        """,
      findings: ["file-level/version", "file-level/extension"])
  ]

  enum Kind {
    static let version: FindingKind = .inert("file-level/version")
    static let ownSettings: FindingKind = .inert("file-level/own-settings")
    static let extensionField: FindingKind = .inert("file-level/extension")
  }

  package static let kinds: [FindingKind] = [Kind.version, Kind.ownSettings, Kind.extensionField]

  package static func map(_ context: inout StackContext) {
    let stack = context.stack
    if let node = stack.root["version"], node.id != .none {
      context.settle(node, .version)
    }
    for entry in stack.root.entries ?? [] {
      if entry.key == "x-stackferry" {
        context.settle(entry.value, .ownSettings)
      } else if isExtension(entry.key) {
        context.settle(entry.value, .extensionField)
      }
      switch entry.key {
      case "networks", "volumes", "secrets", "configs":
        for object in entry.value.entries ?? [] {
          for value in extensions(of: object.value) { context.settle(value, .extensionField) }
        }
      case "services":
        if let services = entry.value.entries, services.isEmpty {
          context.keep(entry.value, as: "no services")
        }
      default: break
      }
    }
  }

  package static func map(_ context: inout ServiceContext) {
    for value in extensions(of: context.service.node) {
      context.settle(value, .extensionField)
    }
  }

  private static func extensions(of node: Node) -> [Node] {
    (node.entries ?? []).filter { isExtension($0.key) }.map(\.value)
  }

  private static func isExtension(_ key: String) -> Bool {
    key.hasPrefix("x-") && key != "x-cluster-spec"
  }
}

private typealias Kind = FileLevel.Kind

extension Finding.Message {
  fileprivate static var version: Self {
    Self(
      Kind.version, "`version` chooses Docker's schema and changes nothing in what runs.")
  }

  fileprivate static var ownSettings: Self {
    Self(
      Kind.ownSettings,
      "`x-stackferry` is for stackferry alone: findings that are accepted, with the reasons.")
  }

  fileprivate static var extensionField: Self {
    Self(
      Kind.extensionField,
      "Docker reads nothing from `x-` fields, and nothing is written for them.")
  }
}
