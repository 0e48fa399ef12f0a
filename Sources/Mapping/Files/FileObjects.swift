package import Kubernetes
package import Ledger
import Proxies
package import Swarm
import YAML

/// Writes the ConfigMaps and Secrets of a stack's configs or secrets, and settles their keys.
package enum FileObjects {
  package static func write(_ kind: FileObject.Kind, _ context: inout StackContext) {
    let stack = context.stack
    let declared = kind == .config ? stack.configs : stack.secrets
    guard !declared.isEmpty else { return }
    let bundles = context.fileBundles
    var labels: [String: Annotations] = [:]
    for object in declared {
      let bundle = kind == .config ? bundles.configs[object.key] : bundles.secrets[object.key]
      guard let bundle else { continue }
      let annotations = settle(object, bundle, &context)
      labels[object.key] = annotations
      if let external = external(bundle, context.objects, context.options, annotations) {
        context.objects.objects.append(external)
      }
      // No name is rewritten inside a secret.
      context.remark(
        hosts: bundle.hosts, .configs,
        at: object.node["file"]?.id ?? object.node.id, as: "ConfigMap/\(bundle.name) data")
    }
    for entry in bundles.written where entry.kind == kind {
      let metadata = context.objects.metadata(
        entry.bundle.name, annotations: labels[entry.key] ?? [:])
      context.objects.objects.append(manifest(entry.bundle, metadata))
      noteSize(entry.bundle, &context)
    }
  }

  /// The object that holds a bundle.
  package static func manifest(_ bundle: FileBundle, _ metadata: ObjectMeta) -> any Object {
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
  package static func external(
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
  package static func noteSize(_ bundle: FileBundle, _ context: inout StackContext) {
    let written = bundle.kind == .secret ? bundle.size * 4 / 3 : bundle.size
    if written > 240 << 10 { context.remark(.large(bundle)) }
  }

  /// Settles a config's or secret's own keys, and gives its labels as annotations.
  private static func settle(
    _ object: FileObject, _ bundle: FileBundle, _ context: inout StackContext
  ) -> Annotations {
    let annotations = settleLabels(of: object, &context)
    let (kind, node) = (object.kind, object.node)
    let file = node["file"] ?? node
    let what = "\(bundle.kind.name)/\(bundle.name)"
    let options = context.options
    let create = Create(bundle, context.objects.namespace, options.secrets)
    let isFetched = options.secrets == .externalSecrets && bundle.kind == .secret
    switch bundle.absence {
    case .external? where isFetched, .missing? where isFetched, .omitted? where isFetched,
      .driver? where isFetched, .held? where isFetched:
      context.settle(
        node, .fetched(bundle, options.secretStore, context.objects.namespace),
        as: "ExternalSecret/\(bundle.name)")
    case nil:
      if let driver = object.templateDriver { context.settle(driver, .expanded(kind), as: what) }
      if object.isExternal { context.settle(node, .copiedFile(kind, object.name), as: what) }
    case .external?: context.settle(node, .external(kind, object.name, create), as: what)
    case .missing(let path, let reason)?:
      context.settle(file, .missing(kind, object.key, path, reason, create), as: what)
    case .held?:
      let holder = HeldSecret(object, context.stack)
      context.settle(file, .held(object.key, holder, create), as: what)
      context.settle(object.templateDriver, .heldTemplate(object.key))
    case .driver(let driver)?:
      context.settle(node, .driver(object.key, driver, create), as: what)
    case .omitted(let path)?:
      let isSealed = options.secrets == .sealed
      context.settle(file, .omitted(object.key, path, create, isSealed: isSealed), as: what)
    case .template(let reason, let path)?:
      context.settle(
        object.templateDriver, .template(kind, object.key, reason, path, create), as: what)
    case .tooLarge(let size)?:
      context.settle(object.templateDriver, .tooLarge(kind, object.key, size, in: bundle.kind))
    }
    // Options without a driver do nothing.
    if bundle.absence.map({ if case .driver = $0 { false } else { true } }) ?? true {
      context.settle(node["driver_opts"], .optionsWithoutDriver)
    }
    context.keep(node, as: what)
    return annotations
  }

  private static func settleLabels(
    of object: FileObject, _ context: inout StackContext
  ) -> Annotations {
    var annotations = Annotations()
    for entry in object.node["labels"]?.entries ?? [] {
      if entry.key.hasPrefix("com.docker.") {
        context.settle(entry.value, .dockerLabel(object.kind))
      } else if let key = AnnotationKey(entry.key) {
        annotations[key] = entry.value.text ?? ""
        context.keep(entry.value, as: "metadata.annotations")
      } else {
        context.settle(entry.value, .illegalLabel(object.kind, entry.key))
      }
    }
    context.keep(object.node["labels"], as: "metadata.annotations")
    return annotations
  }

  /// The command that makes the object of a bundle by hand.
  package struct Create {
    package let name: ObjectName
    package let namespace: ObjectName
    package let key: String
    package let kind: FileBundle.Kind
    /// Whether the Secret becomes a SealedSecret on its way to the cluster.
    package let isSealed: Bool

    package init(_ bundle: FileBundle, _ namespace: ObjectName, _ secrets: Options.Secrets) {
      name = bundle.name
      self.namespace = namespace
      key = bundle.key
      kind = bundle.kind
      isSealed = bundle.kind == .secret && secrets == .sealed
    }

    package var intent: Command.Intent {
      .create(kind: kind.name, name: name.rawValue, namespace: namespace.rawValue)
    }

    /// Makes it of one file.
    package func from(_ path: String) -> Command { from([(key, path)]) }

    /// Makes it of several files, each under its key.
    package func from(_ files: [(key: String, path: String)]) -> Command {
      let words = files.map { "--from-file=\($0.key)=\($0.path)" }
      let type: Command = kind == .secret ? "secret generic" : "configmap"
      let create: Command = "kubectl -n \(namespace) create \(type) \(name) \(words: words)"
      return
        (isSealed
        ? "\(create) --dry-run=client -o yaml | kubeseal -o yaml | kubectl apply -f -" : create)
        .meaning(intent)
    }
  }
}
