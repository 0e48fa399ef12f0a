import ArgumentParser
import Delivery
import Diagnostics
import Migration

/// `stackferry explain`: what becomes of a key.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what becomes of a key, and why, with examples.",
    discussion: """
      Takes a key as it stands in a stack file (deploy.update_config.order, services.web.healthcheck, volumes.data), the \
      name of a feature (healthcheck), or the slug of a finding (healthcheck/start-interval-rounded, image/root-user). Without an argument \
      it lists the features.
      """)

  @Argument(help: "A key, a feature or a finding's slug.")
  var key: String?

  func run() throws {
    guard let key else { return try Terminal.out(FeatureDocument.list()) }
    if let audit = AuditPage.explanation(key) { return try Terminal.out(audit) }
    let matches = FeatureDocument.find(key)
    guard !matches.isEmpty else {
      var message = "stackferry: error: nothing is known of \"\(key)\""
      if let hint = nearest(key, among: FeatureDocument.vocabulary) {
        message += "\n  = hint: did you mean \"\(hint)\"?"
      }
      Terminal.note(message)
      throw ExitCode(Status.input)
    }
    try Terminal.out(matches.map(FeatureDocument.text).joined(separator: "\n"))
  }
}
