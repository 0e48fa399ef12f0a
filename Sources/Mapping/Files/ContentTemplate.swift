import Kubernetes
import Ledger
import Stack
package import Swarm
import YAML

/// Expands a config or secret with `template_driver: golang`, as far as it is the same for every task of a service.
///
/// The engine expands such a file when a task starts. Beside the fields that every template has, it knows `env`, `config`
/// and `secret`, which give a variable of the task, and the content of a config or secret by its target.
/// Source: swarmkit `template/context.go`, `PayloadContext`.
package enum ContentTemplate {
  package enum Result {
    case text([UInt8], holdsSecret: Bool)
    case unknown(reason: String)
  }

  package static func render(_ bytes: [UInt8], for service: Swarm.Service, in stack: Swarm.Stack)
    -> Result
  {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .unknown(reason: "it is not UTF-8 text")
    }
    guard Template.isIn(text) else { return .text(bytes, holdsSecret: false) }
    var functions = Functions(service: service, stack: stack)
    let replaced = functions.replace(in: text)
    if let problem = functions.problem { return .unknown(reason: problem) }
    let template = service.expand(replaced)
    switch template.problem {
    case .refused(let reason): return .unknown(reason: "Docker refuses it: \(reason)")
    case .unreadable(let what): return .unknown(reason: "it uses \(what)")
    case .perTask(let condition): return .unknown(reason: "it depends on \(condition)")
    case nil: break
    }
    guard let known = template.staticText else {
      let names = template.mentioned.map { "{{\($0.rawValue)}}" }
      return .unknown(
        reason: "it holds \(names.joined(separator: ", ")), which differs from task to task")
    }
    return .text(Array(known.utf8), holdsSecret: functions.holdsSecret)
  }

  /// Puts texts in the place of `env "X"`, `config "X"` and `secret "X"` inside actions.
  private struct Functions {
    let service: Swarm.Service
    let stack: Swarm.Stack
    var holdsSecret = false
    var problem: String?

    init(service: Swarm.Service, stack: Swarm.Stack) {
      self.service = service
      self.stack = stack
    }

    mutating func replace(in text: String) -> String {
      let bytes = Array(text.utf8)
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count)
      var index = 0
      var isAction = false
      while index < bytes.count {
        let byte = bytes[index]
        if !isAction {
          isAction = byte == 0x7B && index + 1 < bytes.count && bytes[index + 1] == 0x7B
          result.append(byte)
          index += 1
          if isAction {
            result.append(0x7B)
            index += 1
            // A comment holds no calls.
            if bytes[index...].starts(with: Array("/*".utf8)) { isAction = false }
          }
          continue
        }
        if byte == 0x7D, index + 1 < bytes.count, bytes[index + 1] == 0x7D {
          isAction = false
          result += [0x7D, 0x7D]
          index += 2
        } else if byte == 0x22 || byte == 0x60 {
          let end = Self.endOfString(bytes, from: index)
          result += bytes[index..<end]
          index = end
        } else if Self.isWord(byte),
          index == 0 || !Self.isWord(bytes[index - 1]) && bytes[index - 1] != 0x2E
        {
          var end = index
          while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
          let word = String(decoding: bytes[index..<end], as: UTF8.self)
          if ["env", "config", "secret"].contains(word) {
            var start = end
            while start < bytes.count, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
            guard start < bytes.count, bytes[start] == 0x22 || bytes[start] == 0x60 else {
              problem = "it calls \(word) with something that is no plain text"
              return text
            }
            let stop = Self.endOfString(bytes, from: start)
            let name = String(
              decoding: bytes[(start + 1)..<max(start + 1, stop - 1)], as: UTF8.self)
            guard let value = value(word, name) else { return text }
            result += Array("(print \"\(Self.escaped(value))\")".utf8)
            end = stop
          } else {
            result += bytes[index..<end]
          }
          index = end
        } else {
          result.append(byte)
          index += 1
        }
      }
      return String(decoding: result, as: UTF8.self)
    }

    private mutating func value(_ function: String, _ name: String) -> String? {
      if function == "env" {
        let written = service.node["environment"]?[name]?.text ?? ""
        guard let text = service.expand(written).staticText else {
          problem = "its variable \(name) differs from task to task"
          return nil
        }
        return text
      }
      let isSecret = function == "secret"
      let references = isSecret ? service.secretReferences : service.configReferences
      let reference = references.first { ($0.node["target"]?.text ?? $0.source) == name }
      let object = reference.flatMap {
        isSecret ? stack.secret($0.source) : stack.config($0.source)
      }
      guard let content = object?.content, let text = String(validating: content, as: UTF8.self)
      else {
        problem = "it takes in the \(function) \(name), whose content is not in the stack"
        return nil
      }
      if isSecret { holdsSecret = true }
      return text
    }

    private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
      var index = start + 1
      while index < bytes.count, bytes[index] != bytes[start] {
        index += bytes[index] == 0x5C && bytes[start] == 0x22 ? 2 : 1
      }
      return min(index + 1, bytes.count)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }

    private static func escaped(_ text: String) -> String {
      var result = ""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        default: result.unicodeScalars.append(scalar)
        }
      }
      return result
    }
  }
}
