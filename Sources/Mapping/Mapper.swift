package import Kubernetes
package import Ledger
package import Stack
package import Swarm
package import YAML

/// One stack's manifests.
package struct StackManifests: Sendable {
  package let stack: String
  package let namespace: ObjectName
  package let objects: [any Object]
  /// The objects of each service, in the order of the stack; empty ranges where nothing is written for one.
  package let parts: [Range<Int>]
  package let names: Names
}

/// What a migration gives: manifests, and the account of every key.
package struct Migration: Sendable {
  package let stacks: [StackManifests]
  package let ledger: Ledger.Closed
  package let facts: Facts
}

/// Maps a whole estate: each stack's top level, then its services one after the other, each through every feature.
///
/// `loaded` is what the loader gave for each stack: keys that a later file replaced or that Docker drops are settled first.
package func migrate(
  _ stacks: [Swarm.Stack], loaded: [LoadedStack], _ choices: Choices, keys: KeyTable
) -> Migration {
  var facts = Facts(stacks, choices)
  let shared = loaded.reduce(into: Set<KeyID>()) { $0.formUnion($1.shared) }
  var ledger = Ledger(keys: keys, shared: shared, subject: Subject(stack: ""))
  for (stack, loaded) in zip(stacks, loaded) {
    ledger.subject = Subject(stack: stack.name)
    SettledByLoader.settle(loaded, &ledger)
  }
  var manifests: [StackManifests] = []
  for (number, stack) in stacks.enumerated() {
    facts.enter(stack: number)
    let names = facts.names[number]
    var objects = ObjectSet(stack: stack.name, namespace: names.namespace)
    objects.objects.append(Namespace(names.namespace))
    ledger.subject = Subject(stack: stack.name)
    var top = StackContext(stack, objects, facts, ledger)
    for (position, feature) in Features.all.enumerated() {
      top.ledger.feature = UInt8(position)
      feature.map(&top)
    }
    objects = top.objects
    ledger = top.end()
    var parts: [Range<Int>] = []
    if let first = stack.services.first {
      var context = ServiceContext(
        first, Workload(first, index: 0, names: names), facts, ledger)
      for (index, service) in stack.services.enumerated() {
        context.begin(service, Workload(service, index: index, names: names), index: index)
        for (position, feature) in Features.all.enumerated() {
          context.ledger.feature = UInt8(position)
          feature.map(&context)
          if context.workload.isLeftOut { break }
        }
        let start = objects.objects.count
        objects.objects.append(contentsOf: context.workload.objects)
        parts.append(start..<objects.objects.count)
      }
      ledger = context.end()
    }
    manifests.append(
      StackManifests(
        stack: stack.name, namespace: names.namespace, objects: objects.objects, parts: parts,
        names: names))
  }
  return Migration(
    stacks: manifests,
    ledger: ledger.close { finding in
      guard let question = finding.question else { return false }
      let subject = finding.subject
      let options =
        subject.service.map { facts.choices.options(stack: subject.stack, service: $0) }
        ?? facts.choices.options(stack: subject.stack)
      return options.answered.contains(question.name)
    }, facts: facts)
}

extension Namespace {
  /// The namespace of a stack.
  init(_ name: ObjectName) {
    self.init(
      metadata: ObjectMeta(
        name: name,
        labels: [
          "app.kubernetes.io/managed-by": "stackferry",
          "app.kubernetes.io/part-of": LabelValue(name),
        ]))
  }
}
