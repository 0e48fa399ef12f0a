import Ledger

/// What a feature can say of host names in its values. Each feature that looks for them has kinds of its own.
struct HostKinds: Sendable {
  let feature: String
  let rewritten: FindingKind
  let notRewritten: FindingKind
  let elsewhere: FindingKind
  let isDomain: FindingKind
  /// Only where the name of a variable or label leaves open whether its value is a host.
  let orNot: FindingKind?

  /// `urgency` is that of a name which leads nowhere.
  private init(
    _ feature: String, _ urgency: Urgency = .changesBehaviour, hasDoubts: Bool = false
  ) {
    self.feature = feature
    rewritten = .adapted("\(feature)/host-rewritten", asks: .noRewriteHosts)
    notRewritten = .manual("\(feature)/host-not-rewritten", urgency, asks: .noRewriteHosts)
    elsewhere = .manual("\(feature)/host-elsewhere", urgency)
    isDomain = .manual("\(feature)/host-is-domain", urgency)
    orNot = hasDoubts ? .decide("\(feature)/host-or-not") : nil
  }

  /// For the feature's list.
  var all: [FindingKind] {
    [rewritten, notRewritten, elsewhere, isDomain] + (orNot.map { [$0] } ?? [])
  }

  static let command = HostKinds("command")
  static let configs = HostKinds("configs", .keepsPodsDown)
  static let environment = HostKinds("environment", .changesWhoGetsIn, hasDoubts: true)
  static let healthcheck = HostKinds("healthcheck")
  static let labels = HostKinds("labels", hasDoubts: true)
  static let volumes = HostKinds("volumes", .leavesData)

}
