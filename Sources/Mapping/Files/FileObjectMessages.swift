import Kubernetes
import Ledger
import Proxies
package import Swarm
import YAML

/// Where the value of a secret of a running Swarm can be read.
package struct HeldSecret {
  /// The engine's name of a service that mounts it.
  package let service: String
  package let path: String
  /// The host names of the nodes that run the service.
  package let nodes: [String]

  /// nil where no service mounts the secret.
  package init?(_ object: FileObject, _ stack: Swarm.Stack) {
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
    let file = "./\(create.key)"
    var commands = [create.from(file)]
    if kind == .config {
      let fetch: Command =
        "docker config inspect --format '{{printf \"%s\" .Spec.Data}}' \(name) > \(file)"
      commands.insert(fetch.meaning(create.intent), at: 0)
    }
    return Self(
      kind.kinds.external,
      "The \(kind) `\(name)` is made outside the stack, so its content is not here. The pods that use it wait until the "
        + "\(create.kind.name) `\(create.name)` with the key `\(create.key)` exists"
        + (kind == .config
          ? "."
          : "; Swarm does not give a secret's value back, so take it from where it was made."),
      remedy: .commands(commands))
  }

  static func missing(
    _ kind: FileObject.Kind, _ key: String, _ path: String, _ reason: String?,
    _ create: FileObjects.Create
  ) -> Self {
    Self(
      kind.kinds.missingFile,
      "The file `\(path)` of the \(kind) `\(key)` \(reason.map { "\($0) and is not read" } ?? "cannot be read here"), so no "
        + "\(create.kind.name) is written. The pods that use it wait until `\(create.name)` exists.",
      remedy: .command(create.from(path)))
  }

  static func held(
    _ key: String, _ holder: HeldSecret?, _ create: FileObjects.Create
  ) -> Self {
    let text =
      "The value of the secret `\(key)` is in the Swarm, which gives it to tasks only. The pods that use it wait until the "
      + "Secret `\(create.name)` with the key `\(create.key)` exists."
    guard let holder else {
      return Self(
        Secrets.Kind.held, text + " No service mounts it, so take it from where it was made.",
        remedy: .command(create.from("./\(create.key)")))
    }
    let label = "label=com.docker.swarm.service.name=\(holder.service)"
    let task: Command = "docker ps -qf \(label) | head -n 1"
    let command: Command =
      "docker exec \"$(\(task))\" cat \(holder.path) | \(create.from("/dev/stdin"))"
    return Self(
      Secrets.Kind.held,
      text + " A task of `\(holder.service)` can read it; run this on the node where one runs"
        + (holder.nodes.isEmpty ? "." : " (\(holder.nodes.joined(separator: ", "))).")
        + " Where the image has no `cat`, take the value from where it was made.",
      remedy: .command(command.meaning(create.intent)))
  }

  static func heldTemplate(_ key: String) -> Self {
    Self(
      Secrets.Kind.heldTemplate,
      "The secret `\(key)` is a template that Swarm expands for each task; what a task reads is the expanded text."
    )
  }

  static func fetched(
    _ bundle: FileBundle, _ store: String, _ namespace: ObjectName
  ) -> Self {
    Self(
      Secrets.Kind.externalSecret,
      "The External Secrets Operator makes the Secret `\(bundle.name)` from what the ClusterSecretStore `\(store)` holds under "
        + "`\(bundle.remoteName)`. The pods that use it wait until the value is in that store; Swarm does not give a secret's "
        + "value back, so take it from where it was made.",
      remedy: waitForExternalSecret(bundle, namespace))
  }

  static func waitForExternalSecret(_ bundle: FileBundle, _ namespace: ObjectName) -> Remedy {
    .look("kubectl -n \(namespace) wait --for=condition=Ready externalsecret/\(bundle.name)")
  }

  static func omitted(
    _ key: String, _ path: String, _ create: FileObjects.Create, isSealed: Bool
  ) -> Self {
    if isSealed {
      return Self(
        Secrets.Kind.sealed,
        "With `--secrets sealed` no manifest holds the secret `\(key)`. The pods that use it wait until the Secret "
          + "`\(create.name)` exists. Only the cluster's controller can open a SealedSecret, so it is made with the cluster at "
          + "hand; what kubeseal prints may be kept with the manifests.",
        remedy: .command(create.from(path)))
    }
    return Self(
      Secrets.Kind.omitted,
      "With `--secrets omit` no manifest holds the secret `\(key)`. The pods that use it wait until the Secret "
        + "`\(create.name)` exists.",
      remedy: .command(create.from(path)))
  }

  static func driver(
    _ key: String, _ driver: String, _ create: FileObjects.Create
  ) -> Self {
    Self(
      Secrets.Kind.driver,
      "The secret driver `\(driver)` gave the secret `\(key)` to tasks; Kubernetes has no such plugins. The pods wait until "
        + "the Secret `\(create.name)` exists: let External Secrets or the Secrets Store CSI driver fill it from the same "
        + "store, or make it by hand.",
      remedy: .command(create.from("./\(create.key)")))
  }

  static func template(
    _ kind: FileObject.Kind, _ key: String, _ reason: String, _ path: String,
    _ create: FileObjects.Create
  ) -> Self {
    Self(
      kind.kinds.template,
      "Swarm expands the \(kind) `\(key)` for each task, and this cannot be done beforehand: \(reason). The pods wait until "
        + "`\(create.name)` exists with a text that suits all of them.",
      remedy: .command(create.from(path)))
  }

  static func tooLarge(
    _ kind: FileObject.Kind, _ key: String, _ size: Int, in object: FileBundle.Kind
  ) -> Self {
    Self(
      kind.kinds.tooLarge,
      "The template of the \(kind) `\(key)` expands to \(size) bytes, and a \(object.name) holds 1048576: none is written, and "
        + "the pods that use it do not start. Split it, or make the file when the container starts."
    )
  }

  static func expanded(_ kind: FileObject.Kind) -> Self {
    Self(
      kind.kinds.expanded,
      "The template is expanded now, with the values that the stack gives, and not at the start of each task. Run the "
        + "migration again when a variable or a label that it uses changes.")
  }

  static func dockerLabel(_ kind: FileObject.Kind) -> Self {
    Self(
      kind.kinds.dockerLabel, "This label is the engine's own and means nothing outside of it.")
  }

  static func illegalLabel(_ kind: FileObject.Kind, _ label: String) -> Self {
    Self(
      kind.kinds.illegalLabel,
      "Kubernetes allows no annotation named `\(label)`; the label is dropped, and whatever selects the \(kind) by it finds "
        + "nothing.")
  }

  static var optionsWithoutDriver: Self {
    Self(
      Secrets.Kind.optionsWithoutDriver, "Without a driver Docker takes no notice of its options.")
  }

  static func large(_ bundle: FileBundle) -> Self {
    Self(
      (bundle.kind == .secret ? FileObject.Kind.secret : .config).kinds.serverSideApply,
      "The \(bundle.kind.name) `\(bundle.name)` is larger than what a plain `kubectl apply` can note in the object's annotations "
        + "(256 KiB); it is refused with \"metadata.annotations: Too long\". Apply on the server's side.",
      remedy: .command("kubectl apply --server-side -R -f ."))
  }

  /// A copy of a config or secret, for another namespace.
  static func copiedFile(_ kind: FileObject.Kind, _ name: String) -> Self {
    Self(
      kind.kinds.ofOtherStack,
      "Another stack of this run makes the \(kind) `\(name)`. Pods use nothing of another namespace, so a copy with the same "
        + "content is written here; convert the stacks together again when it changes.")
  }
}
