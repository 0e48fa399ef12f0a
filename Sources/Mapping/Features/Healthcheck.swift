import Kubernetes
package import Ledger
package import Swarm
import YAML

/// Container health checks become probes.
package enum Healthcheck: Feature {
  package static let name = "healthcheck"
  package static let title = "Health checks"
  package static let about = """
    Swarm keeps a task out of the load balancer until its test has succeeded once, and kills and replaces it when the test
    fails `retries` times in a row. One test does both, so it becomes three probes:

    - **startupProbe**: while the container starts. Failures within `start_period` do not count in Swarm, and after it
      `retries` more failures are needed. The probe runs each `start_interval` within a start period (each `interval` without
      one), as often as it takes to cover the start period and `retries` intervals. It never gives up before Swarm would.
    - **readinessProbe**: whether the pod gets traffic.
    - **livenessProbe**: whether the container is killed.

    Swarm's timings are written out, also where the stack is silent: an interval of 30 s, a timeout of 30 s, 3 retries, a start
    interval of 5 s. (An image's own `HEALTHCHECK` fills in timings that the stack leaves out; they are not visible here.)
    Kubernetes counts in whole seconds, so parts of a second are rounded up, with a finding. A timeout that is longer than the
    interval means the same in both: runs do not overlap.

    **What runs.** `["CMD", …]` becomes the exec command as it is; `CMD-SHELL` and plain strings run in `/bin/sh -c`, as the
    engine does, or in the image's own `SHELL` where it is known to set one. Tests such as `curl localhost` stay commands rather than `httpGet`:
    they test from inside the container, as before. `$(…)` of the shell is escaped, as Kubernetes would take it for its own, and
    names of other services are rewritten.

    **After a failure** the kubelet restarts the container inside its pod, on its node; Swarm makes a new task, maybe elsewhere.

    `NONE` and `disable: true` mean no probes, whatever the image says. **No test in the stack** leaves the image's, which Swarm
    runs and Kubernetes does not: it becomes the probes where it is known, and must be written into the stack where the stack has
    timings for one that is not. Jobs get no readiness probe, since nothing waits for them.
    """
  package static let owns: [KeyPattern] = ["services.*.healthcheck.**"]
  package static let examples: [Example] = [
    Example(
      "One test, three probes",
      stack: """
        image: api:1
        healthcheck:
          test: curl -f http://localhost:3000/health
          interval: 10s
          timeout: 3s
          retries: 5
          start_period: 1m
        """,
      kubernetes: """
        livenessProbe:
          exec:
            command:
              - /bin/sh
              - -c
              - curl -f http://localhost:3000/health
          timeoutSeconds: 3
          periodSeconds: 10
          failureThreshold: 5
        readinessProbe:
          timeoutSeconds: 3
          periodSeconds: 10
          failureThreshold: 5
        startupProbe:
          timeoutSeconds: 3
          periodSeconds: 5
          failureThreshold: 22
        """)
  ]

  private static let field = "containers[].livenessProbe"

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let node = service["healthcheck"]
    guard let check = service.healthcheck else { return ledger.keep(node, as: field) }
    switch check.test {
    case .image:
      if service.imageFacts?.isComplete == true {
        ledger.settle(node, .inert, .noTestAnywhere)
      } else {
        ledger.settle(node, .manual, .testInImage(service.image?.text ?? ""))
      }
      return
    case .disabled:
      ledger.keep(node, as: "no probes")
      return
    case .unknown(let word):
      ledger.settle(node, .adapted, .unknownTest(word))
      return
    case .exec, .shell: break
    }
    guard let arguments = check.arguments else {
      ledger.settle(node, .manual, .emptyTest)
      return
    }
    var command: [String] = []
    var replacements: [HostNames.Replacement] = []
    for argument in arguments {
      let (text, hosts) = facts.rewriteHosts(argument)
      command.append(escapingReferences(text))
      replacements += hosts.filter { !replacements.contains($0) }
    }
    let timing = Timing(check)
    let handler = Probe.Handler.exec(command)
    let regular = Probe(
      handler, timeoutSeconds: timing.timeout, periodSeconds: timing.interval,
      failureThreshold: timing.retries)
    workload.container.livenessProbe = regular
    if workload.kind != .job && workload.kind != .cronJob {
      workload.container.readinessProbe = regular
    }
    workload.container.startupProbe = Probe(
      handler, timeoutSeconds: timing.timeout, periodSeconds: timing.startPeriodSeconds,
      failureThreshold: timing.startThreshold)

    for (key, duration) in [
      ("interval", check.interval), ("timeout", check.timeout),
      ("start_interval", check.startInterval), ("start_period", check.startPeriod),
    ] where !duration.isDefault && duration.value.components.attoseconds != 0 {
      // The start period is covered by whole checks, not by seconds of its own.
      if key == "start_period" { continue }
      ledger.settle(
        node?[key], .adapted, .rounded(key, duration.value, to: seconds(duration.value)), as: field)
    }
    if check.isTestOfImage {
      ledger.remark(
        hosts: replacements, isRewritten: facts.options.rewriteHosts, feature: name,
        at: service.imageKey, as: field)
    } else if let test = node?["test"] {
      ledger.settle(
        test, hosts: replacements, isRewritten: facts.options.rewriteHosts, feature: name, as: field
      )
    }
    if let declared = check.declared {
      ledger.remark(
        .adapted, .ofImage(check, declared), at: node?.id ?? service.imageKey, as: field)
    }
    ledger.keep(node?["start_period"], as: "containers[].startupProbe")
    if check.startPeriod.value > .zero {
      ledger.keep(node?["start_interval"], as: "containers[].startupProbe")
    } else if let unused = node?["start_interval"] {
      ledger.settle(unused, .inert, .startIntervalUnused)
    }
    ledger.keep(node, as: field)
  }

  /// Whole seconds for a field that holds 1 to 2147483647.
  fileprivate static func seconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return max(1, min(Int(seconds), Int(Int32.max) - 1) + (attoseconds > 0 ? 1 : 0))
  }

  /// The numbers of the probes.
  private struct Timing {
    let interval: Int
    let timeout: Int
    let retries: Int
    let startPeriodSeconds: Int
    let startThreshold: Int

    init(_ check: Swarm.Healthcheck) {
      interval = seconds(check.interval.value)
      timeout = seconds(check.timeout.value)
      retries = max(1, min(check.retries.value, Int(Int32.max)))
      let hasStartPeriod = check.startPeriod.value > .zero
      startPeriodSeconds = hasStartPeriod ? seconds(check.startInterval.value) : interval
      // Until Swarm would kill the task: the start period, then `retries` failures an interval apart.
      let total =
        Double(hasStartPeriod ? seconds(check.startPeriod.value) : 0)
        + Double(retries) * Double(interval)
      let checks = (total / Double(startPeriodSeconds)).rounded(.up)
      startThreshold = Int(min(checks, Double(Int32.max)))
    }
  }
}

