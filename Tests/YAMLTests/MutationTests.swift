import Diagnostics
import Testing

@testable import YAML

/// Thousands of small changes to small documents: whatever comes out, nothing crashes, and every error has a place
/// inside the text.
struct MutationTests {
  private struct Random {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
  }

  private static let seeds = [
    "services:\n  web:\n    image: nginx\n    ports:\n      - \"80:80\"\n      - target: 90\n",
    "x: &x {a: 1, <<: {b: 2}}\ny:\n  <<: [*x, {c: 3}]\n  d: *x\n",
    "a: |\n  text\n  more\nb: >-\n  folded\n  too\nc: 'it''s'\nd: \"\\u00e9\\n\"\n",
    "%TAG ! tag:x,2000:\n---\n? key\n: value\n? [a, b]\n: !!int 5\n...\n--- next\n",
    "a: !!binary aGVsbG8=\nb: 2001-01-01\nc: 0o17\nd: é😀\n# comment\ne: ~\n",
  ]

  private static let pieces: [[UInt8]] =
    [
      ":", ": ", "- ", "\n", "  ", "\t", "[", "]", "{", "}", ",", "\"", "'", "#", "&a ", "*a", "!",
      "!!int ", "|", ">", "%", "@", "`", "?", "---\n", "...\n", "<<: ", "\\", "\r", "\u{0}", "é",
      "\u{FEFF}", "\u{85}", "\u{2028}", "~", "0x", "a: a\n",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]

  @Test(arguments: 1...8) func mutations(_ seed: Int) {
    var random = Random(state: UInt64(seed))
    for round in 0..<1500 {
      var bytes = Array(Self.seeds[random.next(Self.seeds.count)].utf8)
      for _ in 0...random.next(4) {
        let at = random.next(bytes.count + 1)
        switch random.next(4) {
        case 0: bytes.insert(contentsOf: Self.pieces[random.next(Self.pieces.count)], at: at)
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.next(4)))
        case 2 where at < bytes.count: bytes[at] = UInt8(random.next(256))
        default:
          let end = min(bytes.count, at + random.next(20))
          bytes.insert(contentsOf: bytes[at..<end], at: random.next(bytes.count + 1))
        }
      }
      if random.next(20) == 0 { bytes.insert(contentsOf: [0xFF, 0xFE], at: 0) }
      let text = SourceText(bytes)
      for error in errors(bytes: bytes) {
        let marks = [error.mark] + error.notes.map(\.mark)
        for mark in marks where mark.line > 0 {
          let line = text.line(Int(mark.line))
          let width = line.map { String(decoding: $0, as: UTF8.self).unicodeScalars.count } ?? -1
          #expect(
            mark.column >= 1 && Int(mark.column) <= width + 1,
            "seed \(seed) round \(round): \(mark.line):\(mark.column) \(error.slug) in \(bytes)")
        }
      }
    }
  }
}
