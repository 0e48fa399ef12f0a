import Basics
package import Diagnostics
import Ledger
import Mapping
package import Swarm
package import YAML

/// Lines of the stack files and Dockerfiles as reports quote them: with a caret under the key, and without what may be a secret.
package struct Quotations: Sendable {
  package struct Quotation: Sendable {
    package let number: Int
    package let line: String
    /// Blanks and the caret, to stand below `line`.
    package let caret: String
  }

  private let texts: [SourceText]
  private let keys: KeyTable

  package init(_ sources: Sources, _ keys: KeyTable) {
    texts = sources.files.map { SourceText($0.bytes) }
    self.keys = keys
  }

  /// The line on which a key stands; nil for what nobody wrote.
  package func quotation(_ key: KeyID) -> Quotation? {
    key == .none
      ? nil : quotation(keys.mark(key), length: keys[key].name.unicodeScalars.count)
  }

  /// The line of a Dockerfile that a finding is known from.
  package func quotation(_ evidence: ImageFacts.Evidence) -> Quotation? {
    quotation(evidence.mark, length: evidence.length)
  }

  private func quotation(_ mark: SourceMark, length: Int) -> Quotation? {
    guard mark.line > 0, texts.indices.contains(Int(mark.file)),
      let bytes = texts[Int(mark.file)].line(Int(mark.line))
    else { return nil }
    let text = Self.withoutSecrets(String(decoding: bytes, as: UTF8.self))
    let excerpt = Excerpt(text, column: Int(mark.column), length: length)
    guard !excerpt.line.isEmpty else { return nil }
    return Quotation(
      number: Int(mark.line), line: String(excerpt.line.dropFirst()),
      caret: String(excerpt.indent.dropFirst()) + excerpt.caret)
  }

  /// A line cut behind the first name that says that a secret follows, and with passwords taken out of URLs.
  package static func withoutSecrets(_ line: String) -> String {
    let bytes = Array(line.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if isWord(bytes[index]) {
        var end = index
        while end < bytes.count, isWord(bytes[end]) { end += 1 }
        let word = bytes[index..<end]
        result += word
        index = end
        // The section of that name holds names alone.
        var start = end
        while start < bytes.count, isSeparator(bytes[start]) { start += 1 }
        guard start > end, start < bytes.count, bytes[start] != UInt8(ascii: "#"),
          !word.elementsEqual("secrets".utf8),
          SecretNames.hides(String(decoding: word, as: UTF8.self))
        else { continue }
        result += bytes[end..<start]
        return String(decoding: result, as: UTF8.self) + "…"
      }
      if bytes[index...].starts(with: "://".utf8) {
        let rest = bytes[(index + 3)...]
        let end = rest.firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: "/") } ?? bytes.count
        if let at = rest[..<end].lastIndex(of: UInt8(ascii: "@")),
          let colon = rest[..<at].firstIndex(of: UInt8(ascii: ":"))
        {
          result += bytes[index...colon]
          result += "…".utf8
          index = at
          continue
        }
      }
      result.append(bytes[index])
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { " \t:=\"',>[{".utf8.contains(byte) }
}
