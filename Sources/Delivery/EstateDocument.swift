import Kubernetes
import Migration
import YAML

/// The estate and the runbook as JSON.
struct EstateDocument {
  private let estate: Estate

  init(_ estate: Estate) {
    self.estate = estate
  }

  var json: JSON {
    .object { object in
      object.set("names", .array(estate.names.map(name)))
      object.set("networks", .array(estate.networks.map(network)))
      object.set("reachability", .array(estate.reachability.map(reach)))
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

  private func network(_ row: Estate.NetworkRow) -> JSON {
    .object { object in
      object.set("name", row.name)
      object.set("internal", row.isInternal)
      object.set("services", .strings(row.members.map { estate.reachability[$0].service }))
    }
  }

  private func reach(_ row: Estate.ReachRow) -> JSON {
    .object { object in
      object.set("service", row.service)
      object.set("networks", .strings(row.networks))
      object.set("reaches", .strings(row.reaches.map { estate.reachability[$0].service }))
      object.set("published", row.isPublished)
    }
  }

  private func label(_ row: Estate.NodeLabel) -> JSON {
    .object { object in
      object.set("label", row.label)
      object.set("services", .strings(row.services))
      object.set("command", row.command)
    }
  }

  private func missing(_ row: Estate.MissingObject) -> JSON {
    .object { object in
      object.set("kind", row.kind)
      object.set("name", row.name)
      object.set("namespace", row.namespace)
      object.set("services", .strings(row.services))
      object.set("command", row.command)
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
      object.set("copy", row.copy)
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
              object.set("commands", .strings(step.commands))
              object.set("checks", .strings(step.checks))
            }
          }))
    }
  }
}
