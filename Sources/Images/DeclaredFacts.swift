import Diagnostics
package import Swarm
import YAML

extension Subject {
  /// What the Dockerfile declares of its image: the stage that is built and those of the file that it builds on. What is
  /// declared by the base image, or with a variable whose value is not known, is left out.
  ///
  /// - Parameters:
  ///   - path: The Dockerfile's name for messages.
  ///   - file: Its number among the sources, so that its lines can be quoted; nil where they cannot.
  package func facts(path: String, file: Int32?, arguments: [String: String]) -> ImageFacts {
    var facts = ImageFacts(.dockerfile, path: path)
    guard target >= 0 else { return facts }
    facts.base = dockerfile.rootBase(target)
    facts.isComplete = facts.base?.lowercased() == "scratch"
    var ports = Set<ImageFacts.Port>()
    var volumes = Set<String>()
    var user = 0
    dockerfile.walk(target, arguments: arguments) { index, variables in
      let instruction = dockerfile.instructions[index]
      func declared<Value>(_ value: Value, _ text: String) -> ImageFacts.Declared<Value> {
        ImageFacts.Declared(value, evidence(instruction, text, path, file))
      }
      func words() -> [String] {
        instruction.words.compactMap { variables.expand($0.text) }.filter { !$0.isEmpty }
      }
      switch instruction.keyword {
      case .expose:
        for word in words() where facts.ports.count < Self.maximumPorts {
          for port in ImageFacts.Port.all(word) where ports.insert(port).inserted {
            facts.ports.append(declared(port, "EXPOSE \(word)"))
          }
        }
      case .user:
        // A user that is not known hides the one before.
        facts.hasUser = true
        facts.user = words().first.map { declared(visible($0), "USER \($0)") }
        user = index
      case .healthcheck:
        facts.check = Self.check(instruction).map {
          declared($0, "HEALTHCHECK \(instruction.isHealthcheckNone ? "NONE" : "CMD …")")
        }
      case .volume:
        for path in words().map(cleanPath) where volumes.insert(path).inserted {
          facts.volumes.append(declared(visible(path), "VOLUME \(path)"))
        }
      case .stopsignal:
        facts.stopSignal = words().first.map { declared($0, "STOPSIGNAL \($0)") }
      case .shell: facts.shell = instruction.exec
      case .entrypoint:
        facts.entrypoint = Self.command(instruction)
        // An entrypoint drops the command of what it builds on.
        facts.command = []
      case .cmd: facts.command = Self.command(instruction)
      case .env:
        for pair in instruction.pairs {
          facts.environment[pair.name.text] = pair.value.flatMap { variables.expand($0.text) }
        }
      default: break
      }
    }
    facts.identity = facts.user.flatMap { identity($0.value, at: user) }
    return facts
  }

  /// A range may hold all there are; no Service has so many.
  private static let maximumPorts = 1000

  private func evidence(_ instruction: Instruction, _ text: String, _ path: String, _ file: Int32?)
    -> ImageFacts.Evidence
  {
    let start = instruction.keywordSpan.lowerBound
    let place = dockerfile.mark(start)
    return ImageFacts.Evidence(
      visible(text), place: "\(path):\(place.line)",
      mark: file.map { SourceMark(file: $0, line: place.line, column: place.column) } ?? .none,
      length: dockerfile.length(instruction.headSpan))
  }

  /// The numbers of a user: as written, or as the Dockerfile or the base image is known to make it.
  private func identity(_ text: String, at index: Int) -> User? {
    let user = User(text)
    if case .id = user.user {
      guard case .name(let name)? = user.group else { return user }
      let known = UserName.numbers(self, dockerfile.instructions[index].stage, before: index)
      return known.groups[name].map { User("\(text.prefix { $0 != ":" }):\($0)") }
        ?? User(String(text.prefix { $0 != ":" }))
    }
    let known = UserName.numbers(self, dockerfile.instructions[index].stage, before: index)
    guard case .name(let name) = user.user, let id = known.users[name] else { return nil }
    switch user.group {
    case .id(let group)?: return User("\(id):\(group)")
    case .name(let group)?: return User(known.groups[group].map { "\(id):\($0)" } ?? "\(id)")
    case nil: return User("\(id)")
    }
  }

  /// The words of a command; those of the shell form as blanks part them, which is enough to find options in it.
  private static func command(_ instruction: Instruction) -> [String] {
    instruction.exec ?? instruction.argumentText.split(separator: " ").map(String.init)
  }

  private static func check(_ instruction: Instruction) -> ImageFacts.Check? {
    if instruction.isHealthcheckNone { return ImageFacts.Check(.none) }
    let test: ImageFacts.Check.Test
    if let words = instruction.exec {
      guard !words.isEmpty else { return nil }
      test = .exec(words)
    } else {
      test = .shell(instruction.argumentText)
    }
    var check = ImageFacts.Check(test)
    func time(_ flag: String) -> Duration? {
      instruction.flag(flag).flatMap { Node.string($0).nonZeroDuration }
    }
    check.interval = time("interval")
    check.timeout = time("timeout")
    check.startPeriod = time("start-period")
    check.startInterval = time("start-interval")
    check.retries = instruction.flag("retries").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    return check
  }
}
