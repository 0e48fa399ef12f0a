import ArgumentParser
import Delivery
import Diagnostics
import Migration
import YAML

/// `stackferry explain`: what becomes of a key.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what becomes of a key, and why, with examples.",
    discussion: """
      Takes a key as it stands in a stack file (deploy.update_config.order, services.web.healthcheck, volumes.data), the \
      name of a feature (healthcheck), or the slug of a finding (healthcheck/start-interval-rounded, image/root-user, manifest/unknown-field). With -c FILE it says \
      what became of a key or of a service in that stack. Without an argument it lists the features.

      Examples:
        stackferry explain deploy.update_config.order
        stackferry explain update-policy/no-automatic-rollback
        stackferry explain web -c stack.yml
        stackferry explain services.web.ports -c stack.yml
      """)

  @Argument(help: "A key, a feature, a finding's slug, or with -c a service.")
  var key: String?

  @OptionGroup(title: "Input Options") var input: StackArguments

  func run() throws {
    guard let key else { return try Terminal.out(FeatureDocument.list()) }
    if !input.composeFiles.isEmpty || !input.stacks.isEmpty { return try account(key) }
    if let audit = AuditPage.explanation(key) { return try Terminal.out(audit) }
    if let manifest = ManifestPage.explanation(key) { return try Terminal.out(manifest) }
    if let features = FeatureDocument.find(key) {
      return try Terminal.out(features.map(FeatureDocument.text).joined(separator: "\n"))
    }
    throw unknown(key, FeatureDocument.suggestion(key))
  }

  /// What became of it in a stack.
  private func account(_ key: String) throws {
    let migrated = try Migrated(input, try MigrationArguments.parse([]), name: nil)
    if let account = KeyAccount(migrated.report, key) {
      return try Terminal.out(account.render())
    }
    let keys = migrated.report.keys
    let names = keys.rows.indices.lazy.filter { keys.rows[$0].parent >= 0 }
      .map { keys.path(KeyID(Int32($0))) }
    let services = names.filter { $0.hasPrefix("services.") }
      .map { String($0.dropFirst("services.".count)) }
    throw unknown(key, nearest(key, among: Array(names) + Array(services)))
  }

  private func unknown(_ key: String, _ near: String?) -> ExitCode {
    var message = "stackferry: error: nothing is known of \"\(key)\""
    if let near {
      message += "\n  = hint: did you mean \"\(near)\"?"
    } else {
      message += "\n  = hint: stackferry explain lists the features"
    }
    Terminal.note(message)
    return ExitCode(Status.input)
  }
}
