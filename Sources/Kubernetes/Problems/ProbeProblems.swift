// Probes and lifecycle (kubernetes pkg/apis/core/validation `validateProbe`, `validateLifecycle`).

extension ProblemList {
  mutating func checkProbes(of container: Container, at place: () -> String) {
    check(container.livenessProbe, isReadiness: false) { "\(place()).livenessProbe" }
    check(container.readinessProbe, isReadiness: true) { "\(place()).readinessProbe" }
    check(container.startupProbe, isReadiness: false) { "\(place()).startupProbe" }
    for (name, probe) in [
      ("livenessProbe", container.livenessProbe), ("readinessProbe", container.readinessProbe),
      ("startupProbe", container.startupProbe),
    ] {
      guard let port = probe?.handler.portName else { continue }
      // The kubelet could not find it.
      expect(
        container.ports.contains { $0.name == port }, "\(place()).\(name)",
        "no port of the container has the name \(port)")
    }
  }

  private mutating func check(_ probe: Probe?, isReadiness: Bool, at place: () -> String) {
    guard let probe else { return }
    check(probe.handler, at: place)
    check(probe.initialDelaySeconds) { "\(place()).initialDelaySeconds" }
    // 0 would be taken for "unset", and mean the default.
    check(probe.timeoutSeconds, from: 1) { "\(place()).timeoutSeconds" }
    check(probe.periodSeconds, from: 1) { "\(place()).periodSeconds" }
    check(probe.successThreshold, from: 1) { "\(place()).successThreshold" }
    check(probe.failureThreshold, from: 1) { "\(place()).failureThreshold" }
    check(probe.terminationGracePeriodSeconds, from: 1) {
      "\(place()).terminationGracePeriodSeconds"
    }
    if isReadiness {
      expect(
        probe.terminationGracePeriodSeconds == nil, "\(place()).terminationGracePeriodSeconds",
        "a readiness probe ends nothing")
    } else {
      expect(
        probe.successThreshold ?? 1 == 1, "\(place()).successThreshold",
        "must be 1 for liveness and startup")
    }
  }

  private mutating func check(_ handler: Probe.Handler, at place: () -> String) {
    switch handler {
    case .exec(let command):
      expect(!command.isEmpty, "\(place()).exec.command", "there is no command")
    case .httpGet(let path, _, _, _):
      expect(!path.isEmpty, "\(place()).httpGet.path", "there is no path")
    case .tcpSocket: break
    }
  }

  mutating func checkLifecycle(of container: Container, in pod: PodSpec, at place: () -> String) {
    let lifecycle = container.lifecycle
    if let handler = lifecycle.postStart { check(handler) { "\(place()).lifecycle.postStart" } }
    if let handler = lifecycle.preStop { check(handler) { "\(place()).lifecycle.preStop" } }
    if let signal = lifecycle.stopSignal {
      func path() -> String { "\(place()).lifecycle.stopSignal" }
      // Older servers do not know the field, and strict ones refuse it.
      expect(minor >= 33, path(), "is there from 1.33 on")
      // `validateStopSignal`
      switch pod.os {
      case .linux:
        expect(Self.isLinuxSignal(signal), path(), "\(signal) is no signal of Linux")
      case .windows:
        expect(signal == "SIGTERM" || signal == "SIGKILL", path(), "Windows has no \(signal)")
      case nil: add(path(), "the pod's os must be set")
      }
    }
  }

  /// The names in the API's `Signal` type.
  package static func isLinuxSignal(_ name: String) -> Bool {
    let names = [
      "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT",
      "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM",
      "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
      "RTMIN", "RTMAX",
    ]
    guard name.hasPrefix("SIG") else { return false }
    let rest = name.dropFirst(3)
    if names.contains(String(rest)) { return true }
    // SIGRTMIN+1 … SIGRTMIN+15, SIGRTMAX-14 … SIGRTMAX-1
    for (prefix, most) in [("RTMIN+", 15), ("RTMAX-", 14)] where rest.hasPrefix(prefix) {
      let digits = rest.dropFirst(prefix.count)
      return digits.first != "0" && Int(digits).map { (1...most).contains($0) } ?? false
    }
    return false
  }
}

extension Probe.Handler {
  fileprivate var portName: PortName? {
    switch self {
    case .httpGet(_, .name(let name), _, _), .tcpSocket(.name(let name), _): name
    default: nil
    }
  }
}
