import Kubernetes
import Ledger
import Swarm
import YAML

/// The words of named volumes.
extension Finding.Message {
  static func undefinedVolume(_ name: String) -> Self {
    Self(
      Volumes.Kind.undefined,
      name.hasPrefix("group:")
        ? "The stack makes no volume of the group `\(name.dropFirst(6))`: Swarm takes any that was made outside of it, and which one "
          + "that is cannot be told here. Nothing is mounted."
        : "The stack defines no volume `\(name)`, so nothing is mounted.",
      remedies: [
        .look("docker volume ls --cluster"),
        .sentence("Name one of them under `volumes` with `external: true`, and mount that."),
      ])
  }

  static func nodeFolder(_ name: String, _ path: String) -> Self {
    Self(
      Volumes.Kind.nodeFolder,
      "A global service mounts the volume `\(name)`, so each node has its own data under that name. It becomes the folder "
        + "`\(path)` of each node, for every service that mounts it.",
      remedy: .sentence(
        "To share one claim between all nodes instead, give the volume an NFS export in its `driver_opts`."
      ))
  }

  static func nodePath(_ path: String) -> Self {
    Self(
      Volumes.Kind.nodePath,
      "The volume is the path `\(path)` of the node that the task runs on. It stays so (`hostPath`): the path must exist on "
        + "every node that may run the pod.",
      remedy: .sentence(
        "To keep the data in the cluster's storage, drop `driver_opts` from the volume and copy the data."
      ))
  }

  static func memoryVolume(_ size: Quantity?) -> Self {
    Self(
      Volumes.Kind.memory,
      "The volume is a tmpfs: it becomes an emptyDir in memory"
        + (size.map { " of at most \($0)" } ?? "")
        + ", one for each pod. In Swarm all tasks on a node shared it, and it lasted as long as one of them ran."
    )
  }

  static func externalVolume(
    _ name: String, _ claim: PersistentVolumeClaim, _ copy: [Command]
  ) -> Self {
    Self(
      Volumes.Kind.external,
      "The volume `\(name)` is made outside the stack, so no claim is written for it. The pods that use it wait until the "
        + "claim `\(claim.metadata.name)` exists. Make it, and copy the data on the Swarm node that has it.",
      remedies: [.command(.making(claim)), .commands(copy)])
  }

  static func deviceVolume(_ type: String, _ device: String) -> Self {
    Self(
      Volumes.Kind.device,
      "The volume mounts the `\(type)` file system on `\(device)` of the node. A pod has no such mount: the claim asks the "
        + "cluster for new, empty storage.",
      remedies: [
        .look("kubectl get storageclass"),
        .sentence("Or make a PersistentVolume of type `local` on the node that has the device."),
      ])
  }

  static func incompleteVolume(_ type: String, _ missing: String) -> Self {
    Self(
      Volumes.Kind.incompleteOptions,
      "The options of the \(type) mount have no usable `\(missing)`, so where the data lies is not known: the claim asks the "
        + "cluster for new, empty storage.",
      remedy: .sentence(
        "Write the server as `o: addr=HOST` and the path as `device: \":/PATH\"` in the stack."))
  }

  static func localOption(_ name: String) -> Self {
    Self(
      Volumes.Kind.localOptions,
      "The option `\(name)` of the local driver says how a Docker node mounts the volume's folder; a claim has no place for it."
    )
  }

  static func volumePlugin(
    _ driver: String, _ row: VolumePlugins.Row?, _ storageClass: String
  ) -> Self {
    guard let row else {
      return Self(
        Volumes.Kind.plugin,
        "The volume plugin `\(driver)` does not run in Kubernetes. The claim asks for the storage class `\(storageClass)`; "
          + "make one of that name with a CSI driver for the same storage, or choose one with `--storage-class`.",
        remedy: .look("kubectl get storageclass"))
    }
    guard !row.driver.isEmpty else {
      return Self(
        Volumes.Kind.plugin,
        "The volume plugin `\(driver)` does not run in Kubernetes. What takes its place is \(row.project) (\(row.source)); "
          + "the claim asks for the storage class `\(storageClass)`, or the one that `--storage-class` names.",
        remedy: .look("kubectl get storageclass"))
    }
    return Self(
      Volumes.Kind.plugin,
      "The volume plugin `\(driver)` does not run in Kubernetes. Install \(row.project) (\(row.source)); the claim asks for "
        + "the storage class `\(storageClass)`. New volumes are empty: data that the plugin holds is copied, or its volume "
        + "is bound by hand.",
      remedy: .command(.makingStorageClass(storageClass, of: row.driver)))
  }

  static func pluginOption(_ option: String) -> Self {
    Self(
      Volumes.Kind.pluginOption,
      "The plugin's option `\(option)` has no place in a claim; what it says belongs under `parameters` of the storage class, "
        + "in the words of its CSI driver.")
  }

  static func sharedClaim(_ key: String, _ users: [String]) -> Self {
    Self(
      Volumes.Kind.shared,
      "Several pods mount the volume `\(key)` (\(users.joined(separator: ", "))), so its claim is ReadWriteMany. In Swarm "
        + "tasks on different nodes had different data under this name. Block storage is ReadWriteOnce only: with it the "
        + "claim stays pending.",
      remedies: [
        .look("kubectl get storageclass"),
        .option(
          .storageClass, value: "CLASS",
          effect: "chooses one that has ReadWriteMany, such as NFS or CephFS"),
      ])
  }

