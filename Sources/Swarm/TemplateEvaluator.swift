import YAML

/// Expands a parsed template with what is known of a service; what only a task knows stays a `TaskValue`.
struct TemplateEvaluator {
  /// What a pipeline gives.
  private enum Value {
    case text([TemplatePart])
    case bool(Bool)
    case int(Int)
    /// The service's labels.
    case labels
    /// `.`, `.Service`, `.Node` and so on: printed as Go prints structs, which nobody wants.
    case record([String])
    /// Known only when a task runs; the condition as written.
    case unknown
  }

  private let service: Service
  /// The slot, where it is to be taken for known.
  private let slot: String?
  /// The first condition that cannot be decided beforehand.
  private(set) var condition: String?

  /// What the functions `secret`, `config` and `env` give, where they exist.
  private let lookUp: ((String, String) -> String?)?

  init(_ service: Service, slot: String?, lookUp: ((String, String) -> String?)?) {
    self.service = service
    self.slot = slot
    self.lookUp = lookUp
  }

  mutating func expand(_ nodes: [TemplateNode]) throws(TemplateFailure) -> [TemplatePart] {
    var parts: [TemplatePart] = []
    try append(nodes, to: &parts)
    return parts
  }

  private mutating func append(
    _ nodes: [TemplateNode], to parts: inout [TemplatePart]
  ) throws(TemplateFailure) {
    for node in nodes {
      switch node {
      case .text(let text): Self.join(&parts, [.text(text)])
      case .action(let pipeline): Self.join(&parts, try printed(try evaluate(pipeline)))
      case .branch(let pipeline, let then, let otherwise):
        switch try truth(try evaluate(pipeline)) {
        case true?: try append(then, to: &parts)
        case false?: try append(otherwise, to: &parts)
        case nil:
          if condition == nil { condition = pipeline.text }
          try append(otherwise, to: &parts)
        }
      }
    }
  }

  private mutating func evaluate(_ pipeline: TemplatePipeline) throws(TemplateFailure) -> Value {
    var last: Value?
    for command in pipeline.commands { last = try evaluate(command, last) }
    return last ?? .text([])
  }

  private mutating func evaluate(
    _ command: [TemplateOperand], _ piped: Value?
  ) throws(TemplateFailure) -> Value {
    if case .function(let name) = command[0] {
      var arguments: [Value] = []
      for operand in command.dropFirst() { arguments.append(try evaluate(operand)) }
      if let piped { arguments.append(piped) }
      return try call(name, arguments)
    }
    guard command.count == 1, piped == nil else {
      throw .refused("arguments to something that is no function")
    }
    return try evaluate(command[0])
  }

  private mutating func evaluate(_ operand: TemplateOperand) throws(TemplateFailure) -> Value {
    switch operand {
    case .string(let text): .text(text.isEmpty ? [] : [.text(text)])
    case .int(let number): .int(number)
    case .bool(let flag): .bool(flag)
    case .function(let name): try call(name, [])
    case .field(let names): try field(names, of: .record([]))
    case .pipeline(let pipeline, let fields): try field(fields, of: try evaluate(pipeline))
    }
  }

  private func field(_ names: [String], of start: Value) throws(TemplateFailure) -> Value {
    var value = start
    for name in names {
      switch value {
      case .labels:
        guard let label = label(name) else { throw .refused("the service has no label \(name)") }
        value = .text(label.isEmpty ? [] : [.text(label)])
      case .record(let path): value = try member(path + [name])
      case .unknown: value = .unknown
      case .text, .bool, .int: throw .refused("can't evaluate field \(name)")
      }
    }
    return value
  }

  private func member(_ path: [String]) throws(TemplateFailure) -> Value {
    switch path {
    case ["Service"], ["Node"], ["Task"], ["Node", "Platform"]: return .record(path)
    case ["Service", "Name"]: return .text([.text(service.fullName)])
    case ["Service", "Labels"]: return .labels
    default:
      let name = path.map { ".\($0)" }.joined()
      guard let value = TaskValue(rawValue: name) else {
        throw .refused("can't evaluate field \(path[path.count - 1]) in \(name)")
      }
      if value == .taskSlot, let slot { return .text([.text(slot)]) }
      return .text([.value(value)])
    }
  }

  private func label(_ name: String) -> String? {
    switch name {
    case "com.docker.stack.namespace": service.stack
    case "com.docker.stack.image": service.node["image"]?.text ?? ""
    default: service.deploy?["labels"]?[name].map { $0.text ?? "" }
    }
  }

