/// The name that a mistyped one was most likely meant to be, for "did you mean" hints.
///
/// Letters added, left out, replaced, or two neighbours swapped count one each; up to a third of the name may be
/// wrong. Case counts nothing. Of equally near names the first one wins.
///
/// - Returns: nil when no name is near.
package func nearest(_ name: String, among names: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
  let limit = max(1, wanted.count / 3)
  guard !wanted.isEmpty else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in names where candidate != name {
    let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
    guard abs(other.count - wanted.count) <= limit, !other.isEmpty else { continue }
    let distance = editDistance(wanted, other)
    // Two short names that share no letter are not near.
    guard distance <= limit, distance < max(wanted.count, other.count) else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// Edits between two texts, a swap of neighbours being one (optimal string alignment).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for row in 1...left.count {
    var current = [row]
    current.reserveCapacity(right.count + 1)
    for column in 1...right.count {
      let isSame = left[row - 1] == right[column - 1]
      var cost = min(
        last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
      if row > 1, column > 1, left[row - 1] == right[column - 2],
        left[row - 2] == right[column - 1]
      {
        cost = min(cost, beforeLast[column - 2] + 1)
      }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
