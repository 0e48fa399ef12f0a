/// Sizes as Docker reads memory: `50M` is 50 · 1024 · 1024 bytes, the unit in any letter case, `b` and `ib` optional.
enum MemorySize {
  /// `units.RAMInBytes`; nil for what Docker refuses.
  static func bytes(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    let isNumeric = { (byte: UInt8) in
      byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: " ")
    }
    guard let last = bytes.lastIndex(where: isNumeric) else { return nil }
    let end = bytes[last] == UInt8(ascii: " ") ? last : last + 1
    let number = String(decoding: bytes[..<end], as: UTF8.self)
    guard !number.contains(" "), var size = GoNumbers.parse(number), size >= 0, size.isFinite else {
      return nil
    }
    let suffix = String(decoding: bytes[(last + 1)...], as: UTF8.self).lowercased()
    if !suffix.isEmpty {
      guard let factor = factor(suffix) else { return nil }
      size *= factor
    }
    return Int64(exactly: size.rounded(.towardZero))
  }

  private static func factor(_ suffix: String) -> Double? {
    switch suffix {
    case "b": 1
    case "k", "kb", "kib": 1024
    case "m", "mb", "mib": 1_048_576
    case "g", "gb", "gib": 1_073_741_824
    case "t", "tb", "tib": 1_099_511_627_776
    case "p", "pb", "pib": 1_125_899_906_842_624
    default: nil
    }
  }
}
