import Kubernetes
package import Ledger
package import Swarm
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

  private static let field = "spec.template.spec.terminationGracePeriodSeconds"

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    mapGrace(service, into: &workload, &ledger)
    mapSignal(service, into: &workload, facts.options.kubernetes, &ledger)
  }

  private static func mapGrace(
    _ service: Swarm.Service, into workload: inout Workload, _ ledger: inout Ledger
  ) {
    let grace = service.stopGracePeriod
    let seconds = max(grace.value.secondsRoundedUp, 1)
    workload.pod.terminationGracePeriodSeconds = seconds
    let node = service.node["stop_grace_period"]
    if grace.isDefault {
      ledger.remark(.adapted, .graceDefault(), as: field)
    } else if grace.value <= .zero {
      ledger.settle(node, .adapted, .graceZero(), as: field)
    } else if grace.value != .seconds(seconds) {
      ledger.settle(node, .adapted, .graceRounded(grace.value, seconds), as: field)
    }
    ledger.keep(node, as: field)
  }

  private static func mapSignal(
    _ service: Swarm.Service, into workload: inout Workload,
    _ version: Options.KubernetesVersion, _ ledger: inout Ledger
  ) {
    guard let node = service.node["stop_signal"] else { return }
    let text = node.text ?? ""
    guard let signal = StopSignal(text) else {
      ledger.settle(node, .lost, .signalUnknown(text))
      return
    }
    let ofImage = service.imageFacts?.stopSignal
    if let ofImage, StopSignal(ofImage.value) == signal {
      ledger.remark(
        .adapted, .signalOfImage(signal.name, ofImage.evidence), at: node.id,
        as: "spec.template.spec.containers[0]")
      return ledger.keep(node, as: "spec.template.spec.containers[0]")
    }
    // A pod that is said to be one of Windows may have none of the settings that only Linux knows.
    if version.minor >= 33, !service.isWindows {
      workload.pod.os = .linux
      workload.container.lifecycle.stopSignal = signal.name
      ledger.settle(
        node, .adapted, .signalGated(signal.name),
        as: "spec.template.spec.containers[0].lifecycle.stopSignal")
    } else if let ofImage {
      ledger.settle(node, .lost, .signalOfImageWins(signal.name, ofImage, version))
    } else if signal == .term {
      ledger.settle(node, .adapted, .terminate(), as: "spec.template.spec.containers[0]")
    } else {
      ledger.settle(
        node, .lost, .signalLost(signal.name, service.node["image"]?.text ?? "", version))
    }
  }
}

extension Finding.Message {
  fileprivate static func graceDefault() -> Self {
    Self(
      "stop-grace/default",
      "Swarm kills a task 10 s after asking it to stop, because the stack does not say otherwise; that is written out. Kubernetes alone "
        + "would wait 30 s.")
  }

  fileprivate static func graceZero() -> Self {
    Self(
      "stop-grace/zero",
      "Swarm kills the process at once; Kubernetes gives it one second, its shortest orderly stop.")
  }

  fileprivate static func graceRounded(_ grace: Duration, _ seconds: Int) -> Self {
    Self(
      "stop-grace/rounded",
      "Kubernetes counts whole seconds: \(grace.goText) of grace become \(seconds) s.")
  }

  fileprivate static func signalGated(_ signal: String) -> Self {
    Self(
      "stop-grace/signal-gated",
      "\(signal) is sent only by clusters with the feature gate ContainerStopSignals; others send the image's STOPSIGNAL, SIGTERM if it "
        + "has none. `STOPSIGNAL \(signal)` in the image works on every cluster.",
      remedy: "kubectl get --raw /metrics | grep 'name=\"ContainerStopSignals\"'")
  }

  fileprivate static func signalOfImage(_ signal: String, _ evidence: ImageFacts.Evidence) -> Self {
    Self(
      "stop-grace/signal-of-image",
      "\(signal) is the image's own signal (\(evidence.inWords)), which every container runtime sends: nothing is written for it.",
      evidence: evidence)
  }

  fileprivate static func signalOfImageWins(
    _ signal: String, _ declared: ImageFacts.Declared<String>, _ version: Options.KubernetesVersion
  ) -> Self {
    Self(
      "stop-grace/signal-of-image-wins",
      "Kubernetes \(version) sends the image's own signal (\(declared.evidence.inWords)) and not \(signal), which the stack asks "
        + "for: the process may end without its orderly shutdown.",
      remedy: "STOPSIGNAL \(signal)  # in the Dockerfile, in place of \(declared.value)",
      evidence: declared.evidence)
  }

  fileprivate static func signalLost(
    _ signal: String, _ image: String, _ version: Options.KubernetesVersion
  ) -> Self {
    Self(
      "stop-grace/signal-lost",
      "Kubernetes \(version) sends the image's STOPSIGNAL, SIGTERM if it has none, and not \(signal): the process may end without its "
        + "orderly shutdown. An image that names the signal behaves as on Swarm.",
      remedy:
        "printf 'FROM %s\\nSTOPSIGNAL \(signal)\\n' '\(image)' | docker build -t '\(image)-\(signal.lowercased())' -"
    )
  }

  fileprivate static func signalUnknown(_ text: String) -> Self {
    Self(
      "stop-grace/signal-unknown",
      "`\(text)` is no signal that Kubernetes knows: the image's STOPSIGNAL is sent, SIGTERM if it has none."
    )
  }

  fileprivate static func terminate() -> Self {
    Self(
      "stop-grace/terminate",
      "SIGTERM is what Kubernetes sends, unless the image has a STOPSIGNAL of its own, which then wins."
    )
  }
}
