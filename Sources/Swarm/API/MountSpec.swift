import YAML

extension Stack {
  /// One of `ContainerSpec.Mounts`. A named volume carries its own definition, because nodes create it on first use.
  func mount(_ mount: Mount) -> JSON {
    .object { object in
      object.set("Type", mount.kind.rawValue)
      object.set("Source", engineSource(of: mount))
      object.set("Target", mount.node["target"]?.text)
      if mount.readOnly { object.set("ReadOnly", true) }
      // The engine takes `consistency` and does not keep it.
      switch mount.kind {
      case .volume: if mount.source != nil { object.set("VolumeOptions", volumeOptions(mount)) }
      case .bind, .npipe:
        if let propagation = mount.node["bind"]?["propagation"]?.text {
          object.set("BindOptions", .object { $0.set("Propagation", propagation) })
        }
      case .tmpfs:
        if mount.node["tmpfs"]?.entries != nil {
          object.set("TmpfsOptions", .object { $0.set("SizeBytes", mount.tmpfsSize) })
        }
      case .cluster: object.set("ClusterOptions", .object { _ in })
      case .image: break
      }
    }
  }

  private func engineSource(of mount: Mount) -> String? {
    guard let source = mount.source else { return nil }
    switch mount.kind {
    case .volume: return volume(source)?.name ?? source
    case .cluster: return source.hasPrefix("group:") ? source : volume(source)?.name ?? source
    case .bind, .tmpfs, .npipe, .image: return source
    }
  }

  private func volumeOptions(_ mount: Mount) -> JSON {
    .object { options in
      if mount.staysEmpty { options.set("NoCopy", true) }
      options.set("Subpath", mount.subpath)
      guard let volume = mount.source.flatMap({ volume($0) }), !volume.isExternal else { return }
      options.set("Labels", labels(volume.node["labels"]))
      if volume.node["driver"] != nil || volume.node["driver_opts"] != nil {
        options.set(
          "DriverConfig", Self.driver(volume.node["driver"]?.text, volume.node["driver_opts"]))
      }
    }
  }
}
