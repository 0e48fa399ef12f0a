/// How stack files are read: after whose rules, with which variables, relative to which folder.
package struct LoadOptions: Sendable {
  /// The program whose reading of the file is followed.
  package enum Dialect: Sendable {
    /// `docker stack deploy`.
    case swarm
    /// `docker compose up`.
    case compose
  }

  package var dialect: Dialect
  /// The variables for interpolation, environment keys without value, and `~`: the process environment, and
  /// `--env-file` below it.
  package var environment: [String: String]
  /// The absolute folder of the first file, or the working directory for standard input.
  package var workingDirectory: String
  /// The name that Docker Compose gives the project; nil leaves it to the files and the folder.
  package var projectName: String?
  /// The profiles that Docker Compose enables, `*` for all.
  package var profiles: [String] = []
  /// Refuse keys that the file's `version` does not have yet, as Docker does, instead of warning.
  package var strictVersions: Bool

  package init(
    dialect: Dialect = .swarm, environment: [String: String], workingDirectory: String,
    strictVersions: Bool = false
  ) {
    self.dialect = dialect
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.strictVersions = strictVersions
  }
}

/// A stack file as the caller read it.
package struct InputFile: Sendable {
  /// The name as the user wrote it (`stack.yml`, `-` for standard input).
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// Why a file that a stack names could not be read.
package struct FileProblem: Error, Sendable {
  package var path: String
  /// In the words of the system (`No such file or directory`).
  package var reason: String
  /// Whether the file may not be read, since a link of the stack's folder leads out of it.
  package var isRefused = false

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}

/// Reads another file that a stack names, by absolute path. The loader itself does no I/O.
package typealias FileReading = (String) -> Result<[UInt8], FileProblem>
