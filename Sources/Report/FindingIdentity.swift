import Basics
import Diagnostics
import Kubernetes
import Ledger
import Mapping
import YAML

extension Report {
  /// A name for each finding of the ledger, in its order, that stays the same when lines move, items of a list change
  /// places, or other parts of the stack change: for baselines and for services that follow findings over time.
  package var identities: [String] {
    var seen: [String: Int] = [:]
    return ledger.findings.map { finding in
      let subject = "\(finding.subject.stack)/\(finding.subject.service ?? "")"
      let text = "\(finding.message.slug) \(subject) \(withoutIndices(finding.key))"
      let number = seen[text, default: 0]
      seen[text] = number + 1
      return ContentHash(of: number == 0 ? text : "\(text) \(number)").digits(16)
    }
  }

  private func withoutIndices(_ key: KeyID) -> String {
    var names: [String] = []
    var current = key.rawValue
    while current >= 0 {
      let row = keys.rows[Int(current)]
      names.append(row.name)
      current = row.parent
    }
    return names.reversed().joined(separator: ".")
  }
}
