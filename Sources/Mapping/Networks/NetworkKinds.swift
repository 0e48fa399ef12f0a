package import Ledger

// What the feature `networks` can say.

extension Networks {
  enum Kind {
    static let unused: FindingKind = .inert("networks/unused")
    static let enforcement: FindingKind = .adapted("networks/enforcement")
    static let internalOpen: FindingKind = .kept("networks/internal-open")
    static let attachable: FindingKind = .adapted("networks/attachable")
    static let physical: FindingKind = .lost("networks/physical", .changesWhoGetsIn)
    static let physicalOption: FindingKind = .lost("networks/physical-option", .changesWhoGetsIn)
    static let localDriver: FindingKind = .adapted("networks/local-driver")
    static let pluginDriver: FindingKind = .adapted("networks/plugin-driver")
    static let labelFolded: FindingKind = .adapted("networks/label-folded")
    static let encrypted: FindingKind = .manual("networks/encrypted", .changesWhoGetsIn)
    static let mtu: FindingKind = .manual("networks/mtu", .changesBehaviour)
    static let vxlanID: FindingKind = .adapted("networks/vxlan-id")
    static let bridgeOption: FindingKind = .inert("networks/bridge-option")
    static let driverOption: FindingKind = .lost("networks/driver-option", .changesBehaviour)
    static let addressDriver: FindingKind = .lost("networks/address-driver", .changesWhoGetsIn)
    static let subnet: FindingKind = .lost("networks/subnet", .changesWhoGetsIn)
    static let besideExternal: FindingKind = .inert("networks/beside-external")
    static let host: FindingKind = .adapted("networks/host")
    static let none: FindingKind = .adapted("networks/none")
    static let bridge: FindingKind = .adapted("networks/bridge")
    static let shared: FindingKind = .adapted("networks/shared")
    static let externalAlone: FindingKind = .manual("networks/external-alone", .changesWhoGetsIn)
    static let hostPortUnreachable: FindingKind = .adapted("networks/host-port-unreachable")
    static let besideHost: FindingKind = .lost("networks/beside-host", .changesWhoGetsIn)
    static let meshPortOnHost: FindingKind = .adapted("networks/mesh-port-on-host")
    static let staticAddress: FindingKind = .inert("networks/static-address")
    static let endpointOption: FindingKind = .lost("networks/endpoint-option", .changesBehaviour)
  }

  package static let kinds: [FindingKind] = [
    Kind.unused, Kind.enforcement, Kind.internalOpen, Kind.attachable, Kind.physical,
    Kind.physicalOption, Kind.localDriver, Kind.pluginDriver, Kind.labelFolded, Kind.encrypted,
    Kind.mtu, Kind.vxlanID, Kind.bridgeOption, Kind.driverOption, Kind.addressDriver, Kind.subnet,
    Kind.besideExternal, Kind.host, Kind.none, Kind.bridge, Kind.shared, Kind.externalAlone,
    Kind.hostPortUnreachable, Kind.besideHost, Kind.meshPortOnHost, Kind.staticAddress,
    Kind.endpointOption,
  ]
}
