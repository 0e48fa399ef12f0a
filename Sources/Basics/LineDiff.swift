/// The difference of two texts as `diff -u` writes it.
package struct UnifiedDiff {
  private static let context = 3

  private let old: [ArraySlice<UInt8>]
  private let new: [ArraySlice<UInt8>]
  private let names: (old: String, new: String)

  /// - Parameter old: Nil for a file that is new.
  package init(path: String, old: [UInt8]?, new: [UInt8]) {
    self.old = Self.lines(old ?? [])
    self.new = Self.lines(new)
    names = (old == nil ? "/dev/null" : "a/\(path)", "b/\(path)")
  }

  /// Empty where nothing differs.
  package func render() -> String {
    let steps = self.steps()
    var output = ""
    var index = 0
    while let start = steps[index...].firstIndex(where: { $0.kind != .same }) {
      // The hunk goes on until more lines are the same than two contexts hold.
      var end = start
      var same = 0
      var cursor = start
      while cursor < steps.count, same <= Self.context * 2 {
        if steps[cursor].kind == .same {
          same += 1
        } else {
          same = 0
          end = cursor
        }
        cursor += 1
      }
      let first = max(index, start - Self.context)
      let last = min(steps.count - 1, end + Self.context)
      output += hunk(steps[first...last])
      index = last + 1
      if index >= steps.count { break }
    }
    return output.isEmpty ? "" : "--- \(names.old)\n+++ \(names.new)\n" + output
  }

  private enum Kind { case same, removed, added }

  private struct Step {
    var kind: Kind
    var old: Int
    var new: Int
  }

  private func steps() -> [Step] {
    let difference = new.difference(from: old)
    var removed = Set<Int>()
    var added = Set<Int>()
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var steps: [Step] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        steps.append(Step(kind: .removed, old: left, new: right))
        left += 1
      } else if right < new.count, added.contains(right) {
        steps.append(Step(kind: .added, old: left, new: right))
        right += 1
      } else {
        steps.append(Step(kind: .same, old: left, new: right))
        left += 1
        right += 1
      }
    }
    return steps
  }

  private func hunk(_ steps: ArraySlice<Step>) -> String {
    let oldCount = steps.count { $0.kind != .added }
    let newCount = steps.count { $0.kind != .removed }
    let first = steps.first!
    func place(_ line: Int, _ count: Int) -> String {
      count == 1 ? "\(line + 1)" : "\(count == 0 ? line : line + 1),\(count)"
    }
    var text = "@@ -\(place(first.old, oldCount)) +\(place(first.new, newCount)) @@\n"
    for step in steps {
      let (sign, line) =
        switch step.kind {
        case .same: (" ", old[step.old])
        case .removed: ("-", old[step.old])
        case .added: ("+", new[step.new])
        }
      text += sign + String(decoding: line, as: UTF8.self)
      if line.last != 0x0A { text += "\n\\ No newline at end of file\n" }
    }
    return text
  }

  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    for index in bytes.indices where bytes[index] == 0x0A {
      lines.append(bytes[start...index])
      start = index + 1
    }
    if start < bytes.count { lines.append(bytes[start...]) }
    return lines
  }
}
