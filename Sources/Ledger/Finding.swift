package import Swarm
package import YAML

/// Something to know about the migration: what, where, what it became, and what to do.
package struct Finding: Sendable {
  /// The words of a finding. Each feature keeps its own at the bottom of its file.
  package struct Message: Sendable {
    package var kind: FindingKind
    /// One or two full sentences, in the operator's words.
    package var text: String
    /// What can be done: commands, an option, an edit of the stack.
    package var remedies: [Remedy]
    /// The line of a Dockerfile that it is known from, to be quoted beside the key.
    package var evidence: ImageFacts.Evidence?

    package init(
      _ kind: FindingKind, _ text: String, remedies: [Remedy],
      evidence: ImageFacts.Evidence? = nil
    ) {
      self.kind = kind
      self.text = text
      self.remedies = remedies
      self.evidence = evidence
    }

    package init(
      _ kind: FindingKind, _ text: String, remedy: Remedy? = nil,
      evidence: ImageFacts.Evidence? = nil
    ) {
      self.init(kind, text, remedies: remedy.map { [$0] } ?? [], evidence: evidence)
    }

    /// Stable identifier, `feature/what`, such as `healthcheck/rounded`.
    package var slug: String { kind.slug }

    /// All that can be done, as one text without hidden characters; nil where there is nothing.
    package var remedy: String? {
      remedies.isEmpty ? nil : remedies.map(\.text).joined(separator: "\n")
    }
  }

  package var message: Message
  package var disposition: Disposition
  /// The key that it is about; `.none` for Swarm's defaults, which nobody wrote.
  package var key: KeyID
  /// Whom it is about.
  package var subject: Subject
  /// The field of the subject's object that the key became, such as `spec.replicas`; empty where there is none.
  package var field: String
}

/// What a part of the report is about: a service, or the stack as a whole.
package struct Subject: Sendable, Hashable {
  package var stack: String
  /// The service's name; nil for networks, volumes, configs, secrets and the stack itself.
  package var service: String?
  /// `Deployment/web`: the object that comes of it; empty where there is none.
  package var object: String

  package init(stack: String, service: String? = nil, object: String = "") {
    self.stack = stack
    self.service = service
    self.object = object
  }
}
