import Basics
import Diagnostics
import Disk
import Images
import Stack
import Swarm
import YAML

/// Where `audit` looks, and where `--fix` writes: the working folder, the folders of the stack files, and what the command
/// line names. A stack may come from anybody, and its `build` may lead anywhere; of what lies beside the stack's folder
/// (`build: ../api`) the Dockerfiles are read, and nothing else.
struct AuditGrounds {
  private let enclosures: [Enclosure]
  /// The folders that hold the stacks' folders.
  private let around: [Enclosure]
  /// How files are read.
  let files: Files

  init(stacks: [Swarm.Stack], paths: [String], builds: [Build]) {
    var enclosures: [Enclosure] = []
    var around: [Enclosure] = []
    // The root holds everything, and so says nothing of what belongs together.
    if FileSystem.workingDirectory != "/" {
      enclosures.append(Enclosure(".", as: "the working folder"))
    }
    for stack in stacks where !stack.folder.isEmpty {
      enclosures.append(Enclosure(stack.folder, as: "the stack's folder"))
      let parent = Self.folder(of: cleanPath(stack.folder))
      if parent != "/" { around.append(Enclosure(parent, as: parent)) }
    }
    for path in paths {
      let folder = FileSystem.kind(path) == .directory ? path : Self.folder(of: path)
      enclosures.append(Enclosure(folder, as: folder))
    }
    self.enclosures = enclosures
    self.around = around
    var readable = enclosures
    for build in builds where Self.isBeside(build, around) {
      readable.append(Enclosure(build.context, as: build.context))
    }
    files = FileSystem.files(within: readable)
  }

  /// Whether a path begins in one of the folders that are looked at and written.
  func hold(_ path: String) -> Bool { enclosures.contains { $0.holds(path) } }

  /// Whether a Dockerfile may be read.
  func mayRead(_ build: Build) -> Bool { hold(build.path) || Self.isBeside(build, around) }

  private static func isBeside(_ build: Build, _ around: [Enclosure]) -> Bool {
    isDockerfile(lastPart(build.path)) && around.contains { $0.holds(build.context) }
      && Enclosure(build.context, as: build.context).holds(build.path)
  }

  /// The folder that a file is in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Says that a Dockerfile is only read.
  static func refuseToMend(_ path: String) {
    let folder = ShellWord.quoted(folder(of: path))
    Terminal.note(
      "stackferry: error: \(path): is outside of the working folder and the stack's folder, so it stays as it is\n"
        + "  = hint: to have it mended, name it: stackferry audit \(folder) --fix")
  }

  /// Says which builds of a stack are not looked at, and how they can be.
  static func refuse(_ builds: [Build], _ loaded: Loaded) {
    let problems = builds.map { build in
      Diagnostic(
        "audit/outside", at: build.key.map { loaded.keys.mark($0) } ?? .none,
        "the Dockerfile of \(build.uses.map(\.name).joined(separator: ", ")) is neither in the working folder nor in the stack's "
          + "folder or beside it, so it is not looked at: \(build.path)",
        hint:
          "where it belongs to the project, name it too: stackferry audit … \(ShellWord.quoted(folder(of: build.path)))"
      )
    }
    Terminal.note(
      DiagnosticRenderer(color: Terminal.hasColor(2)).render(problems, in: loaded.sources)
        .droppingLastLineBreak)
  }
}
