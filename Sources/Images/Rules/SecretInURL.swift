package import Diagnostics

package enum SecretInURL: Rule {
  package static let name = "secret-in-url"
  package static let title = "A password or token in a URL"
  package static let about = """
    A URL such as `https://user:password@host/` in a command is in the image's history, in the log of every build, and in each
    proxy's log on the way. Take the login from a secret mount: `RUN --mount=type=secret,id=netrc,target=/root/.netrc curl …`,
    or `--mount=type=ssh` for git.
    """
  package static let severity = Diagnostic.Severity.error
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nRUN git clone https://ci:s3cr3t@git.example.com/shop.git\n",
      good: "FROM debian:12\nRUN --mount=type=ssh git clone git@git.example.com:shop.git\n"),
    RuleExample(
      bad: "FROM debian:12\nADD https://files.example.com/a.tgz?token=abcdef /tmp/\n",
      good: "FROM debian:12\nADD https://files.example.com/a.tgz /tmp/\n"),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for outer in subject.dockerfile.instructions {
      let instruction = outer.trigger.first ?? outer
      let bytes = instruction.text.bytes
      guard let range = secret(Array(bytes)) else { continue }
      let span = instruction.text.span(range)
      findings.hide(span)
      findings.add(
        span, "this URL holds a login, and docker history shows it",
        hint: "take it from a mount: RUN --mount=type=secret,id=…,target=/root/.netrc …")
    }
  }

  /// The part of a URL that is secret: the password in front of `@`, the value of a token in the query.
  static func secret(_ bytes: [UInt8]) -> Range<Int>? {
    var index = 0
    while index + 3 < bytes.count {
      guard bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == 0x2F, bytes[index + 2] == 0x2F
      else {
        index += 1
        continue
      }
      let start = index + 3
      var end = start
      while end < bytes.count, !isBlank(bytes[end]), !Self.ends.contains(bytes[end]) { end += 1 }
      let url = bytes[start..<end]
      let authority = url.prefix { $0 != 0x2F && $0 != UInt8(ascii: "?") }
      if let at = authority.lastIndex(of: UInt8(ascii: "@")),
        let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":"))
      {
        let password = (colon + 1)..<at
        // A variable, or an empty one, is no secret here.
        if !password.isEmpty, !bytes[password].contains(UInt8(ascii: "$")) { return password }
      }
      if let query = url.firstIndex(of: UInt8(ascii: "?")) {
        for part in url[(query + 1)...].split(separator: UInt8(ascii: "&")) {
          let name = String(decoding: part.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
            .lowercased()
          let value = part.dropFirst(name.utf8.count + 1)
          if ["token", "access_token", "api_key", "apikey", "password", "private_token", "sig"]
            .contains(name),
            !value.isEmpty, !value.contains(UInt8(ascii: "$"))
          {
            return value.startIndex..<value.endIndex
          }
        }
      }
      index = max(end, index + 3)
    }
    return nil
  }

  private static let ends: Set<UInt8> = [
    0x22, 0x27, UInt8(ascii: "`"), UInt8(ascii: ")"), UInt8(ascii: ";"), UInt8(ascii: "|"),
    UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: ","), 0x0A,
  ]
}