  private mutating func call(_ name: String, _ arguments: [Value]) throws(TemplateFailure) -> Value
  {
    switch name {
    case "index":
      guard arguments.count == 2, case .labels = arguments[0],
        case .text(let parts) = arguments[1]
      else { throw .refused("index of something that is no map") }
      guard let key = Self.known(parts) else { throw .unreadable("a label chosen by task") }
      let value = label(key) ?? ""
      return .text(value.isEmpty ? [] : [.text(value)])
    case "join":
      guard let first = arguments.first else { throw .refused("join without arguments") }
      let separator = try text(first)
      var parts: [TemplatePart] = []
      for (number, argument) in arguments.dropFirst().enumerated() {
        if number > 0 { Self.join(&parts, separator) }
        Self.join(&parts, try text(argument))
      }
      return .text(parts)
    case "print":
      var parts: [TemplatePart] = []
      for argument in arguments { Self.join(&parts, try text(argument)) }
      return .text(parts)
    case "printf": return .text(try format(arguments))
    case "eq":
      guard arguments.count > 1 else { throw .refused("eq needs two arguments") }
      var isUnknown = false
      for other in arguments.dropFirst() {
        switch try equal(arguments[0], other) {
        case true?: return .bool(true)
        case nil: isUnknown = true
        case false?: break
        }
      }
      return isUnknown ? .unknown : .bool(false)
    case "ne":
      guard arguments.count == 2 else { throw .refused("ne needs two arguments") }
      return try equal(arguments[0], arguments[1]).map { .bool(!$0) } ?? .unknown
    case "not":
      guard arguments.count == 1 else { throw .refused("not needs one argument") }
      return try truth(arguments[0]).map { .bool(!$0) } ?? .unknown
    case "and", "or":
      guard let last = arguments.last else { throw .refused("\(name) needs an argument") }
      for argument in arguments.dropLast() {
        guard let truth = try truth(argument) else { return .unknown }
        if truth == (name == "or") { return argument }
      }
      return last
    case "len":
      guard arguments.count == 1, case .text(let parts) = arguments[0] else {
        throw .unreadable("len")
      }
      return Self.known(parts).map { .int($0.utf8.count) } ?? .unknown
    case "secret", "config", "env":
      guard let lookUp else { throw .refused("function \"\(name)\" not defined") }
      guard arguments.count == 1, let key = Self.known(try text(arguments[0])) else {
        throw .unreadable("the function \(name) without one name")
      }
      guard let value = lookUp(name, key) else {
        throw .unreadable("the \(name) \(key), which is not known here")
      }
      return .text(value.isEmpty ? [] : [.text(value)])
    case "lt", "le", "gt", "ge", "html", "js", "urlquery", "slice", "call", "println":
      throw .unreadable("the function \(name)")
    default: throw .refused("function \"\(name)\" not defined")
    }
  }

  /// `printf` with `%s`, `%v`, `%d` and `%%`.
  private func format(_ arguments: [Value]) throws(TemplateFailure) -> [TemplatePart] {
    guard let first = arguments.first, let layout = Self.known(try text(first)) else {
      throw .unreadable("a format chosen by task")
    }
    var rest = arguments.dropFirst()
    var parts: [TemplatePart] = []
    var literal = ""
    var isVerb = false
    for character in layout {
      guard isVerb else {
        if character == "%" { isVerb = true } else { literal.append(character) }
        continue
      }
      isVerb = false
      switch (character, rest.first) {
      case ("%", _): literal.append("%")
      case ("s", .some(let value)), ("v", .some(let value)), ("d", .some(let value)):
        if case .text = value {
          if character == "d" { throw .unreadable("%d of a text") }
        } else if character == "s" {
          throw .unreadable("%s of a number")
        }
        Self.join(&parts, [.text(literal)])
        literal = ""
        Self.join(&parts, try text(value))
        rest = rest.dropFirst()
      default: throw .unreadable("the format %\(character)")
      }
    }
    if isVerb || !rest.isEmpty { throw .unreadable("a format that does not fit its arguments") }
    Self.join(&parts, [.text(literal)])
    return parts
  }

  private func printed(_ value: Value) throws(TemplateFailure) -> [TemplatePart] {
    switch value {
    case .unknown: throw .unreadable("a result that differs from task to task")
    default: try text(value)
    }
  }

  private func text(_ value: Value) throws(TemplateFailure) -> [TemplatePart] {
    switch value {
    case .text(let parts): parts
    case .bool(let flag): [.text(flag ? "true" : "false")]
    case .int(let number): [.text(String(number))]
    case .labels: throw .unreadable("all labels at once")
    case .record(let path): throw .unreadable("all of .\(path.joined(separator: ".")) at once")
    case .unknown: throw .unreadable("a result that differs from task to task")
    }
  }

  private func truth(_ value: Value) throws(TemplateFailure) -> Bool? {
    switch value {
    // No value of a task is empty.
    case .text(let parts): !parts.isEmpty
    case .bool(let flag): flag
    case .int(let number): number != 0
    case .labels, .record: true
    case .unknown: nil
    }
  }

  /// Nil where only a task knows.
  private func equal(_ left: Value, _ right: Value) throws(TemplateFailure) -> Bool? {
    switch (left, right) {
    case (.unknown, _), (_, .unknown): return nil
    case (.text(let left), .text(let right)):
      if left == right { return true }
      return Self.known(left) == nil || Self.known(right) == nil ? nil : false
    case (.int(let left), .int(let right)): return left == right
    case (.bool(let left), .bool(let right)): return left == right
    default: throw .refused("incompatible types for comparison")
    }
  }

  private static func known(_ parts: [TemplatePart]) -> String? {
    if parts.isEmpty { return "" }
    if parts.count == 1, case .text(let text) = parts[0] { return text }
    return nil
  }

  private static func join(_ parts: inout [TemplatePart], _ more: [TemplatePart]) {
    for part in more {
      if case .text(let text) = part {
        if text.isEmpty { continue }
        if case .text(let before)? = parts.last {
          parts[parts.count - 1] = .text(before + text)
          continue
        }
      }
      parts.append(part)
    }
  }
}
