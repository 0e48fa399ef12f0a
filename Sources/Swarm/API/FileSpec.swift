package import YAML

extension Stack {
  /// `ContainerSpec.Secrets` or `.Configs`, in the order of the names; `runtime` is a config that a credential spec
  /// uses and no file shows.
  func references(
    _ references: [FileReference], _ kind: FileObject.Kind, runtime: String? = nil
  ) -> JSON? {
    func engineName(_ key: String) -> String {
      (kind == .config ? config(key) : secret(key))?.name ?? "\(name)_\(key)"
    }
    let what = kind == .config ? "Config" : "Secret"
    var all = references.map { reference in
      let name = engineName(reference.source)
      let target = reference.node["target"]?.text ?? reference.source
      let value = JSON.object { object in
        object.set(
          "File",
          .object {
            $0.set("Name", target)
            $0.set("UID", reference.uid.value)
            $0.set("GID", reference.gid.value)
            $0.set("Mode", reference.mode.value)
          })
        object.set("\(what)Name", name)
      }
      return (order: [name, target], value: value)
    }
    if let runtime {
      let name = engineName(runtime)
      let value = JSON.object {
        $0.set("Runtime", .object { _ in })
        $0.set("\(what)Name", name)
      }
      all.append((order: [name], value: value))
    }
    if all.isEmpty { return nil }
    // The client keeps no order among several uses of one name; the target makes it definite here.
    all.sort { left, right in
      left.order.lexicographicallyPrecedes(right.order) {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
    }
    return .array(all.map(\.value))
  }

  /// A config or secret as `docker config inspect` and `docker secret inspect` show `Spec`. A secret's data is
  /// write-only in the Engine API, and is not shown here either.
  package func specification(of object: FileObject) -> JSON {
    .object { spec in
      spec.set("Name", object.name)
      spec.set("Labels", labels(object.node["labels"]))
      if object.kind == .config, let content = object.content, !content.isEmpty {
        spec.set("Data", Base64.encode(content))
      }
      if case .driver(let driver) = object.source {
        spec.set("Driver", Self.driver(driver, object.node["driver_opts"]))
      }
      if let template = object.templateDriver?.text {
        spec.set("Templating", .object { $0.set("Name", template) })
      }
    }
  }
}
