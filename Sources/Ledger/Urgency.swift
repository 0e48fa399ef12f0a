/// How soon somebody has to see to a finding, by what happens on the first day if nobody does.
package enum Urgency: Int, Sendable, Comparable, CaseIterable {
  /// Pods do not start, or start and do nothing useful.
  case keepsPodsDown
  /// Data is missing, or lies somewhere else.
  case leavesData
  /// Callers are turned away, or let in where they were not.
  case changesWhoGetsIn
  /// Nothing breaks at once.
  case changesBehaviour

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  package init(_ finding: Finding) {
    if finding.message.kind.isListed {
      self = finding.message.kind.urgency
      return
    }
    let slug = finding.message.slug
    if finding.disposition == .decide {
      // A default was taken, so it works, if not as wished; except where the default may find no node.
      self = slug == "placement/managers" ? .keepsPodsDown : .changesBehaviour
    } else if let known = Self.bySlug[slug] {
      self = known
    } else {
      self = Self.byFeature[String(slug.prefix { $0 != "/" })] ?? .changesBehaviour
    }
  }

  /// What differs from the rest of its feature.
  package static let bySlug: [String: Urgency] = [
    "configs/illegal-label": .changesBehaviour,
    "environment/docker-bridge": .changesWhoGetsIn,
    "environment/host-elsewhere": .changesWhoGetsIn,
    "environment/host-is-domain": .changesWhoGetsIn,
    "environment/template-refused": .keepsPodsDown,
    "command/docker-bridge": .changesWhoGetsIn,
    "networks/encrypted": .changesWhoGetsIn,
    "networks/endpoint-option": .changesBehaviour,
    "networks/driver-option": .changesBehaviour,
    "networks/mtu": .changesBehaviour,
    "placement/hostname": .keepsPodsDown,
    "placement/label-nodes": .keepsPodsDown,
    "resources/extended-resource": .keepsPodsDown,
    "resources/gpu": .keepsPodsDown,
    "routes/proxy-limit": .changesBehaviour,
    "routes/proxy-settings": .changesBehaviour,
    "security/max-map-count": .keepsPodsDown,
    "security/unsafe-sysctl": .keepsPodsDown,
    "volumes/csi-driver": .keepsPodsDown,
    "volumes/docker-socket": .keepsPodsDown,
    "volumes/external": .keepsPodsDown,
    "volumes/illegal-label": .changesBehaviour,
    "windows/hyperv": .changesBehaviour,
  ]

  private static let byFeature: [String: Urgency] = [
    "configs": .keepsPodsDown, "image": .keepsPodsDown, "infrastructure": .keepsPodsDown,
    "secrets": .keepsPodsDown, "windows": .keepsPodsDown,
    "volumes": .leavesData,
    "discovery": .changesWhoGetsIn, "hostname-and-dns": .changesWhoGetsIn,
    "networks": .changesWhoGetsIn, "published-ports": .changesWhoGetsIn,
    "routes": .changesWhoGetsIn,
  ]
}
