import Swarm
import YAML

/// Ports that a service's own command, variables and health check name.
enum OwnPorts {
  /// The ports of this machine that a health check asks: `curl http://localhost:3000/health`, `nc -z 127.0.0.1 6379`.
  static func checked(_ arguments: [String]) -> [Int] {
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
  static func listened(_ service: Swarm.Service) -> [Int] {
    var ports: [Int] = []
    for entry in service.node["environment"]?.entries ?? [] {
      guard let text = entry.value.text, text.utf8.count < 64 else { continue }
      if isPortName(entry.key), let port = Int(text), 1...65535 ~= port {
        ports.append(port)
      } else if let port = address(text) {
        ports.append(port)
      }
    }
    var isPort = false
    for key in ["entrypoint", "command"] {
      for item in service.node[key]?.items ?? [] {
        guard let text = item.text, text.utf8.count < 256 else { continue }
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
}
