import Kubernetes
import Ledger
import Mapping
import Report
import Swarm
import YAML

/// The estate and the runbook as JSON.
struct EstateDocument {
  private let estate: Estate
  private let reachability: Reachability

  init(_ estate: Estate, _ reachability: Reachability) {
    self.estate = estate
    self.reachability = reachability
  }

  /// Beyond this number of services rows do not list whom they reach: it would take the square of it.
  private static let maximumReachability = 400

  var json: JSON {
    .object { object in
      object.set("names", .array(estate.names.map(name)))
      object.set("networks", .array(reachability.networks.map(network)))
      object.set("reachability", .array(reachability.services.indices.map(reach)))
      object.set("nodeLabels", .array(estate.nodeLabels.map(label)))
      object.set("missingObjects", .array(estate.missing.map(missing)))
      object.set("volumes", .array(estate.volumes.map(volume)))
      object.set(
        "capacity",
        .object { capacity in
          capacity.set("nodes", estate.capacity.nodes)
          capacity.set("before", side(estate.capacity.before))
          capacity.set("after", side(estate.capacity.after))
        })
      object.set(
        "unpinnedImages",
        .array(
          estate.unpinned.map { row in
            .object { image in
              image.set("image", row.image)
              image.set("services", .strings(row.services))
            }
          }))
      object.set("images", .array(estate.images.map(image)))
      object.set(
        "infrastructure",
        .array(
          estate.infrastructure.map { finding in
            .object { row in
              row.set("stack", finding.subject.stack)
              row.set("service", finding.subject.service)
              row.set("text", finding.message.text)
            }
          }))
    }
  }

  private func name(_ row: Estate.NameRow) -> JSON {
    .object { object in
      object.set("stack", row.stack)
      object.set("service", row.service)
      object.set("swarm", row.swarm)
      object.set("kubernetes", row.kubernetes.isEmpty ? nil : row.kubernetes)
      object.set("namespace", row.namespace)
    }
  }

  private func network(_ row: Reachability.Network) -> JSON {
    .object { object in
      object.set("name", row.name)
      object.set("internal", row.isInternal)
      object.set("services", .strings(row.members.map(reachability.name)))
    }
  }

  private func reach(_ number: Int) -> JSON {
    let service = reachability.services[number]
    var reached: [JSON] = []
    if reachability.services.count <= Self.maximumReachability {
      for target in reachability.services.indices where target != number {
        guard let way = reachability.way(from: number, to: target) else { continue }
        reached.append(
          .object { object in
            object.set("service", reachability.name(target))
            switch way {
            case .networks(let networks):
              object.set("networks", .strings(networks.map { reachability.networks[$0].name }))
            case .node: object.set("onNode", true)
            case .published:
              object.set(
                "ports",
                .strings(reachability.services[target].ports.map(\.description)))
            }
          })
      }
    }
    return .object { object in
      object.set("service", reachability.name(number))
      object.set("networks", .strings(service.networks.map { reachability.networks[$0].name }))
      object.set("reaches", .array(reached))
      object.set("published", .strings(service.ports.map(\.description)))
      let outside =
        switch service.outside {
        case .everything: "everything"
        case .names: "names"
        case .nothing: "nothing"
        }
      object.set("outside", outside)
    }
  }

  private func label(_ row: Estate.NodeLabel) -> JSON {
    .object { object in
      object.set("label", row.label)
      object.set("services", .strings(row.services))
      object.set("command", row.commands.shell)
    }
  }

  private func missing(_ row: Estate.MissingObject) -> JSON {
    .object { object in
      object.set("kind", row.kind)
      object.set("name", row.name)
      object.set("namespace", row.namespace)
      object.set("services", .strings(row.services))
      object.set("command", row.commands.shell)
    }
  }

  private func volume(_ row: Estate.VolumeRow) -> JSON {
    .object { object in
      object.set("claim", row.claim)
      object.set("namespace", row.namespace)
      object.set("size", row.size)
      object.set("storageClass", row.storageClass)
      object.set("accessModes", .strings(row.modes))
      object.set("services", .strings(row.services))
      object.set("copy", row.copy.isEmpty ? nil : row.copy.shell)
    }
  }

  private func image(_ row: ImageState) -> JSON {
    .object { object in
      object.set("stack", row.stack)
      object.set("service", row.service)
      object.set("image", row.image)
      object.set("pin", row.pin.rawValue)
      object.set("heldBy", row.pin.words)
      if let file = row.evidence {
        object.set(
          "evidence",
          .object { evidence in
            evidence.set("kind", row.isArchive ? "archive" : "dockerfile")
            evidence.set("file", file)
            evidence.set("problem", row.problem)
          })
      }
      object.set("user", row.user)
      object.set("ports", .strings(row.ports))
      object.set("healthcheck", row.check.rawValue)
      if let audit = row.audit {
        object.set(
          "audit",
          .object { counts in
            counts.set("errors", audit.errors)
            counts.set("warnings", audit.warnings)
            counts.set("notes", audit.notes)
          })
      }
    }
  }

  private func side(_ side: Estate.Capacity.Side) -> JSON {
    .object { object in
      object.set("pods", side.pods)
      object.set("cpuReserved", side.cpuRequest.description)
      object.set("memoryReserved", side.memoryRequest.readable)
      object.set("cpuLimit", side.cpuLimit.description)
      object.set("memoryLimit", side.memoryLimit.readable)
      object.set("podsWithoutReservation", side.podsWithoutRequest)
    }
  }

  static func runbook(_ runbook: Runbook) -> JSON {
    .object { object in
      object.set(
        "waves",
        .array(
          runbook.waves.map { wave in
            .object { object in
              object.set("title", wave.title)
              object.set("services", .strings(wave.services))
            }
          }))
      object.set(
        "steps",
        .array(
          runbook.steps.enumerated().map { number, step in
            .object { object in
              object.set("number", number + 1)
              object.set("title", step.title)
              object.set("text", step.text)
              object.set("commands", .strings(step.commands.map(\.annotated)))
              object.set("checks", .strings(step.checks.map(\.annotated)))
            }
          }))
    }
  }
}

extension Reachability {
  /// The service's name, with its stack where there are several.
  func name(_ number: Int) -> String {
    let service = services[number]
    let isAlone = services.first?.stack == services.last?.stack
    return isAlone ? service.name : "\(service.stack)_\(service.name)"
  }
}
