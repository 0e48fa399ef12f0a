/// Why an archive cannot be read.
package struct ArchiveProblem: Error, Sendable, Hashable {
  package let text: String

  package init(_ text: String) {
    self.text = text
  }
}

/// An entry of a tar archive.
struct TarEntry: Sendable {
  enum Kind: Sendable { case file, hardLink, symbolicLink, directory, other }

  var path: String
  var kind: Kind
  /// In bytes.
  var size: Int
  /// Permission bits, with setuid and setgid.
  var mode: Int
  var link: String
}

/// What is done with the entries of a tar archive.
protocol TarHandler: ~Copyable {
  mutating func begin(_ entry: TarEntry) throws(ArchiveProblem)
  /// A part of the entry's content.
  mutating func content(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem)
  mutating func end() throws(ArchiveProblem)
}

/// Reads a tar archive as it comes: ustar, GNU's long names and sparse files, pax. It keeps no content, whatever the
/// archive's size.
///
/// Source: POSIX.1-2001 `pax`, and the GNU tar manual's "Basic Tar Format" and "Storing Sparse Files".
struct TarStream<Handler: TarHandler & ~Copyable>: ~Copyable {
  var handler: Handler
  private var header: [UInt8] = []
  /// Content that is still to come, and the padding behind it.
  private var remaining = 0
  private var padding = 0
  private var state = State.header
  private var metadata: [UInt8] = []
  private var longName: String?
  private var longLink: String?
  private var records: [String: String] = [:]
  /// Behind the archive's end.
  private var trailing = 0

  private enum State {
    case header, content, longName, longLink, records, skipped, sparseMap, end
  }

  /// Long names and pax records; none is as large in an honest archive.
  private static var maximumMetadata: Int { 1 << 20 }
  /// The padding of any block size that anybody writes with.
  private static var maximumTrailing: Int { 64 << 20 }

  init(_ handler: consuming Handler) {
    self.handler = handler
    header.reserveCapacity(512)
  }

  /// Begins anew, with the same handler.
  mutating func reset() {
    header.removeAll(keepingCapacity: true)
    (remaining, padding, trailing) = (0, 0, 0)
    state = .header
    metadata = []
    longName = nil
    longLink = nil
    records = [:]
  }

  mutating func feed(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    var bytes = bytes
    while !bytes.isEmpty {
      if state == .end {
        trailing += bytes.count
        if trailing > Self.maximumTrailing {
          throw ArchiveProblem("what follows the end of the archive has no end")
        }
        return
      }
      if remaining > 0, state != .sparseMap {
        let part = bytes.prefix(remaining)
        bytes = bytes.dropFirst(part.count)
        remaining -= part.count
        switch state {
        case .content: try handler.content(part)
        case .longName, .longLink, .records:
          if metadata.count + part.count > Self.maximumMetadata {
            throw ArchiveProblem("what describes an entry is longer than a mebibyte")
          }
          metadata += part
        default: break
        }
        if remaining == 0 { try finish() }
      } else if padding > 0 {
        let skipped = min(padding, bytes.count)
        bytes = bytes.dropFirst(skipped)
        padding -= skipped
      } else {
        let part = bytes.prefix(512 - header.count)
        header += part
        bytes = bytes.dropFirst(part.count)
        if header.count == 512 {
          if state == .sparseMap {
            // More of the map follows where the byte says so.
            if header[504] == 0 { try beginContent() }
          } else {
            try readHeader()
          }
          header.removeAll(keepingCapacity: true)
        }
      }
    }
  }

  /// Says whether the archive ended where it should.
  func checkEnd() throws(ArchiveProblem) {
    if state != .end, state != .header || !header.isEmpty {
      throw ArchiveProblem("the archive is cut off")
    }
  }

  private mutating func readHeader() throws(ArchiveProblem) {
    if header.allSatisfy({ $0 == 0 }) {
      // Two empty blocks end an archive; one is enough.
      state = .end
      return
    }
    guard Self.isHeader(header[...]) else { throw ArchiveProblem("this is no tar archive") }
    guard let size = Self.number(header[124..<136]), size >= 0 else {
      throw ArchiveProblem("an entry has no size, or a negative one")
    }
    remaining = size
    switch header[156] {
    case UInt8(ascii: "L"): state = .longName
    case UInt8(ascii: "K"): state = .longLink
    case UInt8(ascii: "x"): state = .records
    case UInt8(ascii: "g"): state = .skipped
    default: return try beginEntry()
    }
    try beginContent(as: state)
  }

