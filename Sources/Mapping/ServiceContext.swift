import Kubernetes
package import Ledger
package import Swarm
package import YAML

/// One service on its way through the features: what is known of it and of the estate, what it becomes, and the account of its
/// keys. A feature gets nothing else, and changes nothing but `workload` and `ledger`.
package struct ServiceContext: ~Copyable {
  /// What is known of the whole estate.
  package var facts: Facts
  package private(set) var service: Swarm.Service
  package var workload: Workload
  package var ledger: Ledger

  package init(
    _ service: Swarm.Service, _ workload: Workload, _ facts: Facts, _ ledger: consuming Ledger
  ) {
    self.service = service
    self.workload = workload
    self.facts = facts
    self.ledger = ledger
  }

  /// Begins the mapping of the next service of the stack.
  mutating func begin(_ service: Swarm.Service, _ workload: Workload, index: Int) {
    facts.enter(service: index)
    self.service = service
    self.workload = workload
    ledger.subject = Subject(
      stack: service.stack, service: service.name, object: workload.reference)
  }

  /// Where the service stands in the estate.
  package var place: ServicePlace { ServicePlace(stack: facts.current, service: workload.index) }
  /// The stack that the service is of.
  package var stack: Swarm.Stack { facts.stack }
  /// What the stack's configs, secrets and bound files become.
  package var fileBundles: FileBundles { facts.fileBundles[place.stack] }
  /// Who mounts the stack's named volumes.
  package var volumeUses: VolumeUses { facts.volumeUses[place.stack] }
  /// The names that the stack's parts get in Kubernetes.
  package var names: Names { facts.stackNames }
  /// The choices that hold for the service.
  package var options: Options { facts.options }
  /// How others reach the service.
  package var reach: ServiceReach { facts.reach(of: workload) }

  /// Gives the account back.
  consuming func end() -> Ledger { ledger }

  // MARK: The account

  /// The key, and every unsettled leaf below it, means the same in Kubernetes: `field` is what it became.
  package mutating func keep(_ node: Node?, as field: String) { ledger.keep(node, as: field) }

  /// Settles the key and every unsettled leaf below it as the finding's kind says.
  package mutating func settle(_ node: Node?, _ message: Finding.Message, as field: String = "") {
    ledger.settle(node, message, as: field)
  }

  /// As above, where this case is better or worse than its kind.
  package mutating func settle(
    _ node: Node?, _ disposition: Disposition, _ message: Finding.Message, as field: String = ""
  ) {
    ledger.settle(node, disposition, message, as: field)
  }

  /// A finding that settles nothing; `key` says where to look.
  package mutating func remark(
    _ message: Finding.Message, at key: KeyID = .none, as field: String = ""
  ) {
    ledger.remark(message, at: key, as: field)
  }

  // MARK: Names of hosts

  /// Rewrites host names in a value of the service, unless `--no-rewrite-hosts` was given; lists them in any case. `hint` is the
  /// name of the variable, label or option that holds the value; a word of a command has the option before it, or nil.
  package func rewriteHosts(_ text: String, hint: String? = nil) -> (
    text: String, replacements: [HostReplacement]
  ) {
    facts.rewriteHosts(text, hint: hint)
  }
}

/// A stack's top level on its way through the features.
package struct StackContext: ~Copyable {
  package let facts: Facts
  package let stack: Swarm.Stack
  package var objects: ObjectSet
  package var ledger: Ledger

  package init(
    _ stack: Swarm.Stack, _ objects: ObjectSet, _ facts: Facts, _ ledger: consuming Ledger
  ) {
    self.stack = stack
    self.objects = objects
    self.facts = facts
    self.ledger = ledger
  }

  /// The number of the stack in the estate.
  package var number: Int { facts.current }
  /// What the stack's configs, secrets and bound files become.
  package var fileBundles: FileBundles { facts.fileBundles[number] }
  /// Who mounts the stack's named volumes.
  package var volumeUses: VolumeUses { facts.volumeUses[number] }
  /// The names that the stack's parts get in Kubernetes.
  package var names: Names { facts.stackNames }
  /// The choices that hold for the stack.
  package var options: Options { facts.options }

  /// The key, and every unsettled leaf below it, means the same in Kubernetes: `field` is what it became.
  package mutating func keep(_ node: Node?, as field: String) { ledger.keep(node, as: field) }

  /// Settles the key and every unsettled leaf below it as the finding's kind says.
  package mutating func settle(_ node: Node?, _ message: Finding.Message, as field: String = "") {
    ledger.settle(node, message, as: field)
  }

  /// A finding that settles nothing; `key` says where to look.
  package mutating func remark(
    _ message: Finding.Message, at key: KeyID = .none, as field: String = ""
  ) {
    ledger.remark(message, at: key, as: field)
  }

  /// Gives the account back.
  consuming func end() -> Ledger { ledger }
}
