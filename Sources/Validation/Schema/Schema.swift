import Synchronization
import YAML

/// The kinds and fields of Kubernetes' API, of every supported version.
///
/// Read from `schemas.txt`, which `Tests/kubernetes/schemas.py` writes from the published schemas and explains; nothing
/// is read before the first manifest asks, and no type before one has it: a small stack needs few of the hundreds.
package struct Schema: Sendable {
  package indirect enum ValueType: Sendable, Equatable {
    case text, int32, int64, double, bool, quantity, intOrText, bytes, time, any
    /// By its number in `types`.
    case object(Int)
    case list(ValueType)
    case map(ValueType)
  }

  /// The minor versions from one on and before another.
  package typealias Versions = Range<Int>

  package struct Field: Sendable {
    package let name: String
    package let type: ValueType
    /// The only words that it takes; empty where any will do.
    package let words: [String]
    /// What tells the items of a list apart.
    package let keys: [String]
    package let versions: Versions
    package let required: Versions
  }

  package struct ObjectType: Sendable {
    package let name: String
    /// By name.
    package let fields: [String: Field]
    /// The names of those that some version requires, sorted.
    package let required: [String]
  }

  package struct Kind: Sendable {
    package let apiVersion: String
    package let kind: String
    package let type: Int
    package let versions: Versions
  }

  package let types: Types
  /// By kind; each of its API versions.
  package private(set) var kinds: [String: [Kind]] = [:]

  /// Of Kubernetes itself.
  package static let kubernetes = Schema(PackageResources.schemas_txt)

  package func kind(_ apiVersion: String, _ kind: String) -> Kind? {
    kinds[kind]?.first { $0.apiVersion == apiVersion }
  }

  /// - Parameter bytes: The table; one that is not whole is a mistake in the project and stops the program.
  package init(_ bytes: [UInt8]) {
    var rows: [Range<Int>] = []
    var kindRows: [[Substring]] = []
    var numbers: [String: Int] = [:]
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      defer { start = end + 1 }
      let word = bytes[start..<end].prefix { $0 != 0x20 }
      if word.isEmpty || word.first == UInt8(ascii: "#") { continue }
      switch String(decoding: word, as: UTF8.self) {
      case "versions": continue
      case "kind":
        kindRows.append(String(decoding: bytes[start..<end], as: UTF8.self).split(separator: " "))
      case let name:
        numbers[name] = rows.count
        rows.append(start..<end)
      }
    }
    types = Types(bytes, rows, numbers)
    for words in kindRows {
      var reader = Reader(words[3])
      let type = reader.word()
      kinds[String(words[2]), default: []].append(
        Kind(
          apiVersion: String(words[1]), kind: String(words[2]), type: numbers[type]!,
          versions: reader.versions()))
    }
  }

  /// The types by number, each read when it is first asked for.
  package final class Types: Sendable {
    private let bytes: [UInt8]
    private let rows: [Range<Int>]
    private let numbers: [String: Int]
    private let read: Mutex<[ObjectType?]>

    fileprivate init(_ bytes: [UInt8], _ rows: [Range<Int>], _ numbers: [String: Int]) {
      self.bytes = bytes
      self.rows = rows
      self.numbers = numbers
      read = Mutex(Array(repeating: nil, count: rows.count))
    }

    package var indices: Range<Int> { rows.indices }

    package subscript(number: Int) -> ObjectType {
      read.withLock { read in
        if let type = read[number] { return type }
        let type = parse(rows[number])
        read[number] = type
        return type
      }
    }

    private func parse(_ row: Range<Int>) -> ObjectType {
      let words = String(decoding: bytes[row], as: UTF8.self).split(separator: " ")
      var fields: [String: Field] = [:]
      var required: [String] = []
      for word in words.dropFirst() {
        let field = Schema.field(word, numbers)
        if !field.required.isEmpty { required.append(field.name) }
        fields[field.name] = field
      }
      return ObjectType(name: String(words[0]), fields: fields, required: required)
    }
  }

  fileprivate static func field(_ text: Substring, _ numbers: [String: Int]) -> Field {
    var reader = Reader(text)
    let name = reader.name()
    let type = reader.type(numbers)
    let words = reader.skip("=") ? reader.list("|") : []
    let keys = reader.skip("@") ? reader.list(",") : []
    let versions = reader.versions()
    let required = reader.skip("!") ? reader.versions().clamped(to: versions) : 0..<0
    return Field(
      name: name, type: type, words: words, keys: keys, versions: versions, required: required)
  }

  /// One word of the table.
  private struct Reader {
    private var rest: Substring.UTF8View

    init(_ text: Substring) { rest = text.utf8 }

    @discardableResult
    mutating func skip(_ sign: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: sign) else { return false }
      rest.removeFirst()
      return true
    }

    /// Everything before the colon, which it takes too.
    mutating func name() -> String {
      let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
      defer { rest = rest[end...].dropFirst() }
      return String(Substring(rest[..<end]))
    }

    mutating func word() -> String {
      let end = rest.firstIndex { !Self.isLetter($0) } ?? rest.endIndex
      defer { rest = rest[end...] }
      return String(Substring(rest[..<end]))
    }

    mutating func type(_ numbers: [String: Int]) -> ValueType {
      if skip("[") { return .list(type(numbers)) }
      if skip("{") { return .map(type(numbers)) }
      let name = word()
      switch name {
      case "s": return .text
      case "i": return .int32
      case "I": return .int64
      case "d": return .double
      case "b": return .bool
      case "q": return .quantity
      case "p": return .intOrText
      case "y": return .bytes
      case "t": return .time
      case "a": return .any
      default: return .object(numbers[name]!)
      }
    }

    mutating func list(_ separator: Unicode.Scalar) -> [String] {
      var words = [word()]
      while skip(separator) { words.append(word()) }
      return words
    }

    mutating func versions() -> Versions {
      let first = skip("+") ? number() : 0
      return first..<(skip("-") ? number() : Int.max)
    }

    private mutating func number() -> Int { Int(word())! }

    private static func isLetter(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: false
      }
    }
  }
}
