import ArgumentParser
import Basics
import Delivery
import Diagnostics
import Ledger
import Mapping
import Report
import Stack
import YAML

/// `stackferry explain`: what becomes of a key.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what becomes of a key, and why, with examples.",
    discussion: """
      Takes a key as it stands in a stack file (deploy.update_config.order, services.web.healthcheck, volumes.data), the \
      name of a feature (healthcheck), or the slug of a finding (healthcheck/rounded, image/root-user, manifest/unknown-field). With a stack it says \
      what became of a key or of a service in it: with -c FILE, or where the word is a service of the stack file here. Without \
      an argument it lists the features.

      Examples:
        stackferry explain deploy.update_config.order
        stackferry explain update-policy/no-automatic-rollback
        stackferry explain web -c stack.yml
        stackferry explain services.web.ports -c stack.yml
      """)

  @Argument(
    help: "A key, a feature, a finding's slug, or a service of the stack.",
    completion: .custom { _, _, prefix in
      Explanation.vocabulary.filter { $0.hasPrefix(prefix) }
    })
  var key: String?

  @OptionGroup(title: "Input Options") var input: StackArguments

  func run() throws {
    guard let key else { return try Terminal.out(FeatureDocument.list()) }
    let answer = Explanation(key, width: Terminal.columns)
    // `services.web.ports` names a service, so the stack file here is asked.
    let parts = key.split(separator: ".")
    let isOfStack =
      parts.count > 1
      && ["services", "networks", "volumes", "configs", "secrets"].contains(parts[0])
      && !["*", "NAME"].contains(parts[1])
    if input.isNamed || (isOfStack && input.hasStack) { return try account(key, answer) }
    switch answer {
    case .text(let text): try Terminal.out(text)
    case .unknown(let suggestions):
      // A service, or a key of one, in the stack file that is here.
      if input.hasStack, !key.contains("/") { return try account(key, answer) }
      throw unknown(key, suggestions)
    }
  }

  /// What became of it in a stack, or where the stack has no such thing, in general.
  private func account(_ key: String, _ general: Explanation) throws {
    let report = try Migrated(input, try MigrationArguments.parse([]), name: nil).report
    let width = Terminal.columns
    if key.contains("/") {
      guard case .text(let text) = general else { return try answer(key, general) }
      guard let findings = KeyAccount.findings(report, slug: key, width: width) else {
        if !input.quiet { Terminal.note("stackferry: the report of this stack has no \(key)") }
        return try Terminal.out(text)
      }
      return try Terminal.out("In this stack:\n\n\(findings)\n\(text)")
    }
    if let account = KeyAccount(report, key) {
      return try Terminal.out(account.render(width: width))
    }
    if let (parent, name) = KeyAccount.missing(report, key) {
      if case .text(let text) = general {
        Terminal.note("stackferry: \(parent) has no \(name) in this stack; what becomes of one:")
        return try Terminal.out(text)
      }
    } else if case .text(let text) = general {
      if !input.quiet { Terminal.note("stackferry: this stack has no \(key)") }
      return try Terminal.out(text)
    }
    let keys = report.keys
    let names = keys.rows.indices.lazy.filter { keys.rows[$0].parent >= 0 }
      .map { keys.path(KeyID(Int32($0))) }
    let services = names.filter { $0.hasPrefix("services.") }
      .map { String($0.dropFirst("services.".count)) }
    if let near = nearest(key, among: Array(names) + Array(services)) { throw unknown(key, [near]) }
    try answer(key, general)
  }

  private func answer(_ key: String, _ general: Explanation) throws {
    switch general {
    case .text(let text): try Terminal.out(text)
    case .unknown(let suggestions): throw unknown(key, suggestions)
    }
  }

  private func unknown(_ key: String, _ near: [String]) -> ExitCode {
    let feature = key.split(separator: "/").first.map(String.init) ?? key
    let hint: String
    if near.count == 1 {
      hint = "did you mean \"\(near[0])\"?"
    } else if !near.isEmpty {
      hint = "did you mean one of \(near.joined(separator: ", "))?"
    } else if key.contains("/"), Features.named(feature) != nil {
      hint = "stackferry explain \(feature) lists its findings"
    } else {
      hint = "stackferry explain lists the features"
    }
    return Terminal.usage("nothing is known of \"\(key)\"", hint: hint)
  }
}