  static func perPod(_ key: String, _ name: ObjectName) -> Self {
    Self(
      Volumes.Kind.perPod,
      "Each pod of `\(name)` gets a claim of its own for the volume `\(key)`. In Swarm each node has its own data, which all "
        + "tasks on that node share and a task that moves to another node does not see.",
      remedy: .sentence(
        "To share one claim between all pods, give the volume an NFS export in its `driver_opts`."))
  }

  /// `create` makes the Secret of the login where no manifest does.
  static func smb(_ create: Command?) -> Self {
    Self(
      Volumes.Kind.smb,
      "The share is mounted by the SMB CSI driver `smb.csi.k8s.io` (github.com/kubernetes-csi/csi-driver-smb), which the "
        + "cluster must have"
        + (create == nil ? "." : ", with the login in a Secret that is to be made by hand."),
      remedies: (create.map { [Remedy.command($0)] } ?? []) + [
        .look("kubectl get csidriver smb.csi.k8s.io")
      ])
  }

  static func startsEmpty(
    _ key: String, _ mount: Mount, _ service: Swarm.Service
  ) -> Self {
    let image = service.node["image"]?.text ?? "IMAGE"
    return Self(
      Volumes.Kind.startsEmpty,
      "A claim starts empty. Swarm fills the new volume `\(key)` with what the image has at `\(mount.target)`; where the "
        + "program needs that and no data is copied, an init container does it."
        + (VolumeOwners.isUnknown(service)
          ? " The claim also belongs to root: if the image runs as another user, write its number as `user` into the stack, and "
            + "the pod's group may write." : ""),
      remedy: .fragment(filling(ObjectName.folding(key), image, mount.target), note: ""))
  }

  /// An init container that copies what an image has at a path into an empty volume.
  private static func filling(_ volume: ObjectName, _ image: String, _ path: String) -> String {
    var container = Container(name: ObjectName.folding("fill-\(volume)"), image: image)
    container.command = [
      "sh", "-c", #"test -n "$(ls -A /fill)" || cp -a "$1"/. /fill/"#, "sh", path,
    ]
    container.volumeMounts = [VolumeMount(name: volume, mountPath: "/fill")]
    var writer = Writer()
    writer.list("initContainers", [container])
    return String(decoding: writer.bytes.dropLast(), as: UTF8.self)
  }

  static func copyOnNodes(_ name: String, _ path: String) -> Self {
    Self(
      Volumes.Kind.copyData,
      "The data of the volume `\(name)` lies on the Swarm's nodes and is not moved by manifests. Where a machine moves to the "
        + "new cluster, copy it there, on each.",
      remedy: .command(
        "sudo mkdir -p \(path) && sudo cp -a \("/var/lib/docker/volumes/\(name)/_data/.") \(path)/")
    )
  }

  static func volumeGroup(_ source: String, _ key: String) -> Self {
    Self(
      Volumes.Kind.group,
      "Swarm takes any free volume of `\(source)`; the pods always get `\(key)`, the first of the group in the stack."
    )
  }

  static func badSize(_ text: String) -> Self {
    Self(
      Volumes.Kind.badSize,
      "`\(text)` is no size that Kubernetes reads, so the claim asks for what `--volume-size` says.",
      remedy: .edit("\(VolumeClaim.sizeLabel): 10Gi", note: "in the volume's labels"))
  }

  static func badClass(_ text: String) -> Self {
    Self(
      Volumes.Kind.badClass,
      "`\(text)` is no name that a storage class can have, so the claim does not ask for it.",
      remedy: .look("kubectl get storageclass"))
  }

  static func templatedOption(_ key: String, _ text: String) -> Self {
    Self(
      Volumes.Kind.templatedOption,
      "Swarm expands `\(text)` for each task; storage in Kubernetes is described once, for all of them, so the option `\(key)` "
        + "is taken as it stands and will not be found.",
      remedy: .sentence("Write one volume for each value into the stack, without a template."))
  }

  static func folderOfVolume(_ path: String) -> Self {
    Self(
      Volumes.Kind.templatedPath,
      "The template in the volume's `device` is the folder `\(path)` below the storage that is mounted. Where it is missing it is "
        + "made, empty, where Swarm would not start the task.")
  }

  static func unknownFolder(_ rest: String) -> Self {
    Self(
      Volumes.Kind.templatedPath,
      "The folder `\(rest)` of the volume differs from task to task in a way that a pod does not know, so nothing is mounted.",
      remedy: .sentence(
        "Use `{{.Node.Hostname}}`, or `{{.Task.Slot}}` in a replicated service, or no template."))
  }

  static var volumeDockerLabel: Self {
    Self(
      Volumes.Kind.dockerLabel, "This label is the engine's own and means nothing outside of it.")
  }

  static func volumeIllegalLabel(_ label: String) -> Self {
    Self(
      Volumes.Kind.illegalLabel,
      "Kubernetes allows no annotation named `\(label)`; the label is dropped, and whatever selects the volume by it finds "
        + "nothing.")
  }
}

extension Command {
  /// Makes a storage class that claims ask for.
  fileprivate static func makingStorageClass(_ name: String, of driver: String) -> Command {
    var writer = Writer()
    writer.field("apiVersion", "storage.k8s.io/v1")
    writer.field("kind", "StorageClass")
    writer.field("metadata") { $0.field("name", name) }
    writer.field("provisioner", driver)
    let manifest = String(decoding: writer.bytes, as: UTF8.self)
    let command: Command = "kubectl apply -f - \(document: manifest)"
    return command.meaning(.create(kind: "StorageClass", name: name, namespace: ""))
  }
}
