import Kubernetes
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
      labels[object.key] = settle(object, bundle, namespace: objects.namespace, &ledger)
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

  /// `kubectl apply` repeats the object in an annotation, and annotations hold 256 KiB.
  static func noteSize(_ bundle: FileBundle, _ ledger: inout Ledger) {
    let written = bundle.kind == .secret ? bundle.size * 4 / 3 : bundle.size
    guard written > 240 << 10 else { return }
    ledger.remark(.manual, .large(bundle.kind == .secret ? "Secret" : "ConfigMap", bundle.name))
  }

  /// Settles a config's or secret's own keys, and gives its labels as annotations.
  private static func settle(
    _ object: FileObject, _ bundle: FileBundle, namespace: ObjectName, _ ledger: inout Ledger
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
    for entry in object.node.entries ?? [] where entry.key.hasPrefix("x-") {
      ledger.settle(entry.value, .inert, .ownKey(kind))
    }
    let create = Create(bundle, namespace)
    switch bundle.absence {
    case nil:
      if let driver = object.templateDriver {
        ledger.settle(driver, .adapted, .expanded(kind), as: what)
      }
      if object.isExternal {
        ledger.settle(object.node, .adapted, .copiedFile(kind, object.name), as: what)
      }
    case .external?:
      ledger.settle(object.node, .manual, .external(kind, object.name, create), as: what)
    case .missing(let path)?:
      ledger.settle(
        object.node["file"] ?? object.node, .manual, .missing(kind, object.key, path, create),
        as: what)
    case .driver(let driver)?:
      ledger.settle(object.node["driver"], .manual, .driver(object.key, driver, create), as: what)
      ledger.settle(
        object.node["driver_opts"], .manual, .driver(object.key, driver, create), as: what)
      ledger.settle(object.templateDriver, .manual, .driver(object.key, driver, create), as: what)
    case .omitted(let path)?:
      ledger.settle(
        object.node["file"] ?? object.node, .manual, .omitted(object.key, path, create), as: what)
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
  fileprivate struct Create {
    let name: ObjectName
    let namespace: ObjectName
    let key: String
    let kind: String

    init(_ bundle: FileBundle, _ namespace: ObjectName) {
      name = bundle.name
      self.namespace = namespace
      key = bundle.key
      kind = bundle.kind == .secret ? "secret generic" : "configmap"
    }

    /// `path` is quoted for a shell where it needs it.
    func from(_ path: String) -> String {
      let isPlain = path.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "/"),
          UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
      let quoted =
        isPlain
        ? path
        : "'"
          + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
          + "'"
      return "kubectl -n \(namespace) create \(kind) \(name) --from-file=\(key)=\(quoted)"
    }
  }
}

extension Finding.Message {
  fileprivate static func external(
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

  fileprivate static func missing(
    _ kind: FileObject.Kind, _ key: String, _ path: String, _ create: FileObjects.Create
  ) -> Self {
    Self(
      "\(kind)s/missing-file",
      "The file `\(path)` of the \(kind) `\(key)` cannot be read here, so no "
        + "\(kind == .config ? "ConfigMap" : "Secret") is written. The pods that use it wait until "
        + "`\(create.name)` exists.",
      remedy: create.from(path))
  }

  fileprivate static func omitted(
    _ key: String, _ path: String, _ create: FileObjects.Create
  ) -> Self {
    Self(
      "secrets/omitted",
      "With `--secrets omit` no manifest holds the secret `\(key)`. The pods that use it wait until the Secret "
        + "`\(create.name)` exists.",
      remedy: create.from(path))
  }

  fileprivate static func driver(
    _ key: String, _ driver: String, _ create: FileObjects.Create
  ) -> Self {
    Self(
      "secrets/driver",
      "The secret driver `\(driver)` gave the secret `\(key)` to tasks; Kubernetes has no such plugins. The pods wait until "
        + "the Secret `\(create.name)` exists: let External Secrets or the Secrets Store CSI driver fill it from the same "
        + "store, or make it by hand.",
      remedy: create.from("./\(create.key)"))
  }

  fileprivate static func template(
    _ kind: FileObject.Kind, _ key: String, _ reason: String, _ path: String,
    _ create: FileObjects.Create
  ) -> Self {
    Self(
      "\(kind)s/template",
      "Swarm expands the \(kind) `\(key)` for each task, and this cannot be done beforehand: \(reason). The pods wait until "
        + "`\(create.name)` exists with a text that suits all of them.",
      remedy: create.from(path))
  }

  fileprivate static func tooLarge(_ kind: FileObject.Kind, _ key: String, _ size: Int) -> Self {
    Self(
      "\(kind)s/too-large",
      "The \(kind) `\(key)` has \(size) bytes, and a \(kind == .config ? "ConfigMap" : "Secret") holds 1048576. The pods "
        + "that use it do not start: put the file into the image, or fetch it at the start.")
  }

  fileprivate static func expanded(_ kind: FileObject.Kind) -> Self {
    Self(
      "\(kind)s/expanded",
      "The template is expanded now, with the values that the stack gives, and not at the start of each task. Run the "
        + "migration again when a variable or a label that it uses changes.")
  }

  fileprivate static func dockerLabel(_ kind: FileObject.Kind) -> Self {
    Self("\(kind)s/docker-label", "This label is the engine's own and means nothing outside of it.")
  }

  fileprivate static func illegalLabel(_ kind: FileObject.Kind, _ label: String) -> Self {
    Self(
      "\(kind)s/illegal-label",
      "Kubernetes allows no annotation named `\(label)`; the label is dropped, and whatever selects the \(kind) by it finds "
        + "nothing.")
  }

  fileprivate static func ownKey(_ kind: FileObject.Kind) -> Self {
    Self("\(kind)s/extension", "Docker takes no notice of keys that begin with `x-`.")
  }

  fileprivate static func optionsWithoutDriver(_ kind: FileObject.Kind) -> Self {
    Self(
      "\(kind)s/options-without-driver", "Without a driver Docker takes no notice of its options.")
  }

  fileprivate static func large(_ kind: String, _ name: ObjectName) -> Self {
    Self(
      "\(kind == "Secret" ? "secrets" : "configs")/server-side-apply",
      "The \(kind) `\(name)` is larger than what a plain `kubectl apply` can note in the object's annotations (256 KiB); "
        + "it is refused with \"metadata.annotations: Too long\". Apply on the server's side.",
      remedy: "kubectl apply --server-side -R -f .")
  }
}
