import Kubernetes
import Ledger
package import Swarm
import YAML

/// Ports that a service's own command, variables and health check name.
package enum OwnPorts {
  /// The ports of this machine that a health check asks: `curl http://localhost:3000/health`, `nc -z 127.0.0.1 6379`.
  package static func checked(_ arguments: [String]) -> [Int] {
    var ports: [Int] = []
    let text = arguments.joined(separator: " ")
    let bytes = Array(text.utf8)
    var index = 0
    var program: String?
    var hasProgram = false
    while index < bytes.count {
      guard HostWords.isWord(bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, HostWords.isWord(bytes[index]) { index += 1 }
      let word = String(decoding: bytes[start..<index], as: UTF8.self)
      if isThisMachine(word), let port = port(bytes, start, index) { ports.append(port) }
      if !hasProgram, DefaultPorts.port(ofProbe: word) != nil {
        program = word
        hasProgram = true
      }
    }
    if ports.isEmpty, let program, !text.contains("-p"), !text.contains("-P"),
      let port = DefaultPorts.port(ofProbe: program)
    {
      ports.append(port)
    }
    return ports
  }

  private static func isThisMachine(_ word: String) -> Bool {
    switch word {
    case "localhost", "127.0.0.1", "0.0.0.0", "HOSTNAME", "hostname": true
    default: false
    }
  }

  private static func port(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
    var index = end
    while index < bytes.count, bytes[index] == 0x7D || bytes[index] == 0x29 || bytes[index] == 0x22
    {
      index += 1
    }
    if index < bytes.count, [0x3A, 0x20, 0x2F].contains(bytes[index]),
      let number = number(bytes, index + 1)
    {
      return number
    }
    // A URL without a port.
    guard start > 2, bytes[(start - 3)..<start].elementsEqual("://".utf8) else { return nil }
    var first = start - 3
    while first > 0, 0x61...0x7A ~= bytes[first - 1] { first -= 1 }
    return DefaultPorts.port(
      ofScheme: String(decoding: bytes[first..<(start - 3)], as: UTF8.self))
  }

  private static func number(_ bytes: [UInt8], _ start: Int) -> Int? {
    var value = 0
    var index = start
    while index < bytes.count, 0x30...0x39 ~= bytes[index], index - start < 6 {
      value = value * 10 + Int(bytes[index] - 0x30)
      index += 1
    }
    return index > start && 1...65535 ~= value ? value : nil
  }

  /// Ports that the service is told to listen on: `PORT`, `--port 3000`, `:8080`, `0.0.0.0:9090`. They add to what is
  /// known and prove nothing alone: a port may as well be another service's.
  package static func listened(_ service: Swarm.Service) -> [Int] {
    var ports: [Int] = []
    let environment = service.node["environment"]
    for entry in environment?.entries ?? [] {
      if let text = entry.value.text, let port = port(entry.key, text) { ports.append(port) }
    }
    var commands = ["entrypoint", "command"].map { key in
      (service.node[key]?.items ?? []).compactMap(\.text)
    }
    if let image = service.imageFacts {
      for (name, value) in image.environment where environment?[name] == nil {
        if let port = port(name, value) { ports.append(port) }
      }
      commands.insert(image.words(of: service), at: 0)
    }
    var isPort = false
    for words in commands {
      for text in words where text.utf8.count < 256 {
        let value = text.split(separator: "=", maxSplits: 1).last.map(String.init) ?? text
        let option = text.hasPrefix("-") ? text.split(separator: "=")[0] : ""
        if let port = Int(value), 1...65535 ~= port, isPort || option.hasSuffix("port") {
          ports.append(port)
        } else if let port = address(value) {
          ports.append(port)
        }
        isPort =
          text.hasPrefix("-") && !text.contains("=") && (text.hasSuffix("port") || text == "-p")
      }
    }
    return ports
  }

  /// The port that a variable tells to listen on.
  private static func port(_ name: String, _ text: String) -> Int? {
    guard text.utf8.count < 64 else { return nil }
    if isPortName(name), let port = Int(text), 1...65535 ~= port { return port }
    return address(text)
  }

  private static func isPortName(_ name: String) -> Bool {
    switch name {
    case "PORT", "HTTP_PORT", "HTTPS_PORT", "SERVER_PORT", "APP_PORT", "LISTEN_PORT", "GRPC_PORT",
      "METRICS_PORT", "ADMIN_PORT", "WEB_PORT", "PORT_NUMBER":
      true
    default: false
    }
  }

  /// `:8080`, `0.0.0.0:8080`, `[::]:8080`, `*:8080`.
  private static func address(_ text: String) -> Int? {
    for start in ["0.0.0.0:", "[::]:", "*:", ":"] where text.hasPrefix(start) {
      guard let port = Int(text.dropFirst(start.count)), 1...65535 ~= port else { return nil }
      return port
    }
    return nil
  }

  // MARK: Configuration files

  /// The ports of `listen 80`, `listen [::]:8443 ssl`, `bind *:80`, `Listen 0.0.0.0:8080`, `listen_addr: :9000` and of a
  /// Caddyfile's `:8080 {`.
  package static func listened(inFile bytes: [UInt8]) -> [Int] {
    var ports: [Int] = []
    var index = 0
    var isLineStart = true
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x3A, isLineStart, let (port, _) = digits(bytes, index + 1) { ports.append(port) }
      guard HostWords.isWord(byte) else {
        if byte == 0x0A {
          isLineStart = true
        } else if byte != 0x20, byte != 0x09 {
          isLineStart = false
        }
        // The rest of a comment says nothing.
        if byte == 0x23 {
          while index < bytes.count, bytes[index] != 0x0A { index += 1 }
        } else {
          index += 1
        }
        continue
      }
      let start = index
      while index < bytes.count, HostWords.isWord(bytes[index]) { index += 1 }
      if isLineStart, isListen(bytes[start..<index]), let port = address(bytes, index) {
        ports.append(port)
      }
      isLineStart = false
    }
    return Array(Set(ports)).sorted()
  }

  private static func isListen(_ word: ArraySlice<UInt8>) -> Bool {
    guard 4...16 ~= word.count else { return false }
    switch String(decoding: word, as: UTF8.self).lowercased() {
    case "listen", "bind", "listen_addr", "listen_address", "listen-address", "bind_addr",
      "http_addr",
      "bind_address", "http_port", "listen_port":
      return true
    default: return false
    }
  }

  /// The port at the end of the address behind a directive.
  private static func address(_ bytes: [UInt8], _ start: Int) -> Int? {
    var index = start
    while index < bytes.count, [0x20, 0x09, 0x3A, 0x3D, 0x22, 0x27].contains(bytes[index]) {
      index += 1
    }
    var end = index
    while end < bytes.count, end - index < 64, bytes[end] > 0x20, bytes[end] != 0x3B,
      bytes[end] != 0x22, bytes[end] != 0x27
    {
      end += 1
    }
    let first = bytes[index..<end].lastIndex(of: 0x3A).map { $0 + 1 } ?? index
    guard let (port, stop) = digits(bytes, first), stop == end else { return nil }
    return port
  }

  private static func digits(_ bytes: [UInt8], _ start: Int) -> (port: Int, end: Int)? {
    guard let port = number(bytes, start) else { return nil }
    var end = start
    while end < bytes.count, 0x30...0x39 ~= bytes[end] { end += 1 }
    return (port, end)
  }
}
