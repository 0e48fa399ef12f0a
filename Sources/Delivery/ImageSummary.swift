package import Images
package import YAML

/// What an archive holds, in figures.
package struct ImageSummary: Sendable {
  package let path: String
  package let image: ImageContents
  /// The same image before, where it is compared.
  package let before: ImageContents?

  package init(path: String, image: ImageContents, before: ImageContents? = nil) {
    self.path = path
    self.image = image
    self.before = before
  }

  private var name: String { image.names.first ?? path }

  /// For a terminal, without colour.
  package var text: String {
    let config = image.config
    var text =
      "\(name) (\(path), \(config.platform)): \(size(image.size)) in \(plural(image.layers.count, "layer"))"
    text += image.wasted > 0 ? ", \(size(image.wasted)) of it wasted\n" : "\n"
    if let comparison { text += "  \(comparison)\n" }
    text += "  layer        size      wasted  instruction\n"
    for (number, layer) in image.layers.enumerated() {
      let line =
        layer.instruction.count > 70 ? layer.instruction.prefix(69) + "…" : layer.instruction[...]
      text += "  \(padded(String(number + 1), 5))  \(padded(size(layer.size), 10))  "
      text += "\(padded(layer.wasted > 0 ? size(layer.wasted) : "", 10))  \(Self.visible(line))\n"
    }
    for file in image.largest.prefix(5) {
      text +=
        "  largest      \(padded(size(file.size), 10))  \(Self.visible(file.path[...])) (layer \(file.layer + 1))\n"
    }
    for cache in image.caches {
      text += "  cache        \(padded(size(cache.size), 10))  \(cache.path)\n"
    }
    for (label, value) in declared { text += "  \(label): \(Self.visible(value[...]))\n" }
    return text
  }

  /// `size before 412.0 MB, now 98.1 MB: 76.2 % less`.
  private var comparison: String? {
    guard let before else { return nil }
    return
      "before \(size(before.size)), now \(size(image.size)): \(Self.change(before.size, image.size))"
  }

  /// `76.2 % less`, `3.1 % more`, `the same`.
  package static func change(_ before: Int, _ now: Int) -> String {
    if before == now { return "the same" }
    if before == 0 { return "\(now) more" }
    let difference = (before - now).magnitude
    let tenths = (difference * 1000 + UInt(before) / 2) / UInt(before)
    return "\(tenths / 10).\(tenths % 10) % \(now < before ? "less" : "more")"
  }

  private var declared: [(String, String)] {
    let config = image.config
    var list = [("user", config.user.isEmpty ? "root (none is set)" : config.user)]
    if !config.ports.isEmpty { list.append(("ports", config.ports.joined(separator: ", "))) }
    if let check = config.healthcheck {
      list.append(("health check", check.test.joined(separator: " ")))
    }
    if let signal = config.stopSignal { list.append(("stop signal", signal)) }
    if !config.volumes.isEmpty { list.append(("volumes", config.volumes.joined(separator: ", "))) }
    if !image.setuid.isEmpty { list.append(("setuid", image.setuid.joined(separator: ", "))) }
    return list
  }

  private func size(_ bytes: Int) -> String { ImageContents.megabytes(bytes) }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// A text of the archive's, in which nothing can steer a terminal.
  private static func visible(_ text: Substring) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
  }

  /// For other programs.
  package var json: JSON {
    .object { document in
      document.set("archive", path)
      document.set("names", .strings(image.names))
      document.set("platform", image.config.platform)
      document.set("size", image.size)
      document.set("wasted", image.wasted)
      if let before { document.set("sizeBefore", before.size) }
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
      document.set("volumes", .strings(image.config.volumes))
      document.set("setuid", .strings(image.setuid))
    }
  }
}
