/// A text that was read: its bytes, and the name under which messages quote it.
package struct SourceFile: Sendable {
  /// The name as the user wrote it (`stack.yml`, `-` for standard input).
  package let path: String
  /// The bytes as read, before any decoding.
  package let bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// The text of a line, counted from one, without its line break; nil when the file is shorter.
  ///
  /// Used for excerpts only, so it scans from the start.
  package func line(_ number: Int) -> String? {
    var current = 1
    var start = bytes.startIndex
    while current < number {
      guard let feed = bytes[start...].firstIndex(of: 0x0A) else { return nil }
      start = feed + 1
      current += 1
    }
    guard start < bytes.endIndex || (number == 1 && bytes.isEmpty) else { return nil }
    var end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.endIndex
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

/// All texts of one run. A `SourceMark` refers to one of them by its number.
package struct Sources: Sendable {
  package private(set) var files: [SourceFile] = []

  package init() {}

  /// Adds a text and returns its number for marks.
  package mutating func add(_ file: SourceFile) -> Int32 {
    files.append(file)
    return Int32(files.count - 1)
  }

  /// The file that a mark points into; nil for `SourceMark.none`.
  package func file(of mark: SourceMark) -> SourceFile? {
    files.indices.contains(Int(mark.file)) ? files[Int(mark.file)] : nil
  }

  /// `stack.yml:12:5`, `<stdin>:12:5` as compilers write it, or the bare path for a mark without a line; empty without a file.
  package func place(_ mark: SourceMark) -> String {
    guard let file = file(of: mark) else { return "" }
    let path = file.path == "-" ? "<stdin>" : file.path
    return mark.line > 0 ? "\(path):\(mark.line):\(mark.column)" : path
  }
}

/// A place in a source file. Lines and columns count from one; columns count Unicode scalars.
///
/// Every value of a document has one, so it is packed into eight bytes: a column beyond a million is given as a million,
/// and a run reads fewer than 4,095 files.
package struct SourceMark: Hashable, Sendable, Comparable {
  /// From one; 0 means the file as a whole.
  package let line: Int32
  private var fileAndColumn: UInt32

  private static let columnBits: UInt32 = 20
  private static let noFile: UInt32 = 0xFFF

  package init(file: Int32, line: Int32, column: Int32) {
    self.line = line
    let number = file < 0 ? Self.noFile : min(UInt32(file), Self.noFile - 1)
    let column = min(UInt32(max(0, column)), (1 << Self.columnBits) - 1)
    fileAndColumn = number << Self.columnBits | column
  }

  /// The file's number in `Sources`, -1 for no place at all.
  package var file: Int32 {
    let number = fileAndColumn >> Self.columnBits
    return number == Self.noFile ? -1 : Int32(number)
  }

  /// From one, in Unicode scalars.
  package var column: Int32 {
    get { Int32(fileAndColumn & ((1 << Self.columnBits) - 1)) }
    set { self = SourceMark(file: file, line: line, column: newValue) }
  }

  /// For values that nobody wrote, such as Swarm's defaults.
  package static let none = SourceMark(file: -1, line: 0, column: 0)

  package static func < (left: Self, right: Self) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}