extension Finding.Message {
  fileprivate static func ofImage(
    _ check: Swarm.Healthcheck, _ declared: ImageFacts.Declared<ImageFacts.Check>
  ) -> Self {
    var times = [
      "every \(check.interval.value.goText)", "\(check.timeout.value.goText) to answer",
      "\(check.retries.value) failures in a row",
    ]
    if check.startPeriod.value > .zero {
      times.append("\(check.startPeriod.value.goText) to start")
    }
    let list = times.joined(separator: ", ")
    if check.isTestOfImage {
      return Self(
        "healthcheck/of-image",
        "Swarm runs the image's own health check (\(declared.evidence.inWords)), which Kubernetes does not. It is written out as the "
          + "pod's probes, as Docker puts image and stack together: \(list).",
        remedy: "healthcheck: {disable: true}  # in the stack: no probes",
        evidence: declared.evidence)
    }
    return Self(
      "healthcheck/timings-of-image",
      "What the stack leaves out of its health check Docker takes from the image's (\(declared.evidence.inWords)), and so do the "
        + "probes: \(list).",
      evidence: declared.evidence)
  }

  fileprivate static var noTestAnywhere: Self {
    Self(
      "healthcheck/no-test-anywhere",
      "These timings belong to a health check of the image, and the image has none: Swarm checks nothing either."
    )
  }

  fileprivate static func testInImage(_ image: String) -> Self {
    Self(
      "healthcheck/test-in-image",
      "These timings belong to the HEALTHCHECK of the image, which Kubernetes does not run: the pods "
        + "get no probes, take traffic as soon as they run and are not restarted when they hang.",
      remedy: "docker image inspect --format '{{json .Config.Healthcheck.Test}}' \(image)"
        + "  # then write it as healthcheck.test")
  }

  fileprivate static func unknownTest(_ word: String) -> Self {
    Self(
      "healthcheck/unknown-test",
      "A test that is a list must begin with CMD, CMD-SHELL or NONE. Docker logs `\(word)` as an unknown type and runs no "
        + "health check, and Swarm waits for its result for ever: the task stays \"starting\" and no name leads to it. Here "
        + "there is no probe, and the pods count as ready at once.",
      remedy: "Put \"CMD\" before `\(word)`, and run again.")
  }

  fileprivate static var emptyTest: Self {
    Self(
      "healthcheck/empty-test",
      "The test is CMD without a command, which cannot run; the pods get no probes.",
      remedy: "Write the command behind CMD, or `disable: true`.")
  }

  fileprivate static func rounded(_ key: String, _ duration: Duration, to seconds: Int) -> Self {
    Self(
      "healthcheck/rounded",
      "The \(key) of \(duration.goText) is \(seconds)s in Kubernetes, which counts in whole seconds."
    )
  }

  fileprivate static var startIntervalUnused: Self {
    Self(
      "healthcheck/start-interval-unused",
      "Without a start_period Docker never uses the start_interval.")
  }
}
