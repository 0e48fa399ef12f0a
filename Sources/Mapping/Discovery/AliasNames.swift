package import Kubernetes
import Ledger
package import Swarm
import YAML

/// What the network aliases of a stack's services become.
///
/// Docker knows an alias within one network; a Service has its name for a whole namespace. Where all networks agree on who
/// answers to an alias, one Service of that name stands for it. Where they do not, there is none: a name that leads to the
/// wrong service is worse than one that leads nowhere.
package struct AliasNames: Sendable {
  /// The services that answer to one alias in one network, or in several that agree.
  package struct Group: Sendable {
    /// In small letters.
    package let alias: String
    /// Numbers of services, in order.
    package let members: [Int]
    /// The Service that stands for it; nil where the only member's own Service does.
    package let service: ObjectName?
    /// The label that all members' pods get, where there are several.
    package let label: LabelKey?
    package let asksForTasks: Bool
  }

  /// Why an alias does not resolve as it is written.
  package enum Obstacle: Sendable, Hashable {
    /// The name of another service of the stack, which keeps it.
    case taken(by: Int)
    /// No name of a Service.
    case illegal
    /// Different services in different networks.
    case disputed
  }

  package private(set) var groups: [Group] = []
  package private(set) var obstacles: [String: Obstacle] = [:]
  /// Groups by alias and the number of the network.
  private var byAlias: [String: [Int32: Int]] = [:]
  /// Groups by member.
  private var byMember: [Int: [Int]] = [:]

  package init(_ stack: Swarm.Stack, _ names: Names, _ asked: Set<String>, _ hosts: HostNames) {
    var order: [String] = []
    /// Alias → network → services.
    var uses: [String: [(network: String, services: [Int])]] = [:]
    for (position, service) in stack.services.enumerated() {
      for attachment in service.networkAttachments {
        for node in attachment.aliases {
          guard let alias = node.text?.lowercased(), !alias.isEmpty,
            alias != service.name.lowercased(), alias != service.fullName.lowercased()
          else { continue }
          if uses[alias] == nil { order.append(alias) }
          if let index = uses[alias]?.firstIndex(where: { $0.network == attachment.network }) {
            if uses[alias]?[index].services.last != position {
              uses[alias]?[index].services.append(position)
            }
          } else {
            uses[alias, default: []].append((attachment.network, [position]))
          }
        }
      }
    }
    var taken = Set<String>()
    var numbers: [String: Int32] = [:]
    for network in stack.networks { numbers[network.key] = hosts.number(ofNetwork: network.name) }
    for alias in order {
      var sets: [(network: String, services: [Int])] = []
      for use in uses[alias] ?? [] where !sets.contains(where: { $0.services == use.services }) {
        sets.append(use)
      }
      let isLegal = ObjectName(unchecked: alias).isServiceLabel
      let owner = isLegal ? names.position(of: alias) : nil
      if let owner {
        obstacles[alias] = .taken(by: owner)
      } else if !isLegal {
        obstacles[alias] = .illegal
      } else if sets.count > 1 {
        obstacles[alias] = .disputed
      }
      for use in sets {
        let isPlain = obstacles[alias] == nil
        var service: ObjectName?
        if isPlain {
          service = ObjectName(unchecked: alias)
        } else if use.services.count > 1 {
          let wanted = ObjectName.folding(
            obstacles[alias] == .illegal && sets.count == 1 ? alias : "\(alias)-\(use.network)",
            maxLength: 56, mustStartWithLetter: true)
          var candidate = names.free(wanted, "")
          while taken.contains(candidate.rawValue) { candidate = candidate.appending("-2") }
          service = candidate
        }
        if let service { taken.insert(service.rawValue) }
        let group = Group(
          alias: alias, members: use.services, service: service,
          label: use.services.count > 1
            ? service.map { LabelKey(unchecked: "swarm.alias/\($0)") } : nil,
          asksForTasks: asked.contains(alias))
        for other in uses[alias] ?? [] where other.services == use.services {
          if let number = numbers[other.network] {
            byAlias[alias, default: [:]][number] = groups.count
          }
        }
        for member in use.services { byMember[member, default: []].append(groups.count) }
        groups.append(group)
      }
    }
  }

  /// The group of an alias in a network.
  package func group(_ alias: String, network: Int32) -> Group? {
    byAlias[alias]?[network].map { groups[$0] }
  }

  /// The groups that a service is in.
  package func groups(of service: Int) -> [Group] { (byMember[service] ?? []).map { groups[$0] } }
}
