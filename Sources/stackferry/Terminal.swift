import ArgumentParser
import Glibc
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
    note("stackferry: error: \(problem.path): \(problem.reason)")
    return ExitCode(Status.input)
  }

  /// A line on standard error.
  static func note(_ text: String) {
    _ = FileSystem.write(Array((text + "\n").utf8), to: STDERR_FILENO, path: "")
  }

  /// Ends the program with status 0, leaving the memory to the system.
  static func leave() { exit(0) }

  /// Whether colour is wanted on a descriptor: a terminal, and no `NO_COLOR` (no-color.org).
  static func hasColor(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && (FileSystem.environment["NO_COLOR"] ?? "").isEmpty
      && FileSystem.environment["TERM"] != "dumb"
  }
}

/// The exit statuses of the program, beside 0.
enum Status {
  /// The verdict is "fail".
  static let fail: Int32 = 1
  /// The input could not be read or is no valid stack, or the output could not be written.
  static let input: Int32 = 2
  /// A fault of stackferry's own.
  static let fault: Int32 = 70
}
