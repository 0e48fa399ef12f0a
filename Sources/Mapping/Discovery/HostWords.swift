import Kubernetes
import Ledger
import Swarm

/// A word of a text that is a name in Swarm's DNS.
package struct HostToken: Sendable {
  /// The bytes of the name alone.
  package let range: Range<Int>
  /// Whether the text around it says that it is a host; else it may as well be the name of a database.
  package let isHost: Bool
  /// Port numbers behind it.
  package let ports: [Int]
  /// Small letters; of the URL that it stands in.
  package let scheme: String?
  package let isUDP: Bool
}

/// Finds host names in values, commands and texts, in one pass.
///
/// A word is a run of letters, digits, `_`, `-` and `.`; it is a host as a whole or not at all. It is certainly one
///
/// - in a URL, behind `://` and what precedes an `@`, and behind commas there;
/// - before `:` and a port, unless it is the end of a path (`repository/web:80`);
/// - behind an `@`, in `/dev/tcp/NAME/PORT`, and with `tasks.` before it;
/// - where a variable, key, option or command says that hosts follow: `DB_HOST`, `server=`, `--host`, `ping`;
/// - before a blank and a port, in commands (`nc -z NAME 5432`).
package struct HostWords {
  /// What kind of text it is.
  package enum Source: Sendable {
    /// The value of a variable or label, or the word behind an option.
    case value(name: String?)
    case command(option: String?)
    case file
  }

  private let bytes: [UInt8]
  private let isCommand: Bool
  /// The variable's name says that the value is a host or a list of them.
  private let isHostValue: Bool
  /// The variable's name says that the value is an image or the like.
  private let isNeverHost: Bool
  private let names: HostNames
  private var wantsUnknown = false
  /// Names that mean something else in this text: nginx's `upstream NAME {`.
  private var locals = Set<String>()

  private var previous = 0..<0
  private var isInHostList = false
  /// The part of a URL between `://` and its path, and where its hosts begin.
  private var authority = 0..<0
  private var hostsStart = 0
  private var scheme: String?

  /// `wantsUnknown` asks for hosts with an underscore that no service has as well: only Swarm's DNS can know them.
  package static func find(
    in text: String, _ source: Source, _ names: HostNames, wantsUnknown: Bool = false,
    visit: (HostToken, [UInt8]) -> Void
  ) {
    var tokens = HostWords(Array(text.utf8), source, names)
    tokens.wantsUnknown = wantsUnknown
    tokens.scan(visit)
  }

  private init(_ bytes: [UInt8], _ source: Source, _ names: HostNames) {
    self.bytes = bytes
    self.names = names
    var hint: String?
    switch source {
    case .value(let name):
      hint = name
      isCommand = false
    case .command(let option):
      hint = option
      isCommand = true
    case .file: isCommand = false
    }
    let name = hint.map { Array($0.utf8) } ?? []
    isHostValue = HostHints.isHost(name[...]) || (isCommand && HostHints.isHostOption(name[...]))
    isNeverHost = HostHints.isNeverHost(name[...])
    if case .file = source { findLocals() }
  }

  // MARK: The pass

  private mutating func scan(_ visit: (HostToken, [UInt8]) -> Void) {
    if isNeverHost { return }
    var index = 0
    while index < bytes.count {
      guard Self.isWord(bytes[index]) else {
        if bytes[index] == 0x3A, has("://", at: index) {
          enterURL(at: index)
          index += 3
        } else {
          index += 1
        }
        continue
      }
      var start = index
      while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
      // `${HOST:-web}`, and options: no name begins with a dash.
      while start < index, bytes[start] == 0x2D { start += 1 }
      let isOption = start > 0 && bytes[start - 1] == 0x2D && !isDefault(before: start)
      noteList(start)
      if !isOption, start < index, isWhole(start..<index), mayBeName(bytes[start..<index]),
        let token = token(start..<index)
      {
        visit(token, bytes)
      }
      previous = (isOption ? start - 1 : start)..<index
    }
  }

  private func mayBeName(_ word: ArraySlice<UInt8>) -> Bool {
    names.mayKnow(word) || wantsUnknown && word.contains(0x5F)
  }

  /// `-` of `:-`, which begins the default of a shell variable.
  private func isDefault(before start: Int) -> Bool {
    start > 1 && bytes[start - 2] == 0x3A
  }

  private mutating func enterURL(at colon: Int) {
    let start = colon + 3
    var end = start
    var at: Int?
    while end < bytes.count, !Self.endsAuthority(bytes[end]) {
      if bytes[end] == 0x40 { at = end }
      end += 1
    }
    authority = start..<end
    hostsStart = at.map { $0 + 1 } ?? start
    scheme = schemeName(before: colon)
  }

  /// What stands before `://`, without a driver's name behind a plus sign.
  private func schemeName(before colon: Int) -> String? {
    var start = colon
    while start > 0, colon - start < 24, Self.isWord(bytes[start - 1]) || bytes[start - 1] == 0x2B {
      start -= 1
    }
    let word = bytes[start..<colon].prefix { $0 != 0x2B }
    return word.isEmpty ? nil : String(decoding: word, as: UTF8.self).lowercased()
  }

  /// Whether the word at `start` is in a list of hosts: `HOSTS=a,b`, `hosts: [a, b]`, `--host a`.
  private mutating func noteList(_ start: Int) {
    let gap = bytes[min(previous.upperBound, start)..<start]
    var hasAssignment = false
    var hasComma = false
    var hasBlank = false
    for byte in gap {
      switch byte {
      case 0x3D, 0x3A: hasAssignment = true
      case 0x2C: hasComma = true
      case 0x20, 0x09, 0x0A, 0x0D: hasBlank = true
      case 0x22, 0x27, 0x5B, 0x28, 0x2D, 0x5C: break
      default:
        isInHostList = false
        return
      }
    }
    let word = bytes[previous]
    if hasAssignment {
      // The port of the last host, or the value of a key.
      if isInHostList, gap.count == 1, gap.first == 0x3A { return }
      isInHostList = HostHints.isHost(word)
    } else if hasComma {
      return
    } else if hasBlank {
      let isLine = gap.contains(0x0A)
      isInHostList =
        !isLine
        && (HostHints.takesHost(word)
          || word.first == 0x2D
            && (HostHints.isHost(word) || isCommand && HostHints.isHostOption(word)))
        || isLine && isInHostList && gap.contains(0x2D)
    } else {
      isInHostList = false
    }
  }

  // MARK: One word

  /// Whether nothing around the word makes it a part of something else.
  private func isWhole(_ word: Range<Int>) -> Bool {
    if word.upperBound < bytes.count {
      let next = bytes[word.upperBound]
      if next >= 0x80 || next == 0x24 || next == 0x25 || next == 0x7E { return false }
      // A word before `://` is the scheme; one before `@` is a user.
      if next == 0x40 || next == 0x3A && has("://", at: word.upperBound) { return false }
      if next == 0x28 { return false }
    }
    if word.lowerBound > 0 {
      switch bytes[word.lowerBound - 1] {
      case 0x80..., 0x24, 0x25, 0x7E, 0x23, 0x2E, 0x2B: return false
      case 0x5C:
        // `\n` and `\t` of texts in texts end a word; the letter is a part of it.
        return false
      case 0x7B: return word.lowerBound < 2 || bytes[word.lowerBound - 2] != 0x24
      default: break
      }
    }
    return true
  }

  private func token(_ word: Range<Int>) -> HostToken? {
    let (start, end) = (word.lowerBound, word.upperBound)
    let before = start > 0 ? bytes[start - 1] : 0
    if authority.contains(start) {
      if start < hostsStart { return nil }
      if start == hostsStart || before == 0x2C {
        let ports = ports(at: end)
        if ports.isEmpty, locals.contains(lowercased(word)) { return nil }
        return HostToken(
          range: word, isHost: true, ports: ports, scheme: scheme,
          isUDP: scheme?.hasPrefix("udp") ?? false || scheme?.hasSuffix("udp") ?? false)
      }
    }
    if before == 0x2F { return device(word) }
    if locals.contains(lowercased(word)), ports(at: end).isEmpty, !isInHostList { return nil }
    let ports = ports(at: end)
    if !ports.isEmpty {
      return HostToken(range: word, isHost: true, ports: ports, scheme: nil, isUDP: isUDP(at: end))
    }
    if isCommand, let port = portBehindBlank(at: end) {
      return HostToken(range: word, isHost: true, ports: [port], scheme: nil, isUDP: false)
    }
    let next = end < bytes.count ? bytes[end] : 0
    let isListed =
      (isInHostList || isHostValue && Self.separatesHosts(before, atStart: start == 0))
      && (Self.separatesHosts(next, atStart: end == bytes.count) || next == 0x2F || next == 0x3A)
    let isHost =
      isListed || before == 0x40 || hasTasksPrefix(word) && (next != 0x2F)
    return HostToken(range: word, isHost: isHost, ports: [], scheme: nil, isUDP: false)
  }

  /// `/dev/tcp/NAME/PORT`, as shells read it.
  private func device(_ word: Range<Int>) -> HostToken? {
    let isTCP = has("/dev/tcp/", at: word.lowerBound - 9)
    guard isTCP || has("/dev/udp/", at: word.lowerBound - 9) else { return nil }
    var ports: [Int] = []
    if word.upperBound < bytes.count, bytes[word.upperBound] == 0x2F,
      let (port, _) = number(at: word.upperBound + 1)
    {
      ports = [port]
    }
    return HostToken(range: word, isHost: true, ports: ports, scheme: nil, isUDP: !isTCP)
  }

  /// The numbers of `:80` and `:2888:3888` at a place.
  private func ports(at place: Int) -> [Int] {
    var ports: [Int] = []
    var index = place
    while ports.count < 4, index < bytes.count, bytes[index] == 0x3A,
      let (port, end) = number(at: index + 1)
    {
      ports.append(port)
      index = end
    }
    return ports
  }

  /// A port number, and where it ends; nil where letters follow (`web:1.2`, `web:7-alpine`).
  private func number(at place: Int) -> (port: Int, end: Int)? {
    var value = 0
    var index = place
    while index < bytes.count, 0x30...0x39 ~= bytes[index], index - place < 6 {
      value = value * 10 + Int(bytes[index] - 0x30)
      index += 1
    }
    guard index > place, 1...65535 ~= value, bytes[place] != 0x30 else { return nil }
    if index < bytes.count, Self.isWord(bytes[index]) {
      // The full stop of a sentence.
      guard bytes[index] == 0x2E, index + 1 == bytes.count || !Self.isWord(bytes[index + 1]) else {
        return nil
      }
    }
    return (value, index)
  }

  private func portBehindBlank(at place: Int) -> Int? {
    guard place < bytes.count, bytes[place] == 0x20, let (port, _) = number(at: place + 1),
      port >= 21
    else { return nil }
    return port
  }

  private func isUDP(at place: Int) -> Bool {
    var index = place
    while index < bytes.count, bytes[index] == 0x3A || 0x30...0x39 ~= bytes[index] { index += 1 }
    return has("/udp", at: index)
  }

  private func hasTasksPrefix(_ word: Range<Int>) -> Bool { lowercased(word).hasPrefix("tasks.") }

  private func lowercased(_ word: Range<Int>) -> String {
    String(decoding: bytes[word], as: UTF8.self).lowercased()
  }

  private func has(_ text: StaticString, at place: Int) -> Bool {
    guard place >= 0, place + text.utf8CodeUnitCount <= bytes.count else { return false }
    return bytes[place..<(place + text.utf8CodeUnitCount)].elementsEqual(text.description.utf8)
  }

  // MARK: nginx

  /// Names that the file gives to groups of servers: a URL with such a name means the group.
  private mutating func findLocals() {
    var index = 0
    var isUpstream = false
    while index < bytes.count {
      guard Self.isWord(bytes[index]) else {
        if bytes[index] != 0x20 && bytes[index] != 0x09 { isUpstream = false }
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
      if isUpstream { locals.insert(lowercased(start..<index)) }
      isUpstream = index - start == 8 && has("upstream", at: start)
    }
  }

  // MARK: Bytes

  package static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x61...0x7A, 0x30...0x39, 0x41...0x5A, 0x5F, 0x2D, 0x2E: true
    default: false
    }
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2F, 0x3F, 0x23, 0x00...0x20, 0x22, 0x27, 0x60, 0x3C, 0x3E, 0x29, 0x5D, 0x7D, 0x7C, 0x5C,
      0x3B:
      true
    default: false
    }
  }

  /// Blanks, quotes, commas and brackets, and the ends of the text.
  private static func separatesHosts(_ byte: UInt8, atStart isEnd: Bool) -> Bool {
    if isEnd { return true }
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D, 0x22, 0x27, 0x2C, 0x3B, 0x5B, 0x5D, 0x28, 0x29, 0x7C, 0x7D, 0x3D,
      0x26, 0x3A, 0x2D:
      return true
    default: return false
    }
  }
}
