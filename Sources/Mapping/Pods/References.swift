import Ledger

/// Writes a text so that Kubernetes passes it on as it is.
///
/// In commands, arguments, environment values and probe commands Kubernetes replaces `$(NAME)` and turns `$$` into `$`; a
/// `$` before anything else stays. A `$` before a byte that is not ASCII is doubled too, because the kubelet takes that byte
/// for a character of its own. `beforeReference` says that a `$(NAME)` that is meant follows.
///
/// Source: k8s.io/kubernetes `third_party/forked/golang/expansion/expand.go`.
package func escapingReferences(_ text: String, beforeReference: Bool = false) -> String {
  let dollar = UInt8(ascii: "$")
  guard text.utf8.contains(dollar) else { return text }
  let bytes = Array(text.utf8)
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count + 8)
  var index = 0
  while index < bytes.count {
    guard bytes[index] == dollar else {
      result.append(bytes[index])
      index += 1
      continue
    }
    var end = index
    while end < bytes.count, bytes[end] == dollar { end += 1 }
    let isRead =
      end - index > 1
      || (end < bytes.count
        ? bytes[end] == UInt8(ascii: "(") || bytes[end] >= 0x80 : beforeReference)
    for _ in index..<end {
      result.append(dollar)
      if isRead { result.append(dollar) }
    }
    index = end
  }
  return String(decoding: result, as: UTF8.self)
}
