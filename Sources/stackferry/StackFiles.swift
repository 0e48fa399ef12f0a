import ArgumentParser
import Basics
import Diagnostics
import Mapping
import Disk
import Stack
import Swarm

/// Which file and which name a command line means, and what to say where it means none.
extension StackArguments {
  /// Where a stack is looked for when none is given, in this order.
  static let defaultFiles = [
    "docker-stack.yml", "docker-stack.yaml", "stack.yml", "stack.yaml", "compose.yaml",
    "compose.yml", "docker-compose.yaml", "docker-compose.yml",
  ]

  /// The file of a usual name in a folder, which is empty or ends in a slash.
  func defaultFile(in folder: String) -> String? {
    Self.defaultFiles.lazy.map { folder + $0 }.first { FileSystem.isRegular($0) }
  }

  /// A path that was given, or the stack file in it where it is a folder's.
  func stackFile(_ path: String) throws -> String {
    guard path != "-", FileSystem.kind(path) == .directory else { return path }
    let folder = path == "." || path == "./" ? "" : path.hasSuffix("/") ? path : path + "/"
    guard let file = defaultFile(in: folder) else {
      Terminal.note(
        "stackferry: error: \(path): is a directory, and holds no stack file of a usual name\n"
          + "  = hint: name the file itself; looked for \(Self.defaultFiles.joined(separator: ", "))"
      )
      throw ExitCode(Status.input)
    }
    return file
  }

  /// Says why a stack file cannot be read, and which one may have been meant.
  func failure(_ problem: FileProblem) -> ExitCode {
    let status = Terminal.failure(problem)
    guard problem.path != "-", FileSystem.kind(problem.path) == .missing else { return status }
    let slash = problem.path.lastIndex(of: "/")
    let folder = slash.map { String(problem.path[...$0]) } ?? ""
    let name = String(problem.path.dropFirst(folder.count))
    let names = FileSystem.list(folder.isEmpty ? "." : folder)
      .filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
    if let near = nearest(name, among: names) {
      Terminal.note("  = hint: did you mean \(folder)\(near)?")
    } else if !names.isEmpty {
      let list = names.prefix(6).map { folder + $0 }.joined(separator: ", ")
      Terminal.note("  = hint: there is \(list)\(names.count > 6 ? ", …" : "")")
    }
    return status
  }

  /// Says that a name is none, and what was likely meant.
  func illegal(stack name: String) -> ExitCode {
    let isFile = name.hasSuffix(".yml") || name.hasSuffix(".yaml") || FileSystem.kind(name) == .file
    return Terminal.usage(
      "\"\(name)\" cannot be a stack's name: letters, digits, `_` and `-`, beginning with a letter or digit",
      hint: isFile
        ? "a stack file is given with -c: -c \(name)"
        : "the name is the argument behind the options, and the folder's without one")
  }

  /// What the Docker CLI accepts as a stack's name: `^[a-z0-9][a-z0-9_-]*$` in any letter case.
  static func isLegal(stack name: String) -> Bool {
    guard let first = name.utf8.first, isAlphanumeric(first) else { return false }
    return name.utf8.allSatisfy {
      isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    }
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
