/// What the stack says of a service that runs an image.
package struct ServiceUse: Sendable, Hashable {
  package var name: String
  /// `user` as written.
  package var user: String?
  /// Whether the stack gives a health check, or switches the image's off.
  package var hasHealthcheck: Bool
  /// The paths in the container that something is mounted at.
  package var mounts: [String]
  /// `entrypoint` or `command` is replaced.
  package var hasEntrypoint: Bool
  package var hasCommand: Bool

  package init(
    name: String, user: String? = nil, hasHealthcheck: Bool = false, mounts: [String] = [],
    hasEntrypoint: Bool = false, hasCommand: Bool = false
  ) {
    self.name = name
    self.user = user
    self.hasHealthcheck = hasHealthcheck
    self.mounts = mounts
    self.hasEntrypoint = hasEntrypoint
    self.hasCommand = hasCommand
  }
}

/// A Dockerfile together with all that is known of it: what the rules look at.
package struct Subject: Sendable {
  package let dockerfile: Dockerfile
  /// The folder that is sent to the builder; nil where it is not known.
  package let context: BuildContext?
  /// The services that run the image; empty where no stack is given.
  package let uses: [ServiceUse]
  /// The stage that becomes the image; -1 for a file without stages.
  package let target: Int
  /// The stages whose layers are in the image.
  let inImage: Set<Int>
  /// Whether the shell of an instruction is a POSIX one, by the instruction's number.
  private let posix: [Bool]

  package init(
    _ dockerfile: Dockerfile, target: String? = nil, context: BuildContext? = nil,
    uses: [ServiceUse] = []
  ) {
    self.dockerfile = dockerfile
    self.context = context
    self.uses = uses
    self.target = dockerfile.stage(target: target) ?? dockerfile.finalStage
    inImage = self.target >= 0 ? Set(dockerfile.lineage(self.target)) : []
    let posix = Self.posixShells(dockerfile)
    self.posix = posix
    runs = Self.runs(dockerfile, posix)
  }

  /// A `RUN`, written as such or as the trigger of an `ONBUILD`.
  struct Run: Sendable {
    /// The number of the instruction that holds it.
    let index: Int
    let instruction: Instruction
    var script: ShellScript { instruction.script }
    var stage: Int
    var isTrigger: Bool
  }

  /// The `RUN`s whose shell is a POSIX one, in all stages.
  let runs: [Run]

  private static func runs(_ dockerfile: Dockerfile, _ posix: [Bool]) -> [Run] {
    dockerfile.instructions.indices.compactMap { index in
      guard posix[index] else { return nil }
      let instruction = dockerfile.instructions[index]
      if instruction.keyword == .run {
        return Run(
          index: index, instruction: instruction, stage: instruction.stage, isTrigger: false)
      }
      guard let trigger = instruction.trigger.first, trigger.keyword == .run else { return nil }
      return Run(index: index, instruction: trigger, stage: instruction.stage, isTrigger: true)
    }
  }

  /// Whether the instruction's layer is in the image, and not only in a stage that was built for it.
  func isInImage(_ run: Run) -> Bool { inImage.contains(run.stage) }

  func isPosix(_ index: Int) -> Bool { posix[index] }

  /// The last instruction of a kind among those that make the image, with its number; nil for none.
  func last(_ keyword: Instruction.Keyword) -> Instruction? {
    guard target >= 0 else { return nil }
    for stage in dockerfile.lineage(target).reversed() {
      if let found = dockerfile.instructions[dockerfile.stages[stage].body]
        .last(where: { $0.keyword == keyword })
      {
        return found
      }
    }
    return nil
  }

  /// All instructions of a kind that make the image.
  func inImage(_ keyword: Instruction.Keyword) -> [Instruction] {
    target >= 0 ? dockerfile.history(target).filter { $0.keyword == keyword } : []
  }

  /// The `FROM`s, with their stages.
  var bases: [(stage: Int, from: Instruction)] {
    dockerfile.stages.indices.map { ($0, dockerfile.instructions[dockerfile.stages[$0].from]) }
  }

  /// The image's user where it is not root: the last `USER` of it.
  var unprivilegedUser: Instruction? {
    guard let user = last(.user), let name = user.words.first?.text, !Self.isRoot(name) else {
      return nil
    }
    return user
  }

  /// Whether the image brings a health check of its own.
  package var hasHealthcheck: Bool {
    last(.healthcheck).map { !$0.isHealthcheckNone } ?? false
  }

  static func isRoot(_ user: String) -> Bool {
    let name = user.prefix { $0 != ":" }
    return name == "root" || name == "0"
  }

  /// Windows images run `cmd` or PowerShell, whatever their commands look like.
  private static func posixShells(_ dockerfile: Dockerfile) -> [Bool] {
    var result: [Bool] = []
    var atEnd: [Bool] = []
    var current = dockerfile.escape == UInt8(ascii: "\\")
    for instruction in dockerfile.instructions {
      switch instruction.keyword {
      case .from:
        if instruction.stage > 0, !atEnd.isEmpty { atEnd[atEnd.count - 1] = current }
        let stage = dockerfile.stages[instruction.stage]
        if let parent = stage.parent {
          current = atEnd[parent]
        } else {
          let base = stage.base ?? ""
          let isWindows =
            base.contains("windows") || base.contains("nanoserver")
            || base.contains("servercore") || stage.platform?.hasPrefix("windows") == true
          current = !isWindows && dockerfile.escape == UInt8(ascii: "\\")
        }
        atEnd.append(current)
      case .shell:
        let program = (instruction.json?.first?.text ?? "").lowercased()
        let name = program.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
        current = !["powershell", "pwsh", "cmd"].contains { name.hasPrefix($0) }
      default: break
      }
      result.append(current)
    }
    return result
  }
}
