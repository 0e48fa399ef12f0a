import Diagnostics
package import Ledger
import Mapping
import Swarm
package import YAML

// What the reports show beside the findings. Made when it is asked for: `convert` may want the summary alone.
extension Report {
  /// Every service before and after.
  package var glances: [Glance] {
    zip(migration.facts.stacks, migration.stacks).flatMap { stack, manifests in
      zip(stack.services, manifests.parts).map { service, range in
        Glance(
          service, of: stack, manifests.objects[range], namespace: manifests.namespace,
          version: migration.facts.options.kubernetes.minor)
      }
    }
  }

  /// Which services need which.
  package var dependencies: Dependencies { Dependencies(migration.facts) }

  package var estate: Estate { Estate(migration, migration.facts) }

  /// - Parameter folder: Where the manifests are; nil stands for the default of `convert`.
  package func runbook(_ estate: Estate, folder: String? = nil) -> Runbook {
    Runbook(
      migration, estate,
      ImageWave(estate.images, nameless: estate.nameless, files: stackFiles), folder: folder)
  }

  /// The stack files as the user named them.
  private var stackFiles: [(stack: String, file: String)] {
    var files: [(stack: String, file: String)] = []
    for stack in migration.facts.stacks {
      let numbers = stack.keys.map { keys.rows[Int($0)].mark.file }
      for number in Set(numbers).sorted() where sources.files.indices.contains(Int(number)) {
        files.append((stack.name, sources.files[Int(number)].path))
      }
    }
    return files
  }

  /// The keys of the services and of the stacks' documents, for what nobody wrote.
  package var subjectKeys: [Subject: KeyID] {
    var keys: [Subject: KeyID] = [:]
    for stack in migration.facts.stacks {
      keys[Subject(stack: stack.name)] = stack.root.id
      for service in stack.services {
        keys[Subject(stack: stack.name, service: service.name)] = service.key
      }
    }
    return keys
  }

  package var stackNames: [String] { migration.stacks.map(\.stack) }

  /// The findings of a disposition, those that say the same counted once.
  package func distinct(_ disposition: Disposition) -> Int {
    var seen = Set<String>()
    for finding in ledger.findings where finding.disposition == disposition {
      seen.insert(finding.message.slug + "\n" + finding.message.text)
    }
    return seen.count
  }

  /// One line for those who read no further.
  package var verdict: String {
    func count(_ number: Int, _ one: String, _ many: String) -> String? {
      number == 0 ? nil : "\(number) \(number == 1 ? one : many)"
    }
    if serviceCount == 0 { return "Nothing to move: the stack has no services." }
    let parts = [
      count(distinct(.manual), "thing to do by hand", "things to do by hand"),
      count(distinct(.decide), "choice to confirm", "choices to confirm"),
      count(distinct(.lost), "behaviour lost", "behaviours lost"),
    ].compactMap { $0 }
    if parts.isEmpty { return "Ready: the manifests can be applied as they are." }
    let needsWork = distinct(.manual) > 0 || distinct(.lost) > 0
    return (needsWork ? "Moves with work: " : "Ready to rehearse: ")
      + parts.joined(separator: ", ") + "."
  }

  /// How `readiness` comes about.
  package static let formula =
    "mean over all keys that are not inert: kept and adapted 100\u{A0}%, decide 90\u{A0}%, manual 50\u{A0}%, lost 0\u{A0}%"
}
