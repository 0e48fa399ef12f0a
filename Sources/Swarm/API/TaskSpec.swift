import YAML

extension Service {
  var apiResources: JSON {
    .object { object in
      if let limits = self["deploy", "resources", "limits"], limits.entries != nil {
        object.set(
          "Limits",
          .object {
            $0.set("NanoCPUs", resourceLimits.nanoCPUs)
            $0.set("MemoryBytes", resourceLimits.memory)
            $0.set("Pids", limits["pids"]?.int)
          })
      }
      if let reservations = self["deploy", "resources", "reservations"],
        reservations.entries != nil
      {
        object.set(
          "Reservations",
          .object {
            $0.set("NanoCPUs", resourceReservations.nanoCPUs)
            $0.set("MemoryBytes", resourceReservations.memory)
            if !genericResources.isEmpty {
              $0.set("GenericResources", .array(genericResources.map(\.apiObject)))
            }
          })
      }
    }
  }

  var apiPlacement: JSON {
    .object { object in
      let placement = self["deploy", "placement"]
      let constraints = (placement?["constraints"]?.items ?? []).compactMap(\.text)
      if !constraints.isEmpty { object.set("Constraints", .strings(constraints)) }
      let preferences = placement?["preferences"]?.items ?? []
      if !preferences.isEmpty {
        object.set(
          "Preferences",
          .array(
            preferences.map { preference in
              .object { outer in
                outer.set(
                  "Spread",
                  .object { $0.set("SpreadDescriptor", preference["spread"]?.text ?? "") })
              }
            }))
      }
      object.set("MaxReplicas", placement?["max_replicas_per_node"]?.int)
    }
  }
}

extension GenericResource {
  fileprivate var apiObject: JSON {
    .object { outer in
      outer.set(
        "DiscreteResourceSpec",
        .object {
          $0.set("Kind", kind)
          $0.set("Value", value)
        })
    }
  }
}

extension RestartPolicy {
  var apiObject: JSON {
    .object { object in
      object.set("Condition", condition.value.rawValue)
      object.set("Delay", delay.value.nanoseconds)
      object.set("MaxAttempts", maxAttempts.value ?? 0)
      object.set("Window", node?["window"]?.duration?.nanoseconds)
    }
  }
}

extension UpdatePolicy {
  var apiObject: JSON {
    .object { object in
      object.set("Parallelism", parallelism.value)
      if delay.value != .zero { object.set("Delay", delay.value.nanoseconds) }
      object.set("FailureAction", failureAction.value.rawValue)
      object.set("Monitor", monitor.value.nanoseconds)
      object.set("MaxFailureRatio", .number(maxFailureRatio.value))
      object.set("Order", order.value.rawValue)
    }
  }
}

extension Healthcheck {
  var apiObject: JSON {
    .object { object in
      if node["disable"]?.bool == true {
        object.set("Test", .strings(["NONE"]))
        return
      }
      let words = (node["test"]?.items ?? []).compactMap(\.text)
      if !words.isEmpty { object.set("Test", .strings(words)) }
      func written(_ setting: Setting<Duration>) -> Int? {
        setting.isDefault || setting.value == .zero ? nil : setting.value.nanoseconds
      }
      object.set("Interval", written(interval))
      object.set("Timeout", written(timeout))
      object.set("StartPeriod", written(startPeriod))
      object.set("StartInterval", written(startInterval))
      object.set("Retries", retries.isDefault ? nil : retries.value)
    }
  }
}
