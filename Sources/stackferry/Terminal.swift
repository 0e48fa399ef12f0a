import ArgumentParser
import Basics
import Disk
import Glibc
import Mapping
import Stack

/// Standard output and standard error.
enum Terminal {
  static func out(_ text: String) throws {
    try out(Array(text.utf8))
  }

  static func out(_ bytes: [UInt8]) throws {
    if let problem = FileSystem.write(bytes, to: STDOUT_FILENO, path: "standard output") {
      throw failure(problem)
    }
  }

  /// Says why a file cannot be read or written, and gives the error that ends the command.
  static func failure(_ problem: FileProblem) -> ExitCode {
    note("stackferry: error: \(VisibleText.shown("\(problem.path): \(problem.reason)"))")
    return ExitCode(Status.input)
  }

  /// Says what is wrong with the command line, and gives the error that ends the command.
  static func usage(_ text: String, hint: String?) -> ExitCode {
    note(
      "stackferry: error: \(VisibleText.shown(text))"
        + (hint.map { "\n  = hint: \(VisibleText.shown($0))" } ?? ""))
    return ExitCode(Status.usage)
  }

  /// A line on standard error.
  static func note(_ text: String) {
    _ = FileSystem.write(Array((text + "\n").utf8), to: STDERR_FILENO, path: "")
  }

  /// Ends the program with status 0, leaving the memory to the system.
  static func leave() { exit(0) }

  /// Whether colour is wanted on a descriptor: never with `NO_COLOR` (no-color.org), always with `FORCE_COLOR` or
  /// `CLICOLOR_FORCE` (bixense.com/clicolors), else on a terminal that can show it.
  static func hasColor(_ descriptor: Int32) -> Bool {
    let environment = FileSystem.environment
    if !(environment["NO_COLOR"] ?? "").isEmpty { return false }
    for name in ["FORCE_COLOR", "CLICOLOR_FORCE"] {
      if let value = environment[name], !value.isEmpty, value != "0" { return true }
    }
    return isatty(descriptor) == 1 && environment["TERM"] != "dumb"
  }

  /// How many columns a text may have: those of `COLUMNS` or of the terminal, from 40 to 100, which are easy to read.
  static var columns: Int {
    let widest = 100
    if let text = FileSystem.environment["COLUMNS"], let columns = Int(text), columns > 0 {
      return max(40, min(widest, columns))
    }
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return widest
    }
    return max(40, min(widest, Int(size.ws_col)))
  }
}

/// The exit statuses of the program, beside 0.
enum Status {
  /// The verdict is "fail".
  static let fail: Int32 = 1
  /// The input could not be read or is no valid stack, or the output could not be written.
  static let input: Int32 = 2
  /// The command line is wrong; ArgumentParser's status too.
  static let usage: Int32 = 64
  /// A fault of stackferry's own.
  static let fault: Int32 = 70
}
