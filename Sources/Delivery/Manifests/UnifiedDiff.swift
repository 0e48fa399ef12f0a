/// The difference between two texts as `diff -u` prints it: three lines around each change.
package func unifiedDiff(
  _ old: String, _ new: String, oldName: String, newName: String
) -> String {
  let before = lines(of: old)
  let after = lines(of: new)
  var removed = Set<Int>()
  var inserted = Set<Int>()
  for change in after.difference(from: before) {
    switch change {
    case .remove(let offset, _, _): removed.insert(offset)
    case .insert(let offset, _, _): inserted.insert(offset)
    }
  }
  guard !removed.isEmpty || !inserted.isEmpty else { return "" }

  // One line of output: kept lines have both numbers.
  struct Line {
    var sign: Character
    var text: Substring
    var old: Int
    var new: Int
  }
  var script: [Line] = []
  var (left, right) = (0, 0)
  while left < before.count || right < after.count {
    if left < before.count, removed.contains(left) {
      script.append(Line(sign: "-", text: before[left], old: left, new: right))
      left += 1
    } else if right < after.count, inserted.contains(right) {
      script.append(Line(sign: "+", text: after[right], old: left, new: right))
      right += 1
    } else {
      script.append(Line(sign: " ", text: before[left], old: left, new: right))
      left += 1
      right += 1
    }
  }

  var result = "--- \(oldName)\n+++ \(newName)\n"
  let changes = script.indices.filter { script[$0].sign != " " }
  var start = 0
  while start < changes.count {
    var end = start
    while end + 1 < changes.count, changes[end + 1] - changes[end] <= 2 * context + 1 { end += 1 }
    let range = max(0, changes[start] - context)..<min(script.count, changes[end] + context + 1)
    let hunk = script[range]
    func position(_ first: Int, _ count: Int) -> String {
      // An empty range names the line before it.
      count == 1 ? "\(first + 1)" : "\(count == 0 ? first : first + 1),\(count)"
    }
    let first = hunk[range.lowerBound]
    let oldCount = hunk.count { $0.sign != "+" }
    let newCount = hunk.count { $0.sign != "-" }
    result += "@@ -\(position(first.old, oldCount)) +\(position(first.new, newCount)) @@\n"
    for line in hunk { result += "\(line.sign)\(line.text)\n" }
    start = end + 1
  }
  return result
}

private let context = 3

/// The lines of a text; what follows the last line break is one only if there is something.
private func lines(of text: String) -> [Substring] {
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  if lines.last?.isEmpty == true { lines.removeLast() }
  return lines
}
