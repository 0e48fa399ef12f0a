import Diagnostics
import YAML

extension DeployCheck {
  /// Source: docker/cli `cli/compose/convert/volume.go`, swarmkit `manager/controlapi/service.go`.
  mutating func mounts(_ service: Entry) {
    var targets: [String: Node] = [:]
    for mount in service.value["volumes"]?.items ?? [] {
      let place = "services.\(service.key).volumes"
      let type = mount["type"]?.text ?? "volume"
      let options: [String]
      switch type {
      case "volume", "bind", "tmpfs": options = [type]
      case "npipe": options = ["bind"]
      case "cluster": options = []
      default:
        refuse(
          "mount-type", at: mount["type"] ?? mount, "\(place): the type \"\(type)\" is unknown",
          hint: "write volume, bind, tmpfs, npipe or cluster")
        continue
      }
      for key in ["bind", "volume", "tmpfs"] where !options.contains(key) {
        guard let entry = mount.entry(key) else { continue }
        refuse(
          "mount-options", at: entry,
          "\(place): `\(key)` options do not go with the type \(type)",
          hint: "remove them, or change the type")
      }
      if type == "tmpfs", let source = mount.entry("source") {
        refuse(
          "tmpfs-source", at: source, "\(place): a tmpfs mount has no source", hint: "remove it")
      }
      if type == "npipe" || type == "cluster", mount["source"] == nil {
        refuse("mount-source", at: mount, "\(place): a mount of type \(type) must have a source")
      }
      guard let target = mount["target"], let path = target.text else {
        refuse(
          "mount-target", at: mount, "\(place): the mount has no target",
          hint: "add `target`, the path inside the container")
        continue
      }
      guard let earlier = targets.updateValue(target, forKey: path) else { continue }
      refuse(
        "mount-twice", at: target, "\(place): two mounts have the target \"\(path)\"",
        hint: "remove one of them")
      problems[problems.count - 1].notes = [.init("the first one", at: earlier.mark)]
    }
  }

  /// Source: docker/cli `opts.ParseCPUs`, swarmkit `manager/controlapi/service.go`, `validateResources`.
  mutating func resources(_ service: Entry) {
    for kind in ["limits", "reservations"] {
      guard let amounts = service.value["deploy"]?["resources"]?[kind] else { continue }
      let place = "services.\(service.key).deploy.resources.\(kind)"
      if let cpus = amounts["cpus"], let text = cpus.text {
        if let nano = ResourceAmounts.nanoCPUs(text) {
          if nano != 0, nano < 1_000_000 {
            refuse(
              "cpus", at: cpus,
              "\(place).cpus: \(quoted(cpus)) is less than the engine's minimum, 0.001")
          }
        } else {
          refuse(
            "cpus", at: cpus, "\(place).cpus: \(quoted(cpus)) is no number of processors",
            hint: "write a number with at most nine decimals: \"0.5\"")
        }
      }
      if let memory = amounts["memory"], let bytes = memory.text.flatMap(Int.init), bytes != 0,
        bytes < 4 << 20
      {
        refuse(
          "memory", at: memory,
          "\(place).memory is \(bytes) bytes, less than the engine's minimum of 4 MiB",
          hint: "write a unit: \(bytes)M")
      }
    }
  }
}
