import Kubernetes

// Probes and lifecycle (kubernetes pkg/apis/core/validation `validateProbe`, `validateLifecycle`).

extension ProblemList {
  package mutating func checkProbes(of container: Field) {
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
      guard let probe = container[name] else { continue }
      checkProbe(probe, isReadiness: name == "readinessProbe")
      for handler in ["httpGet", "tcpSocket"] {
        guard let port = probe[handler]?.text("port"), PortName.isValid(port) else { continue }
        // The kubelet could not find it.
        expect(
          container.items("ports").contains { $0.text("name") == port }, .probe,
          at: probe[handler]!.at("port"), "no port of the container has the name \(port)")
      }
    }
  }

  private mutating func checkProbe(_ probe: Field, isReadiness: Bool) {
    checkHandler(probe, ["exec", "httpGet", "tcpSocket", "grpc"])
    checkNumber(probe, "initialDelaySeconds", .probe)
    // 0 is taken for "unset", and means the default.
    for name in ["timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
      checkNumber(probe, name, .probe)
      warn(
        unless: probe.int(name) != 0, .probe, at: probe.at(name), "0 stands for the default")
    }
    checkNumber(probe, "terminationGracePeriodSeconds", from: 1, to: .max, .probe)
    if isReadiness {
      expect(
        probe["terminationGracePeriodSeconds"] == nil, .probe,
        at: probe.at("terminationGracePeriodSeconds"), "a readiness probe ends nothing")
    } else {
      let successes = probe.int("successThreshold") ?? 1
      expect(
        (0...1).contains(successes), .probe, at: probe.at("successThreshold"),
        "must be 1 for liveness and startup")
    }
  }

  /// `validateHandler`.
  private mutating func checkHandler(_ owner: Field, _ names: [String]) {
    expectOne(of: names, in: owner, .probe, "the way to ask")
    if let exec = owner["exec"] {
      expect(
        !exec.items("command").isEmpty, .probe, at: exec.at("command"), "there is no command")
    }
    if let get = owner["httpGet"] {
      expect(get.text("path") != "", .probe, at: get.at("path"), "there is no path")
    }
    for name in ["httpGet", "tcpSocket", "grpc"] {
      guard let handler = owner[name] else { continue }
      checkNumber(handler, "port", from: 1, to: 65535, .port)
      if let port = handler.text("port") {
        expect(
          PortName.isValid(port), .port, at: handler.at("port"), "\(port) is no port name",
          hint: Int(port) == nil ? nil : "a port's number takes no quotes")
      }
    }
  }

  package mutating func checkLifecycle(of container: Field, in pod: Field) {
    guard let lifecycle = container["lifecycle"] else { return }
    for name in ["postStart", "preStop"] {
      if let hook = lifecycle[name] {
        checkHandler(hook, ["exec", "httpGet", "tcpSocket", "sleep"])
      }
    }
    guard let signal = lifecycle.text("stopSignal"), minor >= 33 else { return }
    let spot = lifecycle.at("stopSignal")
    // `validateStopSignal`
    switch pod["os"]?.text("name") {
    case "linux":
      expect(Self.isLinuxSignal(signal), .value, at: spot, "\(signal) is no signal of Linux")
    case "windows":
      expect(
        signal == "SIGTERM" || signal == "SIGKILL", .value, at: spot, "Windows has no \(signal)")
    case nil: add(.value, at: spot, "the pod's os must be set")
    default: break
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
