import Kubernetes
package import Ledger
import Swarm
import YAML

/// How a container is asked to end, and how long it has.
package enum StopGrace: Feature {
  package static let name = "stop-grace"
  package static let title = "Stopping"
  package static let about = """
    Swarm sends `stop_signal` (else the image's `STOPSIGNAL`, else SIGTERM) and kills the process after `stop_grace_period`, \
    10 s where nothing is written. Kubernetes waits 30 s by default, so Swarm's 10 s are written out. Kubernetes counts whole \
    seconds: fractions are rounded up. A grace of zero kills at once in Swarm; in a pod's specification 0 would also skip the \
    kubelet's own clean-up, so it becomes 1 s.

    Container runtimes on Kubernetes honour the image's `STOPSIGNAL`. A signal given in the stack becomes \
    `lifecycle.stopSignal`, which exists from Kubernetes 1.33, needs the pod's `os`, and acts only where the feature gate \
    `ContainerStopSignals` is on. For older targets the signal is lost unless the image names it.
    """
  package static let owns: [KeyPattern] = [
    "services.*.stop_grace_period", "services.*.stop_signal",
  ]
  package static let examples: [Example] = [
    Example(
      "A minute and a half, and SIGQUIT",
      stack: """
        image: nginx:1.27
        stop_grace_period: 1m30s
        stop_signal: SIGQUIT
        """,
      kubernetes: """
              os:
                name: linux
              terminationGracePeriodSeconds: 90
        """,
      findings: ["stop-grace/signal-gated"])
  ]

  enum Kind {
    static let `default`: FindingKind = .adapted("stop-grace/default")
    static let zero: FindingKind = .adapted("stop-grace/zero")
    static let rounded: FindingKind = .adapted("stop-grace/rounded")
    static let signalGated: FindingKind = .adapted("stop-grace/signal-gated")
    static let signalOfImage: FindingKind = .adapted("stop-grace/signal-of-image")
    static let signalOfImageWins: FindingKind = .lost(
      "stop-grace/signal-of-image-wins", .changesBehaviour)
    static let signalLost: FindingKind = .lost("stop-grace/signal-lost", .changesBehaviour)
    static let signalUnknown: FindingKind = .lost("stop-grace/signal-unknown", .changesBehaviour)
    static let terminate: FindingKind = .adapted("stop-grace/terminate")
  }

  package static let kinds: [FindingKind] = [
    Kind.default, Kind.zero, Kind.rounded, Kind.signalGated, Kind.signalOfImage,
    Kind.signalOfImageWins, Kind.signalLost, Kind.signalUnknown, Kind.terminate,
  ]

  private static let field = "spec.template.spec.terminationGracePeriodSeconds"

  package static func map(_ context: inout ServiceContext) {
    mapGrace(&context)
    mapSignal(&context)
  }

  private static func mapGrace(_ context: inout ServiceContext) {
    let service = context.service
    let grace = service.stopGracePeriod
    let seconds = max(grace.value.secondsRoundedUp, 1)
    context.workload.pod.terminationGracePeriodSeconds = seconds
    let node = service.node["stop_grace_period"]
    if grace.isDefault {
      context.remark(.graceDefault(), as: field)
    } else if grace.value <= .zero {
      context.settle(node, .graceZero(), as: field)
    } else if grace.value != .seconds(seconds) {
      context.settle(node, .graceRounded(grace.value, seconds), as: field)
    }
    context.keep(node, as: field)
  }

  private static func mapSignal(_ context: inout ServiceContext) {
    let service = context.service
    let version = context.options.kubernetes
    guard let node = service.node["stop_signal"] else { return }
    let text = node.text ?? ""
    guard let signal = StopSignal(text) else {
      context.settle(node, .signalUnknown(text))
      return
    }
    let ofImage = service.imageFacts?.stopSignal
    if let ofImage, StopSignal(ofImage.value) == signal {
      context.remark(
        .signalOfImage(signal.name, ofImage.evidence), at: node.id,
        as: "spec.template.spec.containers[0]")
      return context.keep(node, as: "spec.template.spec.containers[0]")
    }
    // A pod that is said to be one of Windows may have none of the settings that only Linux knows.
    if version.minor >= 33, !service.isWindows {
      context.workload.pod.os = .linux
      context.workload.container.lifecycle.stopSignal = signal.name
      context.settle(
        node, .signalGated(signal.name),
        as: "spec.template.spec.containers[0].lifecycle.stopSignal")
    } else if let ofImage {
      context.settle(node, .signalOfImageWins(signal.name, ofImage, version))
    } else if signal == .term {
      context.settle(node, .terminate(), as: "spec.template.spec.containers[0]")
    } else {
      context.settle(
        node, .signalLost(signal.name, service.node["image"]?.text ?? "", version))
    }
  }
}

