import Kubernetes
package import YAML

/// The account of every key: one disposition for each leaf, and the findings that explain them.
///
/// A leaf belongs to the first feature that settles it. Within that feature the worst disposition stands; a second
/// feature that settles it is a fault of the program, kept in `Closed.conflicts`. Leaves that nobody settled come
/// out of `close()` and are a fault as well: the report is this ledger, so nothing can vanish without a trace.
package struct Ledger: ~Copyable, Sendable {
  package let keys: KeyTable
  /// Whom the next entries are about.
  package var subject: Subject
  /// The feature that is at work; set by the mapper.
  package var feature: UInt8 = 0

  private var cells: [Cell]
  private var fields: [String] = [""]
  private var fieldNumbers: [String: UInt16] = ["": 0]
  private var findings: [Finding] = []
  private var conflicts: [KeyID] = []
  /// Leaves that several services have, as those that extend another do, with the service that settled each last. Every
  /// service settles them for itself, and the worst that becomes of them stands.
  private var shared: [KeyID: String]

  /// `disposition` is 0xFF until somebody settles the leaf.
  private struct Cell {
    var disposition: UInt8 = 0xFF
    var feature: UInt8 = 0
    var field: UInt16 = 0
    var finding: Int32 = -1
  }

  /// - Parameter shared: The leaves that stand in more than one service.
  package init(keys: KeyTable, shared: Set<KeyID> = [], subject: Subject) {
    self.keys = keys
    self.shared = Dictionary(uniqueKeysWithValues: shared.map { ($0, "") })
    self.subject = subject
    cells = Array(repeating: Cell(), count: keys.count)
  }

  /// The key, and every unsettled leaf below it, means the same in Kubernetes: `field` is what it became.
  package mutating func keep(_ node: Node?, as field: String) {
    guard let node else { return }
    settle(node, .kept, field: number(of: field), finding: -1)
  }

  /// As above, for a value: what stands below a key may be another file's, which only the node knows.
  package mutating func keep(_ key: KeyID, as field: String) {
    if key != .none { settle(key, .kept, field: number(of: field), finding: -1) }
  }

  /// Settles the key and every unsettled leaf below it, with the reason. Nothing happens where there is no node.
  package mutating func settle(
    _ node: Node?, _ disposition: Disposition, _ message: Finding.Message, as field: String = ""
  ) {
    guard let node else { return }
    let number = number(of: field)
    findings.append(
      Finding(
        message: message, disposition: disposition, key: node.id, subject: subject, field: field))
    settle(node, disposition, field: number, finding: Int32(findings.count - 1))
  }

  /// Settles the key as its kind says.
  package mutating func settle(_ node: Node?, _ message: Finding.Message, as field: String = "") {
    settle(node, message.kind.disposition, message, as: field)
  }

  /// As above, by key.
  package mutating func settle(_ key: KeyID, _ message: Finding.Message, as field: String = "") {
    settle(key, message.kind.disposition, message, as: field)
  }

  /// As above, for several keys.
  package mutating func settle(
    _ keys: [KeyID], _ message: Finding.Message, as field: String = ""
  ) {
    settle(keys, message.kind.disposition, message, as: field)
  }

  /// A remark as its kind says.
  package mutating func remark(
    _ message: Finding.Message, at key: KeyID = .none, as field: String = ""
  ) {
    remark(message.kind.disposition, message, at: key, as: field)
  }

  /// As above, for a value.
  package mutating func settle(
    _ key: KeyID, _ disposition: Disposition, _ message: Finding.Message, as field: String = ""
  ) {
    let number = number(of: field)
    findings.append(
      Finding(
        message: message, disposition: disposition, key: key, subject: subject, field: field))
    if key != .none {
      settle(key, disposition, field: number, finding: Int32(findings.count - 1))
    }
  }

  /// One finding for several keys; the first says where to look.
  package mutating func settle(
    _ keys: [KeyID], _ disposition: Disposition, _ message: Finding.Message, as field: String = ""
  ) {
    guard let first = keys.first else { return }
    let number = number(of: field)
    findings.append(
      Finding(
        message: message, disposition: disposition, key: first, subject: subject, field: field))
    for key in keys where key != .none {
      settle(key, disposition, field: number, finding: Int32(findings.count - 1))
    }
  }

  /// A finding that settles nothing: about Swarm's default, or about a key that another feature owns. `key` says where
  /// to look.
  package mutating func remark(
    _ disposition: Disposition, _ message: Finding.Message, at key: KeyID = .none,
    as field: String = ""
  ) {
    findings.append(
      Finding(
        message: message, disposition: disposition, key: key, subject: subject, field: field))
  }

  /// Whether nobody has settled the value yet.
  package func isOpen(_ key: KeyID) -> Bool {
    keys.subtree(key).contains { keys.rows[$0].isLeaf && isOpen(leaf: $0) }
  }

  private func isOpen(leaf index: Int) -> Bool {
    if cells[index].disposition == 0xFF { return true }
    guard !shared.isEmpty, let service = shared[KeyID(Int32(index))] else { return false }
    return service != subject.service ?? ""
  }

  /// Follows the node, not the numbers: after a merge, what stands in a list or mapping comes from several files.
  private mutating func settle(
    _ node: Node, _ disposition: Disposition, field: UInt16, finding: Int32, isInner: Bool = false
  ) {
    switch node.content {
    case .sequence(let items) where !items.isEmpty:
      for position in items.indices {
        let isInner = isInner || items[position].id != node.id
        settle(items[position], disposition, field: field, finding: finding, isInner: isInner)
      }
    case .mapping(let entries) where !entries.isEmpty:
      for position in entries.indices {
        let isInner = isInner || entries[position].value.id != node.id
        settle(
          entries[position].value, disposition, field: field, finding: finding, isInner: isInner)
      }
    default:
      // By its key, since a value may stand for a mapping: `external: {name: x}` is `true` with a name beside it.
      settle(node.id, disposition, field: field, finding: finding, isInner: isInner)
    }
  }

  private mutating func settle(
    _ key: KeyID, _ disposition: Disposition, field: UInt16, finding: Int32, isInner: Bool = false
  ) {
    let range = keys.subtree(key)
    for index in range where keys.rows[index].isLeaf {
      settle(
        leaf: index, disposition, field: field, finding: finding,
        isInner: isInner || range.count > 1)
    }
  }

  /// - Parameter isInner: Whether it is settled with what stands around it, and so only if nobody has done so before.
  private mutating func settle(
    leaf index: Int, _ disposition: Disposition, field: UInt16, finding: Int32, isInner: Bool
  ) {
    let isOpen = isOpen(leaf: index)
    guard isOpen || !isInner else { return }
    var cell = cells[index]
    if !isOpen, cell.feature != feature { conflicts.append(KeyID(Int32(index))) }
    if isOpen { cell.feature = feature }
    if cell.disposition == 0xFF || cell.disposition < disposition.rawValue {
      cell.disposition = disposition.rawValue
      cell.finding = finding
    }
    if cell.field == 0 { cell.field = field }
    cells[index] = cell
    let key = KeyID(Int32(index))
    if !shared.isEmpty, shared[key] != nil { shared[key] = subject.service ?? "" }
  }

  private mutating func number(of field: String) -> UInt16 {
    if let number = fieldNumbers[field] { return number }
    guard fields.count < Int(UInt16.max) else { return 0 }
    let number = UInt16(fields.count)
    fields.append(field)
    fieldNumbers[field] = number
    return number
  }

  /// Ends the account.
  ///
  /// - Parameter isConfirmed: Whether somebody has made the choice that a finding asks for; it is no question any more.
  package consuming func close(isConfirmed: (Finding) -> Bool = { _ in false }) -> Closed {
    for index in findings.indices
    where findings[index].disposition == .decide && isConfirmed(findings[index]) {
      findings[index].disposition = .adapted
    }
    var entries: [Closed.Entry] = []
    var unsettled: [KeyID] = []
    entries.reserveCapacity(keys.count)
    for index in keys.rows.indices where keys.rows[index].isLeaf && keys.rows[index].parent >= 0 {
      let cell = cells[index]
      if var disposition = Disposition(rawValue: cell.disposition) {
        if disposition == .decide, cell.finding >= 0 {
          disposition = findings[Int(cell.finding)].disposition
        }
        entries.append(
          Closed.Entry(
            key: KeyID(Int32(index)), disposition: disposition, feature: cell.feature,
            field: cell.field, finding: cell.finding))
      } else {
        unsettled.append(KeyID(Int32(index)))
      }
    }
    return Closed(
      keys: keys, entries: entries, fields: fields, findings: findings, unsettled: unsettled,
      conflicts: conflicts)
  }

  /// The ended account.
  package struct Closed: Sendable {
    /// The fate of one leaf.
    package struct Entry: Sendable {
      package var key: KeyID
      package var disposition: Disposition
      package var feature: UInt8
      package var field: UInt16
      /// Index into `findings`, -1 where none is needed.
      package var finding: Int32
    }

    package let keys: KeyTable
    package let entries: [Entry]
    package let fields: [String]
    package let findings: [Finding]
    /// Leaves that nobody settled: a fault of the program.
    package let unsettled: [KeyID]
    /// Leaves that two features settled: a fault of the program.
    package let conflicts: [KeyID]
  }
}
