package import YAML

/// A service's health check as the engine runs it.
///
/// What the stack leaves out, the image's `HEALTHCHECK` fills in, field by field; what neither sets is the engine's: interval
/// 30 s, timeout 30 s, 3 retries, no start period, start interval 5 s. Source: moby `daemon/health.go`, `daemon/commit.go`.
package struct Healthcheck: Sendable {
  /// What the engine runs.
  package enum Test: Sendable {
    /// The image's own test, which is not known, or none if it has none.
    case image
    /// `NONE` or `disable: true`: not even the image's test.
    case disabled
    /// `CMD`: the argument vector.
    case exec([String])
    /// `CMD-SHELL` or a plain string: the script for `/bin/sh -c`, and its positional parameters from `$0`.
    case shell(String, parameters: [String])
    /// A first word that the engine does not know: it logs a warning and runs no test at all, not even the image's. The
    /// container's health stays "starting" for ever, so that Swarm never counts the task as running.
    case unknown(String)
  }

  package let test: Test
  package let interval: Setting<Duration>
  package let timeout: Setting<Duration>
  package let retries: Setting<Int>
  package let startPeriod: Setting<Duration>
  package let startInterval: Setting<Duration>
  /// The mapping under `healthcheck`; empty where the stack says nothing.
  package let node: Node
  /// What the image declares, where the check has anything from it.
  package let declared: ImageFacts.Declared<ImageFacts.Check>?
  /// Whether the test is the image's.
  package let isTestOfImage: Bool
  /// What runs a test of the shell form.
  private let shell: [String]

  init(_ written: Node?, _ image: ImageFacts? = nil) {
    let node = written ?? Node(.mapping([]))
    self.node = node
    let check = image?.check?.value
    shell = image?.shell ?? ["/bin/sh", "-c"]
    interval = Setting(
      node["interval"], default: check?.interval ?? .seconds(30), read: \.nonZeroDuration)
    timeout = Setting(
      node["timeout"], default: check?.timeout ?? .seconds(30), read: \.nonZeroDuration)
    retries = Setting(node["retries"], default: check?.retries ?? 3) { node in
      node.int.flatMap { $0 == 0 ? nil : $0 }
    }
    startPeriod = Setting(node["start_period"], default: check?.startPeriod ?? .zero) { node in
      check?.startPeriod == nil ? node.duration : node.nonZeroDuration
    }
    startInterval = Setting(
      node["start_interval"], default: check?.startInterval ?? .seconds(5), read: \.nonZeroDuration)
    let own = Self.test(node)
    var isTestOfImage = false
    if case .image = own, let check {
      isTestOfImage = true
      test =
        switch check.test {
        case .none: .disabled
        case .exec(let words): .exec(words)
        case .shell(let script): .shell(script, parameters: [])
        }
    } else {
      test = own
    }
    self.isTestOfImage = isTestOfImage
    let inherits =
      isTestOfImage
      || check?.interval != nil && interval.isDefault || check?.timeout != nil && timeout.isDefault
      || check?.retries != nil && retries.isDefault
      || check?.startPeriod != nil && startPeriod.isDefault
      || check?.startInterval != nil && startInterval.isDefault
    declared = inherits ? image?.check : nil
  }

  /// The test that the stack gives.
  private static func test(_ node: Node) -> Test {
    let words = (node["test"]?.items ?? []).compactMap(\.text)
    if node["disable"]?.bool == true || words.first == "NONE" { return .disabled }
    switch words.first {
    case "CMD": return .exec(Array(words.dropFirst()))
    case "CMD-SHELL":
      return .shell(words.count > 1 ? words[1] : "", parameters: Array(words.dropFirst(2)))
    case let word?: return .unknown(word)
    case nil: return .image
    }
  }

  /// The process that the engine runs in the container; nil where there is no test to run, or none that is known.
  package var arguments: [String]? {
    switch test {
    case .exec(let words): words.isEmpty ? nil : words
    case .shell(let script, let parameters): shell + [script] + parameters
    case .image, .disabled, .unknown: nil
    }
  }
}

extension Service {
  /// The health check, where the stack or the image says anything of it.
  package var healthcheck: Healthcheck? {
    let written = node["healthcheck"].flatMap { $0.entries == nil ? nil : $0 }
    guard written != nil || imageFacts?.check != nil else { return nil }
    return Healthcheck(written, imageFacts)
  }
}
