package import Diagnostics

extension ImageContents {
  /// What is wrong with the image, in the words of the rules for Dockerfiles where they have the same.
  ///
  /// - Parameter uses: The services that run it; empty where no stack is given.
  package func diagnostics(uses: [ServiceUse]) -> [Diagnostic] {
    let place = SourceMark(file: 0, line: 0, column: 0)
    var found: [Diagnostic] = []
    func add(
      _ slug: String, _ severity: Diagnostic.Severity, _ text: String, _ hint: String
    ) {
      let (text, hint) = (visible(text), visible(hint))
      found.append(Diagnostic("image/\(slug)", severity, at: place, text, hint: hint))
    }
    addUser(uses, add)
    for secret in secrets {
      add(
        "secret-file", .error,
        "\(secret.path) is a \(secret.kind)"
          + (secret.isHidden ? ", removed later and still in layer \(secret.layer + 1)" : ""),
        "change it, and build without it: RUN --mount=type=secret,…")
    }
    for name in config.secretVariables {
      add(
        "secret-in-environment", .error,
        "\(name) is a secret, and docker inspect shows it",
        "give it when the service runs: a secret under /run/secrets, read from a file")
    }
    for cache in caches where cache.size >= 1 << 20 {
      add(
        "cache", .warning,
        "\(cache.path) holds \(Self.megabytes(cache.size)) that no service reads",
        "clear it in the RUN that fills it, or build in a stage of its own")
    }
    if wasted >= 1 << 20, wasted * 20 >= size {
      add(
        "wasted", .warning,
        "\(Self.megabytes(wasted)) of \(Self.megabytes(size)) are files that a later layer replaces or removes",
        "remove files in the RUN that makes them; copy with the owner that they shall have")
    }
    if !setuid.isEmpty {
      add(
        "setuid", .note,
        "\(setuid.count == 1 ? "a program runs as its" : "\(setuid.count) programs run as their") owner whoever starts \(setuid.count == 1 ? "it" : "them"): \(setuid.prefix(4).joined(separator: ", "))\(setuid.count > 4 ? ", …" : "")",
        "where none is needed: RUN chmod a-s …; in the stack cap_drop: [ALL]")
    }
    addRunTime(uses, add)
    return found
  }

  private func addUser(
    _ uses: [ServiceUse], _ add: (String, Diagnostic.Severity, String, String) -> Void
  ) {
    let isSet =
      !uses.isEmpty
      && uses.allSatisfy { $0.user.map { !$0.isEmpty && !Subject.isRoot($0) } ?? false }
    if isSet { return }
    if config.user.isEmpty || Subject.isRoot(config.user) {
      add(
        "root-user", .warning, "the image's user is root",
        "end the Dockerfile with: USER 10001, and give that user the folders it writes to")
      return
    }
    let name = config.user.prefix { $0 != ":" }
    if Int(name) == nil {
      add(
        "user-name", .warning,
        "the user \"\(name)\" is a name, which runAsNonRoot cannot check",
        "write its number: USER 10001")
    }
    for port in config.ports {
      if let number = Int(port.prefix { $0 != "/" }), 1..<1024 ~= number {
        add(
          "privileged-port", .warning,
          "port \(number) is below 1024, and the image's user is not root",
          "listen on a port from 1024")
      }
    }
  }

  private func addRunTime(
    _ uses: [ServiceUse], _ add: (String, Diagnostic.Severity, String, String) -> Void
  ) {
    let unchecked = uses.filter { !$0.hasHealthcheck }
    if config.healthcheck == nil, uses.isEmpty || !unchecked.isEmpty {
      add(
        "no-healthcheck", .note, "the image has no HEALTHCHECK",
        "give the service a healthcheck in the stack file, which also becomes its probes")
    }
    let start = config.entrypoint.isEmpty ? config.command : config.entrypoint
    let isReplaced =
      !uses.isEmpty
      && uses.allSatisfy { $0.hasEntrypoint || $0.hasCommand && config.entrypoint.isEmpty }
    if !isReplaced, start.count >= 3, ["/bin/sh", "/bin/bash", "sh", "bash"].contains(start[0]),
      start[1] == "-c",
      !start[2].hasPrefix("exec ")
    {
      add(
        "shell-form", .warning, "a shell stands between the stop signal and the service",
        "write CMD and ENTRYPOINT in JSON form: [\"program\", \"argument\"]")
    }
    for volume in config.volumes {
      let without = uses.filter { !$0.mounts.contains(volume) }
      if without.isEmpty { continue }
      add(
        "unmounted-volume", .warning,
        "\(without.map(\.name).joined(separator: ", ")) mount\(without.count == 1 ? "s" : "") nothing on \(volume): what is written there is lost",
        "mount a volume in the stack: volumes: [data:\(volume)], or a tmpfs")
    }
  }

  /// `412 B`, `61.4 kB`, `12.3 MB`, of a thousand or million bytes each, as Docker counts.
  package static func megabytes(_ bytes: Int) -> String {
    if bytes < 1000 { return "\(bytes) B" }
    let unit = bytes < 999_950 ? 1000 : 1_000_000
    let tenths = (bytes + unit / 20) / (unit / 10)
    return "\(tenths / 10).\(tenths % 10) \(unit == 1000 ? "kB" : "MB")"
  }
}

/// A text of an archive's or a report's, in which nothing can steer a terminal.
package func visible(_ text: some StringProtocol) -> String {
  guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return String(text) }
  return String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { scalar in
        let isControl =
          scalar.value < 0x20 || 0x7F..<0xA0 ~= scalar.value || 0x200B...0x200F ~= scalar.value
          || 0x2028...0x202E ~= scalar.value || 0x2066...0x2069 ~= scalar.value
        return isControl ? "\u{FFFD}" : scalar
      }))
}
