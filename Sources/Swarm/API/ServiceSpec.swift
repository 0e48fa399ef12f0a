package import YAML

/// What the engine holds once `docker stack deploy` has run, in the Engine API's field names, as
/// `docker service inspect` shows `Spec`.
///
/// The client fills in some defaults and the engine the rest; here all of them are written out. Where the engine has an
/// identifier of its own making (networks, secrets, configs), the name stands instead. Sources: docker/cli
/// `cli/compose/convert`; moby `daemon/cluster/convert`; swarmkit `api/defaults`. `make test-swarm` compares it with a
/// running engine.
extension Stack {
  /// The specification of one service.
  package func specification(of service: Service) -> JSON {
    .object { spec in
      spec.set("Name", service.fullName)
      var labels = service.deploy?["labels"]
      if labels?.entries == nil { labels = nil }
      spec.set(
        "Labels", self.labels(labels, and: ["com.docker.stack.image": service.image?.text ?? ""]))
      spec.set("TaskTemplate", taskTemplate(of: service))
      spec.set("Mode", service.apiMode)
      spec.set("UpdateConfig", service.updatePolicy.apiObject)
      spec.set("RollbackConfig", (service.rollbackPolicy ?? UpdatePolicy(nil)).apiObject)
      spec.set("EndpointSpec", service.apiEndpointSpec)
    }
  }

  private func taskTemplate(of service: Service) -> JSON {
    .object { task in
      task.set("ContainerSpec", containerSpec(of: service))
      task.set("Resources", service.apiResources)
      task.set("RestartPolicy", service.restartPolicy.apiObject)
      task.set("Placement", service.apiPlacement)
      task.set("Networks", apiNetworks(of: service))
      if let logging = service.node["logging"], logging.entries != nil {
        task.set("LogDriver", Self.driver(logging["driver"]?.text, logging["options"]))
      }
      task.set("ForceUpdate", 0)
      task.set("Runtime", "container")
    }
  }

  /// The networks by name, in the order of their names; every service has its own short name as an alias.
  private func apiNetworks(of service: Service) -> JSON {
    let attachments = service.networkAttachments.map { attachment in
      let network = network(attachment.network)
      return (
        name: network?.name ?? "\(name)_\(attachment.network)",
        isPredefined: network?.isPredefined ?? false, attachment: attachment
      )
    }
    let ordered = attachments.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return .array(
      ordered.map { name, isPredefined, attachment in
        .object { object in
          object.set("Target", name)
          let aliases = attachment.aliases.compactMap(\.text) + (isPredefined ? [] : [service.name])
          if !aliases.isEmpty { object.set("Aliases", .strings(aliases)) }
          object.set("DriverOpts", Self.map(attachment.node?["driver_opts"]))
        }
      })
  }

  /// Labels as the client sends them: sorted, with the stack's own added.
  func labels(_ node: Node?, and more: [String: String] = [:]) -> JSON {
    var labels = more
    labels["com.docker.stack.namespace"] = name
    for entry in node?.entries ?? [] where labels[entry.key] == nil {
      labels[entry.key] = entry.value.text ?? ""
    }
    return .object { object in
      for key in labels.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        object.set(key, labels[key])
      }
    }
  }

  /// A mapping of texts, sorted; nil where it has none.
  static func map(_ node: Node?) -> JSON? {
    guard let entries = node?.entries, !entries.isEmpty else { return nil }
    let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return .object { object in
      for entry in sorted { object.set(entry.key, entry.value.text ?? "") }
    }
  }

  static func driver(_ name: String?, _ options: Node?) -> JSON {
    .object { driver in
      driver.set("Name", name)
      driver.set("Options", map(options))
    }
  }
}

extension Service {
  fileprivate var apiMode: JSON {
    .object { object in
      switch mode.value {
      case .replicated(let replicas):
        object.set("Replicated", .object { $0.set("Replicas", replicas) })
      case .global:
        object.set("Global", .object { _ in })
      case .replicatedJob(let replicas):
        object.set(
          "ReplicatedJob",
          .object {
            $0.set("MaxConcurrent", replicas)
            $0.set("TotalCompletions", replicas)
          })
      case .globalJob:
        object.set("GlobalJob", .object { _ in })
      }
    }
  }

  fileprivate var apiEndpointSpec: JSON {
    .object { object in
      object.set("Mode", endpointMode.value.rawValue)
      let ports = publishedPorts.enumerated().sorted {
        ($0.element.published ?? 0, $0.offset) < ($1.element.published ?? 0, $1.offset)
      }
      guard !ports.isEmpty else { return }
      object.set(
        "Ports",
        .array(
          ports.map { _, port in
            .object { object in
              object.set("Protocol", port.transport.rawValue)
              object.set("TargetPort", port.target)
              object.set("PublishedPort", port.published)
              object.set("PublishMode", port.mode.rawValue)
            }
          }))
    }
  }
}
