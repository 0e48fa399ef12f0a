import CZlib

/// Unpacks gzip as it comes, several members one behind the other included, through the system's zlib.
@safe
struct Gunzip: ~Copyable {
  /// zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isAtEnd = false
  private var output: [UInt8]

  /// Bytes that went in and came out.
  private var taken = 0
  private var made = 0

  private static let chunk = 256 << 10
  /// What a layer may unpack to: so many bytes in any case, and beyond them so many times its size. Programs and texts
  /// pack to a tenth; only data made for it to a thousandth.
  private static let freeSize = 4 << 30
  private static let maximumRatio = 200

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    output = [UInt8](repeating: 0, count: Self.chunk)
    // 16 asks for gzip, 15 for the largest window.
    let status = unsafe inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { fatalError("out of memory") }
  }

  deinit {
    _ = unsafe inflateEnd(stream)
    unsafe stream.deinitialize(count: 1)
    unsafe stream.deallocate()
  }

  /// Begins anew.
  mutating func reset() {
    _ = unsafe inflateReset(stream)
    (taken, made) = (0, 0)
    (isAtEnd, hasMore) = (false, false)
  }

  /// Whether the last member has come to its end, or none begun.
  var isComplete: Bool { isAtEnd || taken == 0 }

  /// Whether more of the result waits although all data was taken.
  private(set) var hasMore = false

  /// Unpacks a part of the data and takes it off the front; call again while there is data, or more of the result.
  mutating func unpack(_ input: inout ArraySlice<UInt8>) throws(ArchiveProblem) -> ArraySlice<UInt8>
  {
    if isAtEnd {
      // Another member, or padding.
      input = input.drop { $0 == 0 }
      if input.isEmpty { return [] }
      _ = unsafe inflateReset(stream)
      isAtEnd = false
    }
    var status = Z_OK
    var used = 0
    var new = 0
    let space = output.count
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(min(source.count, 1 << 30))
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = UInt32(space)
        let given = unsafe Int(stream.pointee.avail_in)
        status = unsafe inflate(stream, Z_NO_FLUSH)
        used = unsafe given - Int(stream.pointee.avail_in)
        new = unsafe space - Int(stream.pointee.avail_out)
      }
    }
    isAtEnd = status == Z_STREAM_END
    hasMore = new == space && !isAtEnd
    let isStuck = used == 0 && new == 0 && !isAtEnd && !input.isEmpty
    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR, !isStuck else {
      throw ArchiveProblem("its gzip data is damaged")
    }
    input = input.dropFirst(used)
    taken += used
    made += new
    if made > Self.freeSize, made / Self.maximumRatio > taken {
      throw ArchiveProblem(
        "its gzip data unpacks to more than \(Self.maximumRatio) times its size: it is made to fill the disk"
      )
    }
    return output[..<new]
  }
}