  /// Whether a block is the header of an entry, by its sum. Old programs added the bytes up with their signs.
  static func isHeader(_ block: ArraySlice<UInt8>) -> Bool {
    guard block.count >= 512 else { return false }
    let start = block.startIndex
    var (sum, signed) = (0, 0)
    for index in 0..<512 {
      let byte = 148..<156 ~= index ? 0x20 : block[start + index]
      sum += Int(byte)
      signed += Int(Int8(bitPattern: byte))
    }
    let written = number(block[(start + 148)..<(start + 156)])
    return written == sum || written == signed
  }

  private mutating func beginEntry() throws(ArchiveProblem) {
    var path = text(0..<100)
    let prefix =
      header[257..<262].elementsEqual("ustar".utf8) && header[262] == 0 ? text(345..<500) : ""
    if !prefix.isEmpty { path = "\(prefix)/\(path)" }
    path = records["GNU.sparse.name"] ?? records["path"] ?? longName ?? path
    if let written = records["size"] {
      guard let size = Int(written), size >= 0 else {
        throw ArchiveProblem("an entry has no size, or a negative one")
      }
      remaining = size
    }
    let kind: TarEntry.Kind =
      switch header[156] {
      // Before ustar a folder was told by its slash.
      case 0, UInt8(ascii: "0"): path.hasSuffix("/") ? .directory : .file
      case UInt8(ascii: "7"), UInt8(ascii: "S"): .file
      case UInt8(ascii: "1"): .hardLink
      case UInt8(ascii: "2"): .symbolicLink
      case UInt8(ascii: "5"): .directory
      default: .other
      }
    // Links, devices and folders have no content, whatever their header says.
    if UInt8(ascii: "1")...UInt8(ascii: "6") ~= header[156] { remaining = 0 }
    let entry = TarEntry(
      path: path, kind: kind, size: remaining, mode: Self.number(header[100..<108]) ?? 0,
      link: records["linkpath"] ?? longLink ?? text(157..<257))
    longName = nil
    longLink = nil
    records = [:]
    try handler.begin(entry)
    if header[156] == UInt8(ascii: "S"), header[482] != 0 {
      state = .sparseMap
    } else {
      try beginContent()
    }
  }

  private mutating func beginContent(as next: State = .content) throws(ArchiveProblem) {
    state = next
    padding = (512 - remaining % 512) % 512
    metadata = []
    if remaining == 0 { try finish() }
  }

  private mutating func finish() throws(ArchiveProblem) {
    switch state {
    case .content: try handler.end()
    case .longName: longName = Self.terminated(metadata[...])
    case .longLink: longLink = Self.terminated(metadata[...])
    case .records: readRecords()
    default: break
    }
    metadata = []
    state = .header
  }

  /// `LENGTH NAME=VALUE\n`, over and over.
  private mutating func readRecords() {
    var rest = metadata[...]
    while let blank = rest.firstIndex(of: 0x20),
      let length = Int(String(decoding: rest[..<blank], as: UTF8.self)), length > 0,
      length <= rest.count, blank < rest.startIndex + length
    {
      let record = rest[(blank + 1)..<(rest.startIndex + length)].dropLast()
      if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
        records[String(decoding: record[..<equals], as: UTF8.self)] = String(
          decoding: record[(equals + 1)...], as: UTF8.self)
      }
      rest = rest.dropFirst(length)
    }
  }

  private func text(_ range: Range<Int>) -> String { Self.terminated(header[range]) }

  private static func terminated(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Octal digits, or GNU's binary number with the first bit set.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      var value = first & 0x40 != 0 ? -1 : Int(first & 0x3F)
      for byte in field.dropFirst() {
        guard value.magnitude < 1 << 52 else { return nil }
        value = value << 8 | Int(byte)
      }
      return value
    }
    let digits = field.drop { $0 == 0x20 || $0 == 0 }.prefix { 0x30...0x37 ~= $0 }
    return digits.isEmpty ? nil : Int(String(decoding: digits, as: UTF8.self), radix: 8)
  }
}