private typealias Kind = StopGrace.Kind

extension Finding.Message {
  fileprivate static func graceDefault() -> Self {
    Self(
      Kind.default,
      "Swarm kills a task 10 s after asking it to stop, because the stack does not say otherwise; that is written out. Kubernetes alone "
        + "would wait 30 s.")
  }

  fileprivate static func graceZero() -> Self {
    Self(
      Kind.zero,
      "Swarm kills the process at once; Kubernetes gives it one second, its shortest orderly stop.")
  }

  fileprivate static func graceRounded(_ grace: Duration, _ seconds: Int) -> Self {
    Self(
      Kind.rounded,
      "Kubernetes counts whole seconds: \(grace.goText) of grace become \(seconds) s.")
  }

  fileprivate static func signalGated(_ signal: String) -> Self {
    Self(
      Kind.signalGated,
      "\(signal) is sent only by clusters with the feature gate ContainerStopSignals; others send the image's STOPSIGNAL, SIGTERM if it "
        + "has none. `STOPSIGNAL \(signal)` in the image works on every cluster.",
      remedy: .look("kubectl get --raw /metrics | grep 'name=\"ContainerStopSignals\"'"))
  }

  fileprivate static func signalOfImage(_ signal: String, _ evidence: ImageFacts.Evidence) -> Self {
    Self(
      Kind.signalOfImage,
      "\(signal) is the image's own signal (\(evidence.inWords)), which every container runtime sends: nothing is written for it.",
      evidence: evidence)
  }

  fileprivate static func signalOfImageWins(
    _ signal: String, _ declared: ImageFacts.Declared<String>, _ version: Options.KubernetesVersion
  ) -> Self {
    Self(
      Kind.signalOfImageWins,
      "Kubernetes \(version) sends the image's own signal (\(declared.evidence.inWords)) and not \(signal), which the stack asks "
        + "for: the process may end without its orderly shutdown.",
      remedy: .fragment(
        "STOPSIGNAL \(signal)", note: "in the Dockerfile, in place of \(declared.value)"),
      evidence: declared.evidence)
  }

  fileprivate static func signalLost(
    _ signal: String, _ image: String, _ version: Options.KubernetesVersion
  ) -> Self {
    // A digest is no part of a name that can be given.
    let name = image.prefix { $0 != "@" }
    return Self(
      Kind.signalLost,
      "Kubernetes \(version) sends the image's STOPSIGNAL, SIGTERM if it has none, and not \(signal): the process may end without its "
        + "orderly shutdown. An image that names the signal behaves as on Swarm.",
      remedy: .command(
        """
        printf 'FROM %s\\nSTOPSIGNAL %s\\n' \(image) \(signal) | \
        docker build -t \(name)-\(signal.lowercased()) -
        """))
  }

  fileprivate static func signalUnknown(_ text: String) -> Self {
    Self(
      Kind.signalUnknown,
      "`\(text)` is no signal that Kubernetes knows: the image's STOPSIGNAL is sent, SIGTERM if it has none."
    )
  }

  fileprivate static func terminate() -> Self {
    Self(
      Kind.terminate,
      "SIGTERM is what Kubernetes sends, unless the image has a STOPSIGNAL of its own, which then wins."
    )
  }
}
