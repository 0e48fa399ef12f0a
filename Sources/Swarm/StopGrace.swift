import YAML

extension Service {
  /// How long a task may take to end before it is killed; 10 s where nothing is written.
  ///
  /// Source: moby `container.DefaultStopTimeout`.
  package var stopGracePeriod: Setting<Duration> {
    Setting(node["stop_grace_period"], default: .seconds(10), read: \.duration)
  }
}

/// A Linux signal by its full name.
package struct StopSignal: Sendable, Hashable {
  package let name: String

  package static let term = StopSignal(name: "SIGTERM")
  package static let kill = StopSignal(name: "SIGKILL")

  private init(name: String) { self.name = name }

  /// Reads `SIGQUIT`, `QUIT`, `quit` and `3`, as the engine does; nil for anything else.
  ///
  /// Sources: moby `signal.ParseSignal`; Kubernetes' list of stop signals, which has the same names.
  package init?(_ text: String) {
    if let number = Int(text) {
      guard let name = Self.numbers.first(where: { $0.number == number })?.name else {
        guard (34...64).contains(number) else { return nil }
        let offset = number - 34
        name =
          "SIGRTM"
          + (offset <= 15
            ? "IN\(offset == 0 ? "" : "+\(offset)")"
            : "AX\(offset == 30 ? "" : "-\(30 - offset)")")
        return
      }
      self.name = "SIG" + name
      return
    }
    let upper = text.uppercased()
    let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
    guard Self.isKnown(name) else { return nil }
    self.name = "SIG" + name
  }

  private static func isKnown(_ name: String) -> Bool {
    if numbers.contains(where: { $0.name == name }) { return true }
    if ["CLD", "IOT", "POLL"].contains(name) { return true }
    for (prefix, most) in [("RTMIN", 15), ("RTMAX", 14)] where name.hasPrefix(prefix) {
      let rest = name.dropFirst(prefix.count)
      if rest.isEmpty { return true }
      guard rest.first == (prefix == "RTMIN" ? "+" : "-"), let offset = Int(rest.dropFirst()) else {
        return false
      }
      return (1...most).contains(offset) && rest.utf8.count == "\(offset)".utf8.count + 1
    }
    return false
  }

  private static let numbers: [(number: Int, name: String)] = [
    (1, "HUP"), (2, "INT"), (3, "QUIT"), (4, "ILL"), (5, "TRAP"), (6, "ABRT"), (7, "BUS"),
    (8, "FPE"), (9, "KILL"), (10, "USR1"), (11, "SEGV"), (12, "USR2"), (13, "PIPE"), (14, "ALRM"),
    (15, "TERM"), (16, "STKFLT"), (17, "CHLD"), (18, "CONT"), (19, "STOP"), (20, "TSTP"),
    (21, "TTIN"), (22, "TTOU"), (23, "URG"), (24, "XCPU"), (25, "XFSZ"), (26, "VTALRM"),
    (27, "PROF"), (28, "WINCH"), (29, "IO"), (30, "PWR"), (31, "SYS"),
  ]
}
