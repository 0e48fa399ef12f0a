/// The text of an instruction as the builder reads it: continuation lines joined, comments within them left out. Every
/// byte knows its place in the file, so that a message underlines and a fix changes exactly what was written.
package struct LogicalText: Sendable {
  package private(set) var bytes: [UInt8] = []
  /// Where runs of bytes that lie together begin, in this text and in the file.
  private var pieces: [Piece] = []

  private struct Piece: Sendable {
    var start: Int
    var offset: Int
  }

  package init() {}

  /// A part of the file as it is.
  package init(_ file: [UInt8], _ range: Range<Int>) {
    append(file, range)
  }

  package mutating func append(_ file: [UInt8], _ range: Range<Int>) {
    if range.isEmpty { return }
    pieces.append(Piece(start: bytes.count, offset: range.lowerBound))
    bytes.append(contentsOf: file[range])
  }

  /// The place in the file of a byte of this text.
  package func offset(_ index: Int) -> Int {
    guard let first = pieces.first else { return 0 }
    var low = 0
    var high = pieces.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].start <= index { low = middle } else { high = middle }
    }
    return pieces[low].offset + max(0, index - (low == 0 ? first.start : pieces[low].start))
  }

  /// The part of the file that a part of this text was written as, continuation lines and all.
  package func span(_ range: Range<Int>) -> Range<Int> {
    if range.isEmpty {
      // Behind the last byte, not at the start of a line that follows.
      let place = range.lowerBound > 0 ? offset(range.lowerBound - 1) + 1 : offset(0)
      return place..<place
    }
    return offset(range.lowerBound)..<(offset(range.upperBound - 1) + 1)
  }

  package func string(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}
