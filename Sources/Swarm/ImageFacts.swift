package import Diagnostics
import YAML

/// What an image declares of itself, as far as it is known: from the Dockerfile that a stack's `build` names, or from an
/// archive. The engine acts on all of it; Kubernetes on a part.
package struct ImageFacts: Sendable {
  /// Where an image says something of itself.
  package struct Evidence: Sendable, Hashable {
    /// What is written there, on one line: `EXPOSE 8080`.
    package let text: String
    /// `api/Dockerfile:12`, `web.tar`.
    package let place: String
    /// The line that can be quoted; `.none` where there is none.
    package let mark: SourceMark
    /// In Unicode scalars.
    package let length: Int

    package init(_ text: String, place: String, mark: SourceMark = .none, length: Int = 0) {
      self.text = text
      self.place = place
      self.mark = mark
      self.length = length
    }
  }

  /// Something that the image declares.
  package struct Declared<Value: Sendable>: Sendable {
    package let value: Value
    package let evidence: Evidence

    package init(_ value: Value, _ evidence: Evidence) {
      self.value = value
      self.evidence = evidence
    }
  }

  /// A port of `EXPOSE`.
  package struct Port: Sendable, Hashable {
    package let number: Int
    package let transport: PublishedPort.Transport

    package init(_ number: Int, _ transport: PublishedPort.Transport = .tcp) {
      self.number = number
      self.transport = transport
    }

    /// All ports of `8080`, `53/udp`, `8000-8010`; none for what the builder refuses.
    package static func all(_ text: String) -> [Port] {
      let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.count > 1 ? parts[1].lowercased() : "tcp"
      guard let transport = PublishedPort.Transport(rawValue: name) else { return [] }
      // An address and a published port in front are read and dropped.
      let range = parts[0].split(separator: ":", omittingEmptySubsequences: false).last ?? ""
      let ends = range.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        .map { Int($0) ?? 0 }
      guard let first = ends.first, let last = ends.last, 1...65535 ~= first, first...65535 ~= last
      else { return [] }
      return (first...last).map { Port($0, transport) }
    }
  }

  /// `HEALTHCHECK`. A time that the image does not set is nil.
  package struct Check: Sendable {
    package enum Test: Sendable, Equatable {
      /// `HEALTHCHECK NONE`: not even the base image's.
      case none
      case exec([String])
      /// Run by the image's shell.
      case shell(String)
    }

    package let test: Test
    package var interval: Duration?
    package var timeout: Duration?
    package var startPeriod: Duration?
    package var startInterval: Duration?
    package var retries: Int?

    package init(_ test: Test) { self.test = test }
  }

  /// What the rules of the audit found in the Dockerfile.
  package struct Audit: Sendable, Hashable {
    package let errors: Int
    package let warnings: Int
    package let notes: Int

    package init(errors: Int, warnings: Int, notes: Int) {
      self.errors = errors
      self.warnings = warnings
      self.notes = notes
    }
  }

  package enum Source: Sendable, Hashable {
    /// Swarm ignores `build`: the file says what the image should be, not what it is.
    case dockerfile
    /// The image itself.
    case archive
  }

  package let source: Source
  /// The file that it is known from, for messages: `api/Dockerfile`, `web.tar`.
  package let path: String
  /// Why nothing is known of it; nil where the file was read.
  package var problem: String?
  /// The image that the Dockerfile begins with, where its name is known. What it declares is not known.
  package var base: String?
  /// Whether nothing can be declared elsewhere: an archive, or a Dockerfile that begins with nothing (`scratch`).
  package var isComplete = false

  package var ports: [Declared<Port>] = []
  package var check: Declared<Check>?
  /// `USER` as it stands, variables replaced.
  package var user: Declared<String>?
  /// Whether a `USER` stands there, also one with a variable that is not known.
  package var hasUser = false
  /// The numbers of `user`, where they are known.
  package var identity: User?
  package var volumes: [Declared<String>] = []
  package var stopSignal: Declared<String>?
  /// `SHELL`, which runs health checks of the shell form; nil for `/bin/sh -c`.
  package var shell: [String]?
  package var entrypoint: [String] = []
  package var command: [String] = []
  /// Variables whose values are known.
  package var environment: [String: String] = [:]
  /// Nil where no audit was made.
  package var audit: Audit?

  package init(_ source: Source, path: String) {
    self.source = source
    self.path = path
  }

  /// Whether it declares anything that the move has a use for.
  package var isEmpty: Bool {
    ports.isEmpty && check == nil && user == nil && volumes.isEmpty && stopSignal == nil
  }

  /// The variables and the words of the command that the service runs with as the image has them: a stack that gives an
  /// entrypoint drops the image's command too.
  package func words(of service: Service) -> [String] {
    if service.node["entrypoint"]?.items?.isEmpty == false { return [] }
    return entrypoint + (service.node["command"]?.items?.isEmpty == false ? [] : command)
  }
}

extension Service {
  /// Whom the process runs as: the stack's `user`, else the image's where it is known by number.
  package var runningUser: User? { user ?? imageFacts?.identity }
}
