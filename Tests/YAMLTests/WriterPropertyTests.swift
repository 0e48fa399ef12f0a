import Testing

@testable import YAML

/// A small generator of pseudo-random numbers, the same on every run.
private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// What is read back is exactly what was written.
struct WriterPropertyTests {
  private static let pieces =
    [
      "a", "b", "Z", "0", "1", "9", " ", " ", "  ", "\n", "\n", "\n\n", "\t", ":", ": ", "#", " #",
      "-", "- ", "?", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`",
      "\\",
      "~", "=", "<<", "---", "...", ".", "_", "+", "e", "x", "o", "on", "yes", "null", "true", "é",
      "日", "😀", "\r", "\r\n", "\u{0}", "\u{7}", "\u{1B}", "\u{7F}", "\u{85}", "\u{A0}", "\u{AD}",
      "\u{2028}", "\u{2029}", "\u{200B}", "\u{202E}", "\u{FEFF}", "\u{FFFD}", "\u{FFFE}",
      "\u{10FFFF}", "\u{E000}", "e\u{301}", "$(", "${X}", "{{x}}",
    ]

  private static func string(_ dice: inout Dice) -> String {
    // Short ones of few kinds find the corners; long ones mix everything.
    let alphabet =
      Bool.random(using: &dice)
      ? pieces : (0..<3).map { _ in pieces.randomElement(using: &dice)! }
    return (0..<Int.random(in: 0...12, using: &dice))
      .map { _ in alphabet.randomElement(using: &dice)! }.joined()
  }

  private static func scalars(_ text: String?) -> [Unicode.Scalar]? {
    text.map { Array($0.unicodeScalars) }
  }

  @Test(arguments: UInt64(1)...8) func values(_ seed: UInt64) throws {
    var dice = Dice(state: seed)
    for _ in 0..<500 {
      let values = (0..<5).map { _ in Self.string(&dice) }
      let text = written { w in
        w.field("a", values[0])
        w.field("list", [values[1], values[2]])
        w.field("deep") { w in
          w.list("items", [values[3]]) { value, w in
            w.field("first", value)
            w.field("second", values[4])
          }
        }
      }
      let root = try #require(try read(text), "\(text)")
      let item = root["deep"]?["items"]?.items?.first
      let back = [
        root["a"], root["list"]?.items?[0], root["list"]?.items?[1], item?["first"],
        item?["second"],
      ]
      for (value, node) in zip(values, back) {
        #expect(Self.scalars(node?.text) == Self.scalars(value), "\(text.debugDescription)")
        #expect(node?.scalar?.kind == .string)
      }
    }
  }

  @Test(arguments: UInt64(1)...4) func keys(_ seed: UInt64) throws {
    var dice = Dice(state: seed &* 77)
    for _ in 0..<500 {
      let key = Self.string(&dice)
      let text = written { w in
        w.field("m") { w in w.entry(key) { $0.entry(key, "x") } }
      }
      let entry = try #require(try read(text)?["m"]?.entries?.first, "\(text)")
      #expect(Self.scalars(entry.key) == Self.scalars(key))
      #expect(entry.keyKind == .string)
      #expect(Self.scalars(entry.value.entries?.first?.key) == Self.scalars(key))
    }
  }

  @Test(arguments: UInt64(1)...8) func trees(_ seed: UInt64) throws {
    var dice = Dice(state: seed &* 991)
    func tree(_ depth: Int) -> Node {
      switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &dice) {
      case 0: return .int(Int.random(in: -5...5, using: &dice))
      case 1: return .bool(Bool.random(using: &dice))
      case 2: return .null()
      case 3, 4: return .string(Self.string(&dice))
      case 5, 6:
        return Node(
          .mapping(
            (0..<Int.random(in: 0...3, using: &dice)).map { place in
              Entry("\(place)" + Self.string(&dice), tree(depth - 1))
            }))
      default:
        return Node(
          .sequence((0..<Int.random(in: 0...3, using: &dice)).map { _ in tree(depth - 1) }))
      }
    }
    for _ in 0..<200 {
      let node = tree(4)
      let text = written { $0.write(node) }
      let back = try read(text)
      if node.isNull {
        #expect(back?.isNull == true)
      } else {
        #expect(Array(dump(back).unicodeScalars) == Array(dump(node).unicodeScalars), "\(text)")
      }
    }
  }
}
