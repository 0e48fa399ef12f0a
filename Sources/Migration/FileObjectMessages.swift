import Kubernetes
import Swarm

/// Where the value of a secret of a running Swarm can be read.
struct HeldSecret {
  /// The engine's name of a service that mounts it.
  let service: String
  let path: String
  /// The host names of the nodes that run the service.
  let nodes: [String]

  /// nil where no service mounts the secret.
  init?(_ object: FileObject, _ stack: Swarm.Stack) {
    for service in stack.services {
      for reference in service.secretReferences where reference.source == object.key {
        self.service = service.fullName
        path = reference.target.value
        nodes = stack.taskNodes[service.name] ?? []
        return
      }
    }
    return nil
  }
}

/// The words of `Configs` and `Secrets` about the objects themselves.
extension Finding.Message {
  static func external(
    _ kind: FileObject.Kind, _ name: String, _ create: FileObjects.Create
  ) -> Self {
    let remedy =
      kind == .config
      ? "docker config inspect --format '{{printf \"%s\" .Spec.Data}}' \(name) > ./\(create.key)\n"
        + create.from("./\(create.key)")
      : create.from("./\(create.key)")
    return Self(
      "\(kind)s/external",
      "The \(kind) `\(name)` is made outside the stack, so its content is not here. The pods that use it wait until the "
        + "\(kind == .config ? "ConfigMap" : "Secret") `\(create.name)` with the key `\(create.key)` exists"
        + (kind == .config
          ? "."
          : "; Swarm does not give a secret's value back, so take it from where it was made."),
      remedy: remedy)
  }

  static func missing(
    _ kind: FileObject.Kind, _ key: String, _ path: String, _ reason: String?,
    _ create: FileObjects.Create
  ) -> Self {
    Self(
      "\(kind)s/missing-file",
      "The file `\(path)` of the \(kind) `\(key)` \(reason.map { "\($0) and is not read" } ?? "cannot be read here"), so no "
        + "\(kind == .config ? "ConfigMap" : "Secret") is written. The pods that use it wait until "
        + "`\(create.name)` exists.",
      remedy: create.from(path))
  }

  static func held(
    _ key: String, _ holder: HeldSecret?, _ create: FileObjects.Create
  ) -> Self {
    let text =
      "The value of the secret `\(key)` is in the Swarm, which gives it to tasks only. The pods that use it wait until the "
      + "Secret `\(create.name)` with the key `\(create.key)` exists."
    guard let holder else {
      return Self(
        "secrets/held", text + " No service mounts it, so take it from where it was made.",
        remedy: create.from("./\(create.key)"))
    }
    return Self(
      "secrets/held",
      text + " A task of `\(holder.service)` can read it; run this on the node where one runs"
        + (holder.nodes.isEmpty ? "." : " (\(holder.nodes.joined(separator: ", "))).")
        + " Where the image has no `cat`, take the value from where it was made.",
      remedy:
        "docker exec \"$(docker ps -qf label=com.docker.swarm.service.name=\(holder.service) | head -n 1)\" "
        + "cat \(holder.path) | \(create.from("/dev/stdin"))")
  }

  static func heldTemplate(_ key: String) -> Self {
    Self(
      "secrets/held-template",
      "The secret `\(key)` is a template that Swarm expands for each task; what a task reads is the expanded text."
    )
  }

  static func fetched(
    _ bundle: FileBundle, _ store: String, _ namespace: ObjectName
  ) -> Self {
    Self(
      "secrets/external-secret",
      "The External Secrets Operator makes the Secret `\(bundle.name)` from what the ClusterSecretStore `\(store)` holds under "
        + "`\(bundle.remoteName)`. The pods that use it wait until the value is in that store; Swarm does not give a secret's "
        + "value back, so take it from where it was made.",
      remedy: "kubectl -n \(namespace) wait --for=condition=Ready externalsecret/\(bundle.name)")
  }

  static func omitted(
    _ key: String, _ path: String, _ create: FileObjects.Create, isSealed: Bool
  ) -> Self {
    if isSealed {
      return Self(
        "secrets/sealed",
        "With `--secrets sealed` no manifest holds the secret `\(key)`. The pods that use it wait until the Secret "
          + "`\(create.name)` exists. Only the cluster's controller can open a SealedSecret, so it is made with the cluster at "
          + "hand; what kubeseal prints may be kept with the manifests.",
        remedy: create.from(path))
    }
    return Self(
      "secrets/omitted",
      "With `--secrets omit` no manifest holds the secret `\(key)`. The pods that use it wait until the Secret "
        + "`\(create.name)` exists.",
      remedy: create.from(path))
  }

  static func driver(
    _ key: String, _ driver: String, _ create: FileObjects.Create
  ) -> Self {
    Self(
      "secrets/driver",
      "The secret driver `\(driver)` gave the secret `\(key)` to tasks; Kubernetes has no such plugins. The pods wait until "
        + "the Secret `\(create.name)` exists: let External Secrets or the Secrets Store CSI driver fill it from the same "
        + "store, or make it by hand.",
      remedy: create.from("./\(create.key)"))
  }

  static func template(
    _ kind: FileObject.Kind, _ key: String, _ reason: String, _ path: String,
    _ create: FileObjects.Create
  ) -> Self {
    Self(
      "\(kind)s/template",
      "Swarm expands the \(kind) `\(key)` for each task, and this cannot be done beforehand: \(reason). The pods wait until "
        + "`\(create.name)` exists with a text that suits all of them.",
      remedy: create.from(path))
  }

  static func tooLarge(_ kind: FileObject.Kind, _ key: String, _ size: Int) -> Self {
    Self(
      "\(kind)s/too-large",
      "The \(kind) `\(key)` has \(size) bytes, and a \(kind == .config ? "ConfigMap" : "Secret") holds 1048576. The pods "
        + "that use it do not start: put the file into the image, or fetch it at the start.")
  }

  static func expanded(_ kind: FileObject.Kind) -> Self {
    Self(
      "\(kind)s/expanded",
      "The template is expanded now, with the values that the stack gives, and not at the start of each task. Run the "
        + "migration again when a variable or a label that it uses changes.")
  }

  static func dockerLabel(_ kind: FileObject.Kind) -> Self {
    Self("\(kind)s/docker-label", "This label is the engine's own and means nothing outside of it.")
  }

  static func illegalLabel(_ kind: FileObject.Kind, _ label: String) -> Self {
    Self(
      "\(kind)s/illegal-label",
      "Kubernetes allows no annotation named `\(label)`; the label is dropped, and whatever selects the \(kind) by it finds "
        + "nothing.")
  }

  static func ownKey(_ kind: FileObject.Kind) -> Self {
    Self("\(kind)s/extension", "Docker takes no notice of keys that begin with `x-`.")
  }

  static func optionsWithoutDriver(_ kind: FileObject.Kind) -> Self {
    Self(
      "\(kind)s/options-without-driver", "Without a driver Docker takes no notice of its options.")
  }

  static func large(_ kind: String, _ name: ObjectName) -> Self {
    Self(
      "\(kind == "Secret" ? "secrets" : "configs")/server-side-apply",
      "The \(kind) `\(name)` is larger than what a plain `kubectl apply` can note in the object's annotations (256 KiB); "
        + "it is refused with \"metadata.annotations: Too long\". Apply on the server's side.",
      remedy: "kubectl apply --server-side -R -f .")
  }
}
