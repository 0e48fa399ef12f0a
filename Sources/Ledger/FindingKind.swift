/// What can be said of a stack, known before any stack is read. Each feature lists its own; the catalogue, `explain`, the rules
/// of SARIF and the order of the first things to do are made from these lists.
package struct FindingKind: Sendable, Hashable, CustomStringConvertible {
  /// Stable identifier, `feature/what`, such as `healthcheck/rounded`. Never changes.
  package let slug: String
  /// What becomes of the keys that it settles, unless a feature knows better in a single case.
  package let disposition: Disposition
  /// What happens if nobody sees to it.
  package let urgency: Urgency
  /// The option whose answer settles what it asks for; nil where none does.
  package let asks: OptionName?

  private init(
    _ slug: String, _ disposition: Disposition, _ urgency: Urgency, asks: OptionName?
  ) {
    self.slug = slug
    self.disposition = disposition
    self.urgency = urgency
    self.asks = asks
  }

  package var description: String { slug }

  /// The feature that it belongs to.
  package var feature: Substring { slug.prefix { $0 != "/" } }

  /// Swarm ignored it too.
  package static func inert(_ slug: String) -> Self {
    Self(slug, .inert, .changesBehaviour, asks: nil)
  }

  /// Same behaviour, and worth a word.
  package static func kept(_ slug: String) -> Self {
    Self(slug, .kept, .changesBehaviour, asks: nil)
  }

  /// Same intent, and it behaves differently. `asks` names an option that would change it.
  package static func adapted(
    _ slug: String, _ urgency: Urgency = .changesBehaviour, asks: OptionName? = nil
  ) -> Self {
    Self(slug, .adapted, urgency, asks: asks)
  }

  /// A default was taken, so it works, if not as wished: unless said otherwise nothing breaks at once.
  package static func decide(
    _ slug: String, _ urgency: Urgency = .changesBehaviour, asks: OptionName? = nil
  ) -> Self {
    Self(slug, .decide, urgency, asks: asks)
  }

  /// Somebody has to do something outside the manifests.
  package static func manual(_ slug: String, _ urgency: Urgency, asks: OptionName? = nil) -> Self {
    Self(slug, .manual, urgency, asks: asks)
  }

  /// No counterpart.
  package static func lost(_ slug: String, _ urgency: Urgency, asks: OptionName? = nil) -> Self {
    Self(slug, .lost, urgency, asks: asks)
  }
}
