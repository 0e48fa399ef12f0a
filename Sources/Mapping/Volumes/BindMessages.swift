import Kubernetes
import Ledger
import Swarm
import YAML

/// The words of bind mounts.
extension Finding.Message {
  static func dockerAPI(_ workload: borrowing Workload) -> Self {
    let (name, namespace) = (workload.name, workload.namespace)
    return Self(
      Volumes.Kind.dockerSocket,
      "The Docker socket is not mounted: Kubernetes nodes have no Docker API, so whatever this service reads or starts through "
        + "it is gone. A service that can use the Kubernetes API in its place needs a ServiceAccount that may do just that.",
      remedy: .commands([
        "kubectl -n \(namespace) create serviceaccount \(name)",
        """
        kubectl -n \(namespace) create rolebinding \(name) --clusterrole=view \
        --serviceaccount=\(namespace):\(name)
        """,
      ]))
  }

  static var bindWithoutSource: Self {
    Self(
      Volumes.Kind.noSource,
      "A bind mount without a source is refused by Docker; nothing is mounted.")
  }

  static func hostPath(_ path: String) -> Self {
    Self(
      Volumes.Kind.hostPath,
      "`\(path)` stays a path of the node (`hostPath`). It has to be there, with the same content, on every node that may run "
        + "the pod; where it is missing an empty folder is made, where Swarm would not start the task.",
      remedy: .sentence(
        "For data, declare a named volume in the stack in its place; for configuration, a config."))
  }

  static func besideStack(
    _ path: String, _ content: BoundContent?, isFolder: Bool
  ) -> Self {
    let why: String =
      if isFolder {
        "It is the stack's own folder, which is not carried in manifests."
      } else {
        switch content {
        case .tooLarge?: "It holds more than the 1 MiB that a ConfigMap can carry."
        case .unreadable(let reason)?:
          "It cannot be read here (\(reason)), so it is not carried in a ConfigMap."
        case .directory?, .file?:
          "It is empty or holds the service's data, so it is not carried in a ConfigMap."
        case nil: "It is not beside the stack here, so it is not carried in a ConfigMap."
        }
      }
    return Self(
      Volumes.Kind.stackFolder,
      "`\(path)` stays a path of the node (`hostPath`). \(why) It has to be there on every node that may run the pod.",
      remedy: .sentence(
        "For data, declare a named volume in the stack in its place; put a program's own files into its image."
      ))
  }

  static func wellKnownPath(
    _ path: String, _ advice: String, _ remedies: [Remedy], _ namespace: ObjectName
  ) -> Self {
    let enforcement = "pod-security.kubernetes.io/enforce=privileged"
    let allow: Command = "kubectl label namespace \(namespace) \(enforcement) --overwrite"
    return Self(
      Volumes.Kind.wellKnownPath,
      "`\(path)` of the node stays mounted (`hostPath`). \(advice)",
      remedies: remedies.isEmpty
        ? [
          .command(allow.noting("lets pods mount paths of the node")),
          .sentence("Or drop the mount from the stack."),
        ] : remedies)
  }

  static func carriedFile(
    _ path: String, _ bundle: FileBundle, _ wasReadOnly: Bool
  ) -> Self {
    Self(
      Volumes.Kind.carriedFile,
      "The file `\(path)` is carried in the \(bundle.kind == .secret ? "Secret" : "ConfigMap") `\(bundle.name)`: run the "
        + "migration again when it changes, and the pods are replaced."
        + (wasReadOnly ? "" : " It is read-only now, so a program that writes to it fails."))
  }

  static func carriedFolder(_ path: String, _ bundle: FileBundle, _ mount: Mount)
    -> Self
  {
    Self(
      Volumes.Kind.carriedFolder,
      "The folder `\(path)` (\(bundle.files.count) file\(bundle.files.count == 1 ? "" : "s")) is carried in the "
        + "\(bundle.kind == .secret ? "Secret" : "ConfigMap") `\(bundle.name)`: run the migration again when it changes, and "
        + "the pods are replaced."
        + (mount.readOnly
          ? ""
          : " It is read-only now: if the service writes to `\(mount.target)`, give it a named volume there."),
      remedy: mount.readOnly
        ? nil
        : .edit(
          "volumes: [\(Writer.quoted("NAME:\(mount.target)"))]",
          note: "in the stack: a volume that can be written to"))
  }

  static func omittedFiles(
    _ path: String, _ bundle: FileBundle, _ namespace: ObjectName, _ options: Options,
    isFolder: Bool
  ) -> Self {
    if options.secrets == .externalSecrets {
      return Self(
        Volumes.Kind.externalSecret,
        "The name of `\(path)` says that it holds a secret. The External Secrets Operator makes the Secret `\(bundle.name)` from "
          + "what the ClusterSecretStore `\(options.secretStore)` holds under `\(bundle.remoteName)`; the pods wait for it.",
        remedy: waitForExternalSecret(bundle, namespace))
    }
    let create = FileObjects.Create(bundle, namespace, options.secrets)
    let files = bundle.files.map {
      (key: $0.key, path: isFolder ? "\(path)/\($0.path)" : path)
    }
    return Self(
      Volumes.Kind.omitted,
      "The name of `\(path)` says that it holds a secret, and with `--secrets \(options.secrets.rawValue)` no manifest does. The "
        + "pods that use it wait until the Secret `\(bundle.name)` exists.",
      remedy: .command(create.from(files)))
  }

  static var propagationOfFiles: Self {
    Self(
      Volumes.Kind.propagationOfFiles,
      "Nothing is mounted below a file that a ConfigMap carries, so its propagation does not matter."
    )
  }

  static func sharedPropagation(_ value: String) -> Self {
    Self(
      Volumes.Kind.propagation,
      "Propagation `\(value)` becomes HostToContainer: mounts that the node makes appear in the container, but not the other way "
        + "round, which Kubernetes allows to privileged containers only.")
  }

  static func unknownPath(_ source: String) -> Self {
    Self(
      Volumes.Kind.templatedPath,
      "The path `\(source)` differs from task to task in a way that a pod does not know, so nothing is mounted.",
      remedy: .sentence(
        "Write the path without a template, or use `{{.Node.Hostname}}`, or `{{.Task.Slot}}` in a replicated service."
      ))
  }

  static func templatedPath(
    _ source: String, _ folder: String, _ rest: String
  ) -> Self {
    Self(
      Volumes.Kind.templatedPath,
      "`\(source)` is the folder `\(rest)` below `\(folder)` of the node, put together for each pod. Where it is missing it is "
        + "made, empty, where Swarm would not start the task.",
      remedy: .sentence("For data, declare a named volume in the stack in its place."))
  }
}
