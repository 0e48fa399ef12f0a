import Diagnostics
import Ledger
import Mapping
import Proxies
import Report
import Validation
import YAML

/// How a folder of committed manifests differs from what the stack gives today.
package struct Drift: Sendable {
  package enum Kind: String, Sendable {
    case changed, missing
    case leftOver = "left over"
  }

  package struct Difference: Sendable {
    package let file: String
    package let kind: Kind
    /// One line.
    package let summary: String
    /// As `diff -u` prints it, from the committed file to what the stack gives; empty for files that hold secrets.
    package let diff: String
    /// The line of the committed file at which the difference begins; 0 for the file as a whole.
    package let line: Int
  }

  package private(set) var differences: [Difference] = []
  /// Fields that were added by hand and that the list allows, by file.
  package private(set) var additions: [(file: String, path: String)] = []
  /// Entries of the list that allow nothing that is there.
  package private(set) var unused: [String] = []

  /// - Parameters:
  ///   - committed: The content of a file by its name; nil where it is not there.
  ///   - names: The files of the folder.
  ///   - written: Those that stackferry wrote, by the folder's own list; nil where there is no list, and every manifest counts.
  ///   - allowed: Fields that may be added by hand; see `FieldPattern`.
  package init(
    _ expected: [OutputFile], committed: (String) -> [UInt8]?, names: [String],
    written: Set<String>?, allowed: [FieldPattern], folder: String
  ) {
    var used = Set<Int>()
    for file in expected {
      guard let bytes = committed(file.name) else {
        let text = String(decoding: file.bytes, as: UTF8.self)
        differences.append(
          Difference(
            file: file.name, kind: .missing, summary: "missing: the stack now gives this object",
            diff: file.isSecret
              ? ""
              : unifiedDiff("", text, oldName: "/dev/null", newName: "\(folder)/\(file.name)"),
            line: 0))
        continue
      }
      if bytes == file.bytes { continue }
      var comparison = Comparison(allowed)
      if comparison.isEqual(bytes, file.bytes) {
        additions += comparison.additions.map { (file.name, $0) }
        used.formUnion(comparison.used)
        continue
      }
      let (old, new) = (
        String(decoding: bytes, as: UTF8.self), String(decoding: file.bytes, as: UTF8.self)
      )
      let diff = unifiedDiff(
        old, new, oldName: "\(folder)/\(file.name)", newName: "the stack today")
      differences.append(
        Difference(
          file: file.name, kind: .changed,
          summary: "out of date: the stack now gives another content"
            + (file.isSecret ? " (not shown: it holds secrets)" : ""),
          diff: file.isSecret ? "" : diff, line: Self.firstLine(diff)))
    }
    let now = Set(expected.map(\.name))
    for name in names
    where (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !now.contains(name)
      && written?.contains(name) != false
    {
      differences.append(
        Difference(
          file: name, kind: .leftOver,
          summary: "left over: the stack no longer gives this object", diff: "", line: 0))
    }
    differences.sort { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }
    unused = allowed.indices.filter { !used.contains($0) }.map { allowed[$0].description }
  }

  private static func firstLine(_ diff: String) -> Int {
    var line = 0
    for text in diff.split(separator: "\n") {
      if text.hasPrefix("@@ -") {
        line = Int(text.dropFirst(4).prefix { $0.isNumber }) ?? 0
      } else if line > 0 {
        if text.hasPrefix(" ") { line += 1 } else { return line }
      }
    }
    return line
  }
}

/// A field that may be added by hand: `spec.template.spec.nodeSelector`, of every object, or
/// `Deployment/web:metadata.annotations.*`, of one. `*` stands for one name, `[]` behind a name for the items of its list.
package struct FieldPattern: Sendable, CustomStringConvertible {
  package let description: String
  private let object: String?
  private let parts: [String]

  /// nil for a text without a path.
  package init?(_ text: String) {
    description = text
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if halves.count == 2, halves[0].contains("/") {
      object = String(halves[0])
    } else if halves.count == 1 {
      object = nil
    } else {
      return nil
    }
    var parts: [String] = []
    for part in halves[halves.count - 1].split(separator: ".", omittingEmptySubsequences: false) {
      var name = part
      var depth = 0
      while name.hasSuffix("[]") {
        name = name.dropLast(2)
        depth += 1
      }
      guard !name.isEmpty else { return nil }
      parts.append(String(name))
      parts += repeatElement("[]", count: depth)
    }
    self.parts = parts
  }

  /// A dotted key of a label or annotation is one name, so the pattern's parts are joined where that fits.
  func matches(_ path: [String], of object: String) -> Bool {
    if let own = self.object, own != object { return false }
    return Self.fits(parts[...], path[...])
  }

  private static func fits(_ parts: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
    guard let name = path.first else { return parts.isEmpty }
    guard let first = parts.first else { return false }
    if first == "*" || first == name {
      if fits(parts.dropFirst(), path.dropFirst()) { return true }
    }
    var joined = first
    for count in 1..<max(1, parts.count) {
      joined += "." + parts[parts.startIndex + count]
      if joined == name, fits(parts.dropFirst(count + 1), path.dropFirst()) { return true }
    }
    return false
  }
}

/// Whether two manifests say the same but for allowed additions in the first. Comments and layout say nothing.
private struct Comparison {
  private let allowed: [FieldPattern]
  private(set) var additions: [String] = []
  private(set) var used = Set<Int>()
  private var object = ""

  init(_ allowed: [FieldPattern]) { self.allowed = allowed }

  mutating func isEqual(_ committed: [UInt8], _ expected: [UInt8]) -> Bool {
    guard let old = Self.read(committed), let new = Self.read(expected) else { return false }
    object = "\(new["kind"]?.text ?? "")/\(new["metadata"]?["name"]?.text ?? "")"
    return isEqual(old, new, [])
  }

  private static func read(_ bytes: [UInt8]) -> Node? {
    var sources = Sources()
    let file = sources.add(SourceFile(path: "", bytes: bytes))
    var warnings: [Diagnostic] = []
    guard let root = try? Document.read(file, in: sources, warnings: &warnings), warnings.isEmpty
    else { return nil }
    return root
  }

  private mutating func isEqual(_ old: Node, _ new: Node, _ path: [String]) -> Bool {
    switch (old.content, new.content) {
    case (.scalar(let left), .scalar(let right)):
      return left.kind == right.kind && left.text == right.text
    case (.mapping(let left), .mapping(let right)):
      let rest = Dictionary(right.map { ($0.key, $0.value) }) { first, _ in first }
      var found = 0
      for entry in left {
        if let value = rest[entry.key] {
          found += 1
          if !isEqual(entry.value, value, path + [entry.key]) { return false }
        } else if !isAllowed(path + [entry.key]) {
          return false
        }
      }
      return found == right.count
    case (.sequence(let left), .sequence(let right)):
      // Items that were added stand between those that were there, whose order stays.
      var next = 0
      for item in left {
        var trial = self
        if next < right.count, trial.isEqual(item, right[next], path + ["[]"]) {
          self = trial
          next += 1
        } else if !isAllowed(path + ["[]"]) {
          return false
        }
      }
      return next == right.count
    default: return false
    }
  }

  private mutating func isAllowed(_ path: [String]) -> Bool {
    guard let index = allowed.firstIndex(where: { $0.matches(path, of: object) }) else {
      return false
    }
    used.insert(index)
    var text = ""
    for part in path { text += part == "[]" || text.isEmpty ? part : ".\(part)" }
    additions.append("\(object):\(text)")
    return true
  }
}
