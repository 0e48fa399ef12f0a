import Kubernetes
package import Ledger
import Swarm
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
    interval of 5 s. What the stack leaves out is taken from the image's own `HEALTHCHECK` first, as Docker does, where that is
    known: from the Dockerfile that `build` names, or from an archive of the image.
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

  enum Kind {
    static let ofImage: FindingKind = .adapted("healthcheck/of-image")
    static let timingsOfImage: FindingKind = .adapted("healthcheck/timings-of-image")
    static let noTestAnywhere: FindingKind = .inert("healthcheck/no-test-anywhere")
    static let testInImage: FindingKind = .manual("healthcheck/test-in-image", .changesBehaviour)
    static let unknownTest: FindingKind = .adapted("healthcheck/unknown-test")
    static let emptyTest: FindingKind = .manual("healthcheck/empty-test", .changesBehaviour)
    static let rounded: FindingKind = .adapted("healthcheck/rounded")
    static let startIntervalUnused: FindingKind = .inert("healthcheck/start-interval-unused")
  }

  package static let kinds: [FindingKind] =
    [
      Kind.ofImage, Kind.timingsOfImage, Kind.noTestAnywhere, Kind.testInImage, Kind.unknownTest,
      Kind.emptyTest, Kind.rounded, Kind.startIntervalUnused,
    ] + HostKinds.healthcheck.all

  private static let field = "containers[].livenessProbe"

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    let node = service["healthcheck"]
    guard let check = service.healthcheck else { return context.keep(node, as: field) }
    switch check.test {
    case .image:
      if service.imageFacts?.isComplete == true {
        context.settle(node, .noTestAnywhere)
      } else {
        context.settle(node, .testInImage(service.image?.text ?? ""))
      }
      return
    case .disabled:
      context.keep(node, as: "no probes")
      return
    case .unknown(let word):
      context.settle(node, .unknownTest(word))
      return
    case .exec, .shell: break
    }
    guard let arguments = check.arguments else {
      context.settle(node, .emptyTest)
      return
    }
    var command: [String] = []
    var replacements: [HostReplacement] = []
    for argument in arguments {
      let (text, hosts) = context.rewriteHosts(argument)
      command.append(escapingReferences(text))
      replacements += hosts.filter { !replacements.contains($0) }
    }
    let timing = Timing(check)
    let handler = Probe.Handler.exec(command)
    let regular = Probe(
      handler, timeoutSeconds: timing.timeout, periodSeconds: timing.interval,
      failureThreshold: timing.retries)
    context.workload.container.livenessProbe = regular
    if context.workload.kind != .job && context.workload.kind != .cronJob {
      context.workload.container.readinessProbe = regular
    }
    context.workload.container.startupProbe = Probe(
      handler, timeoutSeconds: timing.timeout, periodSeconds: timing.startPeriodSeconds,
      failureThreshold: timing.startThreshold)

    for (key, duration) in [
      ("interval", check.interval), ("timeout", check.timeout),
      ("start_interval", check.startInterval), ("start_period", check.startPeriod),
    ] where !duration.isDefault && duration.value.components.attoseconds != 0 {
      // The start period is covered by whole checks, not by seconds of its own.
      if key == "start_period" { continue }
      context.settle(
        node?[key], .rounded(key, duration.value, to: seconds(duration.value)), as: field)
    }
    if check.isTestOfImage {
      context.remark(hosts: replacements, .healthcheck, at: service.imageKey, as: field)
    } else if let test = node?["test"] {
      context.settle(test, hosts: replacements, .healthcheck, as: field)
    }
    if let declared = check.declared {
      context.remark(
        .ofImage(check, declared), at: node?.id ?? service.imageKey, as: field)
    }
    context.keep(node?["start_period"], as: "containers[].startupProbe")
    if check.startPeriod.value > .zero {
      context.keep(node?["start_interval"], as: "containers[].startupProbe")
    } else if let unused = node?["start_interval"] {
      context.settle(unused, .startIntervalUnused)
    }
    context.keep(node, as: field)
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

private typealias Kind = Healthcheck.Kind

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
        Kind.ofImage,
        "Swarm runs the image's own health check (\(declared.evidence.inWords)), which Kubernetes does not. It is written out as the "
          + "pod's probes, as Docker puts image and stack together: \(list).",
        remedy: .edit("healthcheck: {disable: true}", note: "in the stack: no probes"),
        evidence: declared.evidence)
    }
    return Self(
      Kind.timingsOfImage,
      "What the stack leaves out of its health check Docker takes from the image's (\(declared.evidence.inWords)), and so do the "
        + "probes: \(list).",
      evidence: declared.evidence)
  }

  fileprivate static var noTestAnywhere: Self {
    Self(
      Kind.noTestAnywhere,
      "These timings belong to a health check of the image, and the image has none: Swarm checks nothing either."
    )
  }

  fileprivate static func testInImage(_ image: String) -> Self {
    Self(
      Kind.testInImage,
      "These timings belong to the HEALTHCHECK of the image, which Kubernetes does not run: the pods "
        + "get no probes, take traffic as soon as they run and are not restarted when they hang.",
      remedy: .look(
        Command("docker image inspect --format '{{json .Config.Healthcheck.Test}}' \(image)")
          .noting("then write it as healthcheck.test")))
  }

  fileprivate static func unknownTest(_ word: String) -> Self {
    Self(
      Kind.unknownTest,
      "A test that is a list must begin with CMD, CMD-SHELL or NONE. Docker logs `\(word)` as an unknown type and runs no "
        + "health check, and Swarm waits for its result for ever: the task stays \"starting\" and no name leads to it. Here "
        + "there is no probe, and the pods count as ready at once.",
      remedy: .sentence("Put \"CMD\" before `\(word)`, and run again."))
  }

  fileprivate static var emptyTest: Self {
    Self(
      Kind.emptyTest,
      "The test is CMD without a command, which cannot run; the pods get no probes.",
      remedy: .sentence("Write the command behind CMD, or `disable: true`."))
  }

  fileprivate static func rounded(_ key: String, _ duration: Duration, to seconds: Int) -> Self {
    Self(
      Kind.rounded,
      "The \(key) of \(duration.goText) is \(seconds)s in Kubernetes, which counts in whole seconds."
    )
  }

  fileprivate static var startIntervalUnused: Self {
    Self(
      Kind.startIntervalUnused,
      "Without a start_period Docker never uses the start_interval.")
  }
}
