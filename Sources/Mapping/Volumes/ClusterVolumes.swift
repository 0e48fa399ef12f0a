import Kubernetes
import Ledger
package import Swarm
import YAML

/// Swarm's own CSI volumes: `x-cluster-spec`.
///
/// What belongs to the volume goes into the claim; what the driver is told when it makes the volume goes into a storage
/// class, which is the cluster administrator's.
package enum ClusterVolumes {
  package static func settle(
    _ volume: Swarm.Volume, _ claim: VolumeClaim, _ users: [String], _ context: inout StackContext
  ) {
    guard let spec = volume.clusterSpec else { return }
    let storageClass = claim.storageClass ?? "csi"
    context.settle(
      volume.node["driver"], .driver(volume.driver.value, storageClass),
      as: "spec.storageClassName")
    for entry in volume.node["driver_opts"]?.entries ?? [] {
      context.settle(entry.value, .parameter("driver_opts.\(entry.key)", storageClass))
    }
    for entry in spec.entries ?? [] {
      switch entry.key {
      case "access_mode":
        let mode = entry.value
        context.settle(mode["block_volume"], .block)
        context.settle(
          mode["mount_volume"]?["fs_type"], .parameter("fs_type", storageClass))
        context.settle(
          mode["mount_volume"]?["mount_flags"], .parameter("mount_flags", storageClass))
        context.keep(mode, as: "spec.accessModes")
      case "capacity_range":
        context.keep(entry.value["required_bytes"], as: "spec.resources.requests.storage")
        context.keep(entry.value["limit_bytes"], as: "spec.resources.limits.storage")
        context.keep(entry.value, as: "spec.resources")
      case "accessibility_requirements":
        context.settle(entry.value, .topology(storageClass))
      case "secrets": context.settle(entry.value, .secrets(storageClass))
      case "availability":
        if entry.value.text == "active" {
          context.keep(entry.value, as: "PersistentVolumeClaim")
        } else {
          context.settle(entry.value, .availability(entry.value.text ?? "", users))
        }
      default: context.keep(entry.value, as: "PersistentVolumeClaim")
      }
    }
    context.settle(
      volume.node, .existingVolume(volume.name), as: "PersistentVolumeClaim")
  }
}

extension Finding.Message {
  fileprivate static func driver(_ driver: String, _ storageClass: String) -> Self {
    Self(
      Volumes.Kind.csiDriver,
      "The CSI driver behind the Docker plugin `\(driver)` must be installed in the cluster, with a storage class "
        + "`\(storageClass)` that names it as its provisioner; `--storage-class` chooses another.",
      remedy: .look("kubectl get csidriver,storageclass"))
  }

  fileprivate static func parameter(_ key: String, _ storageClass: String) -> Self {
    Self(
      Volumes.Kind.csiParameter,
      "`\(key)` is told to the driver by the storage class `\(storageClass)`: `mount_flags` under `mountOptions`, `fs_type` as "
        + "`csi.storage.k8s.io/fstype` and other options under `parameters`.",
      remedy: .look("kubectl get storageclass \(storageClass) -o yaml"))
  }

  fileprivate static func topology(_ storageClass: String) -> Self {
    Self(
      Volumes.Kind.csiTopology,
      "Where the volume may be made is said by the storage class `\(storageClass)`, under `allowedTopologies`, with the labels "
        + "that the driver puts on nodes. With `volumeBindingMode: WaitForFirstConsumer` it follows the pod.",
      remedy: .look("kubectl get csinodes -o yaml"))
  }

  fileprivate static func secrets(_ storageClass: String) -> Self {
    Self(
      Volumes.Kind.csiSecrets,
      "The secrets that the driver needs are named by the storage class `\(storageClass)`, under `parameters` as "
        + "`csi.storage.k8s.io/provisioner-secret-name` and `-namespace`, and so on for the other stages.",
      remedy: .look("kubectl get storageclass \(storageClass) -o yaml"))
  }

  fileprivate static var block: Self {
    Self(
      Volumes.Kind.csiBlock,
      "Swarm gives containers no raw block volumes, so no service ever had this one as a device; the claim is a file system."
    )
  }

  fileprivate static func availability(_ value: String, _ users: [String]) -> Self {
    Self(
      Volumes.Kind.csiAvailability,
      "With `availability: \(value)` Swarm starts no new task with the volume. A claim has no such switch: the pods start. Keep "
        + "them away by scaling to 0.",
      remedy: users.isEmpty
        ? nil : .command("kubectl scale deployment \(words: users) --replicas=0"))
  }

  fileprivate static func existingVolume(_ name: String) -> Self {
    Self(
      Volumes.Kind.csiExisting,
      "The claim makes the storage class provide a new, empty volume. To take over the volume `\(name)` with its data, make a "
        + "PersistentVolume with its id as the volumeHandle, and put its name under `volumeName` of the claim.",
      remedy: .look(
        "docker volume inspect --format '{{.ClusterVolume.Info.VolumeID}}' \(name)"))
  }
}
