package import Images
package import YAML

/// What an archive holds, in figures.
package struct ImageSummary: Sendable {
  package let path: String
  package let image: ImageContents
  /// The services that run it; empty where no stack is given, or none does.
  package let services: [String]
  /// The same image before, where it is compared, and the archive that it is in.
  package let before: (path: String, image: ImageContents)?

  package init(
    path: String, image: ImageContents, services: [String] = [],
    before: (path: String, image: ImageContents)? = nil
  ) {
    self.path = path
    self.image = image
    self.services = services
    self.before = before
  }

  private var name: String { image.names.first ?? path }

  /// For a terminal, without colour.
  package var text: String {
    let config = image.config
    var text =
      "\(visible(name)) (\(path), \(visible(config.platform))): \(size(image.size)) in \(plural(image.layers.count, "layer"))"
    if image.wasted > 0 { text += ", \(size(image.wasted)) of it wasted" }
    if !services.isEmpty { text += "; runs in \(services.joined(separator: ", "))" }
    text += "\n"
    if let comparison { text += "  \(comparison)\n" }
    text += "  layer        size      wasted  instruction\n"
    for (number, layer) in image.layers.enumerated() {
      let line =
        layer.instruction.count > 70 ? layer.instruction.prefix(69) + "…" : layer.instruction[...]
      text += "  \(padded(String(number + 1), 5))  \(padded(size(layer.size), 10))  "
      text += "\(padded(layer.wasted > 0 ? size(layer.wasted) : "", 10))  \(visible(line))\n"
    }
    for file in image.largest.prefix(5) {
      text +=
        "  largest      \(padded(size(file.size), 10))  \(visible(file.path)) (layer \(file.layer + 1))\n"
    }
    for cache in image.caches {
      text += "  cache        \(padded(size(cache.size), 10))  \(visible(cache.path))\n"
    }
    for (label, value) in declared { text += "  \(label): \(visible(value))\n" }
    return text
  }

  /// `before (old.tar, shop/web:1) 412.0 MB in 9 layers, now 98.1 MB: 76.2 % less`.
  private var comparison: String? {
    guard let (path, old) = before else { return nil }
    let name = old.names.first.map { ", \(visible($0))" } ?? ""
    return
      "before (\(path)\(name)) \(size(old.size)) in \(plural(old.layers.count, "layer")), now \(size(image.size)): \(Self.change(old.size, image.size))"
  }

  /// `76.2 % less`, `3.1 % more`, `the same`.
  package static func change(_ before: Int, _ now: Int) -> String {
    if before == now { return "the same" }
    guard case .number(let percent)? = percent(before, now) else { return "none before" }
    let text = JSON.number(percent.magnitude).bytes.dropLast()
    return "\(String(decoding: text, as: UTF8.self)) % \(now < before ? "less" : "more")"
  }

  /// By how many per cent it grew, to a tenth; negative where it shrank, nil where there was nothing.
  static func percent(_ before: Int, _ now: Int) -> JSON? {
    if before == 0 { return now == 0 ? .number(0) : nil }
    return .number(((Double(now) / Double(before) - 1) * 1000).rounded() / 10)
  }

  private var declared: [(String, String)] {
    let config = image.config
    var list = [("user", config.user.isEmpty ? "root (none is set)" : config.user)]
    if !config.ports.isEmpty { list.append(("ports", config.ports.joined(separator: ", "))) }
    if let check = config.healthcheck {
      list.append(("health check", check.test.joined(separator: " ")))
    }
    if let signal = config.stopSignal { list.append(("stop signal", signal)) }
    if !config.workingDirectory.isEmpty { list.append(("workdir", config.workingDirectory)) }
    if !config.volumes.isEmpty { list.append(("volumes", config.volumes.joined(separator: ", "))) }
    if !image.setuid.isEmpty { list.append(("setuid", image.setuid.joined(separator: ", "))) }
    if !image.secrets.isEmpty {
      list.append(("keys and tokens", image.secrets.map(\.path).joined(separator: ", ")))
    }
    return list
  }

  private func size(_ bytes: Int) -> String { ImageContents.megabytes(bytes) }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// For other programs.
  package var json: JSON {
    .object { document in
      document.set("archive", path)
      document.set("names", .strings(image.names))
      document.set("platform", image.config.platform)
      document.set("size", image.size)
      document.set("wasted", image.wasted)
      if !services.isEmpty { document.set("services", .strings(services)) }
      if let (path, old) = before {
        document.set(
          "before",
          .object { entry in
            entry.set("archive", path)
            entry.set("names", .strings(old.names))
            entry.set("size", old.size)
            entry.set("wasted", old.wasted)
            entry.set("layers", old.layers.count)
            entry.set("change", Self.percent(old.size, image.size))
          })
      }
      document.set(
        "layers",
        .array(
          image.layers.map { layer in
            .object { entry in
              entry.set("instruction", layer.instruction)
              entry.set("size", layer.size)
              entry.set("wasted", layer.wasted)
            }
          }))
      document.set(
        "largest",
        .array(
          image.largest.map { file in
            .object { entry in
              entry.set("path", file.path)
              entry.set("size", file.size)
              entry.set("layer", file.layer + 1)
            }
          }))
      document.set(
        "caches",
        .array(
          image.caches.map { cache in
            .object { entry in
              entry.set("path", cache.path)
              entry.set("size", cache.size)
            }
          }))
      document.set("user", image.config.user)
      document.set("ports", .strings(image.config.ports))
      if let check = image.config.healthcheck { document.set("healthcheck", .strings(check.test)) }
      document.set("stopSignal", image.config.stopSignal)
      document.set("workingDirectory", image.config.workingDirectory)
      document.set("volumes", .strings(image.config.volumes))
      document.set("setuid", .strings(image.setuid))
      document.set(
        "secrets",
        .array(
          image.secrets.map { secret in
            .object { entry in
              entry.set("path", secret.path)
              entry.set("kind", secret.kind)
              entry.set("layer", secret.layer + 1)
              entry.set("hidden", secret.isHidden)
            }
          }))
    }
  }
}
