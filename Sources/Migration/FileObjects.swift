import Kubernetes
import Stack
import Swarm
import YAML

/// Writes the ConfigMaps and Secrets of a stack's configs or secrets, and settles their keys.
enum FileObjects {
  static func write(
    _ kind: FileObject.Kind, _ stack: Swarm.Stack, into objects: inout ObjectSet,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let declared = kind == .config ? stack.configs : stack.secrets
    guard !declared.isEmpty else { return }
    let bundles = facts.fileBundles[facts.current]
    var labels: [String: Annotations] = [:]
    for object in declared {
      let bundle = kind == .config ? bundles.configs[object.key] : bundles.secrets[object.key]
      guard let bundle else { continue }
      labels[object.key] = settle(
        object, bundle, stack, objects.namespace, facts.options, &ledger)
      if let external = external(bundle, objects, facts.options, labels[object.key] ?? [:]) {
        objects.objects.append(external)
      }
      ledger.remark(
        hosts: bundle.hosts, isRewritten: facts.options.rewriteHosts, feature: "\(kind)s",
        at: object.node["file"]?.id ?? object.node.id, as: "ConfigMap/\(bundle.name) data")
    }
    for entry in bundles.written where entry.kind == kind {
      objects.objects.append(
        manifest(
          entry.bundle, objects.metadata(entry.bundle.name, annotations: labels[entry.key] ?? [:])))
      noteSize(entry.bundle, &ledger)
    }
  }

  /// The object that holds a bundle.
  static func manifest(_ bundle: FileBundle, _ metadata: ObjectMeta) -> any Object {
    switch bundle.kind {
    case .configMap:
      var map = ConfigMap(metadata: metadata, immutable: true)
      for file in bundle.files {
        if let text = String(validating: file.bytes, as: UTF8.self) {
          map.data[file.key] = text
        } else {
          map.binaryData[file.key] = file.bytes
        }
      }
      return map
    case .secret:
      var secret = Secret(metadata: metadata, type: .opaque, immutable: true)
      for file in bundle.files { secret.data[file.key] = file.bytes }
      return secret
    }
  }

  /// What fetches the values of a Secret that has no manifest; nil where nothing is to be fetched, or it cannot be.
  static func external(
    _ bundle: FileBundle, _ objects: ObjectSet, _ options: Options, _ annotations: Annotations
  ) -> ExternalSecret? {
    guard options.secrets == .externalSecrets, bundle.kind == .secret else { return nil }
    switch bundle.absence {
    case .external?, .missing?, .held?, .driver?, .omitted?: break
    case .template?, .tooLarge?, nil: return nil
    }
    return ExternalSecret(
      metadata: objects.metadata(bundle.name, annotations: annotations),
      store: ObjectName.folding(options.secretStore),
      entries: bundle.files.map { file in
        ExternalSecret.Entry(
          secretKey: file.key, remoteKey: bundle.remoteName,
          property: bundle.files.count > 1 ? file.path : nil)
      })
  }

  /// `kubectl apply` repeats the object in an annotation, and annotations hold 256 KiB.
  static func noteSize(_ bundle: FileBundle, _ ledger: inout Ledger) {
    let written = bundle.kind == .secret ? bundle.size * 4 / 3 : bundle.size
    guard written > 240 << 10 else { return }
    ledger.remark(.manual, .large(bundle.kind == .secret ? "Secret" : "ConfigMap", bundle.name))
  }

  /// Settles a config's or secret's own keys, and gives its labels as annotations.
  private static func settle(
    _ object: FileObject, _ bundle: FileBundle, _ stack: Swarm.Stack, _ namespace: ObjectName,
    _ options: Options,
    _ ledger: inout Ledger
  ) -> Annotations {
    let kind = object.kind
    let what = bundle.kind == .secret ? "Secret/\(bundle.name)" : "ConfigMap/\(bundle.name)"
    var annotations = Annotations()
    for entry in object.node["labels"]?.entries ?? [] {
      if entry.key.hasPrefix("com.docker.") {
        ledger.settle(entry.value, .inert, .dockerLabel(kind))
      } else if let key = AnnotationKey(entry.key) {
        annotations[key] = entry.value.text ?? ""
        ledger.keep(entry.value, as: "metadata.annotations")
      } else {
        ledger.settle(entry.value, .lost, .illegalLabel(kind, entry.key))
      }
    }
    ledger.keep(object.node["labels"], as: "metadata.annotations")
    let create = Create(bundle, namespace, options.secrets)
    let isFetched = options.secrets == .externalSecrets && bundle.kind == .secret
    switch bundle.absence {
    case .external? where isFetched, .missing? where isFetched, .omitted? where isFetched,
      .driver? where isFetched, .held? where isFetched:
      let message = Finding.Message.fetched(bundle, options.secretStore, namespace)
      ledger.settle(object.node, .manual, message, as: "ExternalSecret/\(bundle.name)")
    case nil:
      if let driver = object.templateDriver {
        ledger.settle(driver, .adapted, .expanded(kind), as: what)
      }
      if object.isExternal {
        ledger.settle(object.node, .adapted, .copiedFile(kind, object.name), as: what)
      }
    case .external?:
      ledger.settle(object.node, .manual, .external(kind, object.name, create), as: what)
    case .missing(let path, let reason)?:
      ledger.settle(
        object.node["file"] ?? object.node, .manual,
        .missing(kind, object.key, path, reason, create),
        as: what)
    case .held?:
      ledger.settle(
        object.node["file"] ?? object.node, .manual,
        .held(object.key, HeldSecret(object, stack), create), as: what)
      ledger.settle(object.templateDriver, .manual, .heldTemplate(object.key))
    case .driver(let driver)?:
      ledger.settle(object.node, .manual, .driver(object.key, driver, create), as: what)
    case .omitted(let path)?:
      ledger.settle(
        object.node["file"] ?? object.node, .manual,
        .omitted(object.key, path, create, isSealed: options.secrets == .sealed), as: what)
    case .template(let reason, let path)?:
      ledger.settle(
        object.templateDriver, .manual, .template(kind, object.key, reason, path, create), as: what)
    case .tooLarge(let size)?:
      ledger.settle(object.node["file"] ?? object.node, .manual, .tooLarge(kind, object.key, size))
    }
    // Options without a driver do nothing.
    if bundle.absence.map({ if case .driver = $0 { false } else { true } }) ?? true {
      ledger.settle(object.node["driver_opts"], .inert, .optionsWithoutDriver(kind))
    }
    ledger.keep(object.node, as: what)
    return annotations
  }

  /// The command that makes the object of a bundle by hand.
  struct Create {
    let name: ObjectName
    let namespace: ObjectName
    let key: String
    let kind: String
    /// What turns the Secret into a SealedSecret on its way to the cluster.
    let ending: String

    init(_ bundle: FileBundle, _ namespace: ObjectName, _ secrets: Options.Secrets) {
      ending =
        bundle.kind == .secret && secrets == .sealed
        ? " --dry-run=client -o yaml | kubeseal -o yaml | kubectl apply -f -" : ""
      name = bundle.name
      self.namespace = namespace
      key = bundle.key
      kind = bundle.kind == .secret ? "secret generic" : "configmap"
    }

    /// `path` is quoted for a shell where it needs it.
    func from(_ path: String) -> String {
      "kubectl -n \(namespace) create \(kind) \(name) --from-file=\(key)=\(shellWord(path))"
        + ending
    }
  }
}
