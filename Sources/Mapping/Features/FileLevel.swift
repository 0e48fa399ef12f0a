import Kubernetes
package import Ledger
package import Swarm
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

  package static func map(
    _ stack: Swarm.Stack, into objects: inout ObjectSet, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    if let node = stack.root["version"], node.id != .none {
      ledger.settle(node, .inert, .version)
    }
    for entry in stack.root.entries ?? [] {
      if entry.key == "x-stackferry" {
        ledger.settle(entry.value, .inert, .ownSettings)
      } else if isExtension(entry.key) {
        ledger.settle(entry.value, .inert, .extensionField)
      }
      switch entry.key {
      case "networks", "volumes", "secrets", "configs":
        for object in entry.value.entries ?? [] { settleExtensions(of: object.value, &ledger) }
      case "services":
        if let services = entry.value.entries, services.isEmpty {
          ledger.keep(entry.value, as: "no services")
        }
      default: break
      }
    }
  }

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    settleExtensions(of: service.node, &ledger)
  }

  private static func settleExtensions(of node: Node, _ ledger: inout Ledger) {
    for entry in node.entries ?? [] where isExtension(entry.key) {
      ledger.settle(entry.value, .inert, .extensionField)
    }
  }

  private static func isExtension(_ key: String) -> Bool {
    key.hasPrefix("x-") && key != "x-cluster-spec"
  }
}

extension Finding.Message {
  fileprivate static var version: Self {
    Self(
      "file-level/version", "`version` chooses Docker's schema and changes nothing in what runs.")
  }

  fileprivate static var ownSettings: Self {
    Self(
      "file-level/own-settings",
      "`x-stackferry` is for stackferry alone: findings that are accepted, with the reasons.")
  }

  fileprivate static var extensionField: Self {
    Self(
      "file-level/extension",
      "Docker reads nothing from `x-` fields, and nothing is written for them.")
  }
}
