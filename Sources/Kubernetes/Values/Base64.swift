/// Bytes in base64 (RFC 4648, section 4), as Secrets and `binaryData` hold them.
func base64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  var index = 0
  while index < bytes.count {
    let rest = bytes.count - index
    let triple =
      UInt32(bytes[index]) << 16 | (rest > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
      | (rest > 2 ? UInt32(bytes[index + 2]) : 0)
    text.append(alphabet[Int(triple >> 18)])
    text.append(alphabet[Int(triple >> 12 & 0x3F)])
    text.append(rest > 1 ? alphabet[Int(triple >> 6 & 0x3F)] : UInt8(ascii: "="))
    text.append(rest > 2 ? alphabet[Int(triple & 0x3F)] : UInt8(ascii: "="))
    index += 3
  }
  return String(decoding: text, as: UTF8.self)
}
