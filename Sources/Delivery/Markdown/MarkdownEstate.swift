import Kubernetes
import Ledger
import Mapping
import Report

/// The sections of the Markdown report about the whole estate, and the runbook.
struct MarkdownEstate {
  private let estate: Estate
  private let runbook: Runbook

  init(_ estate: Estate, _ runbook: Runbook) {
    self.estate = estate
    self.runbook = runbook
  }

  func render() -> String {
    var text = ""
    table(
      "Names", ["Swarm", "Kubernetes", "from other namespaces"],
      estate.names.map { row in
        [
          Markdown.code(row.swarm), row.kubernetes.isEmpty ? "" : Markdown.code(row.kubernetes),
          row.kubernetes.isEmpty ? "" : Markdown.code("\(row.kubernetes).\(row.namespace)"),
        ]
      }, to: &text)
    commands(
      "Node labels to set", ["label", "for"],
      estate.nodeLabels.map { ([Markdown.code($0.label), names($0.services)], $0.commands) },
      to: &text)
    commands(
      "Secrets, configs and claims to create", ["object", "for"],
      estate.missing.map {
        ([Markdown.code("\($0.kind)/\($0.name)"), names($0.services)], $0.commands)
      }, to: &text)
    commands(
      "Volumes", ["claim", "size", "class", "access", "for"],
      estate.volumes.map { row in
        (
          [
            Markdown.code(row.claim), row.size, storageClass(row),
            row.modes.joined(separator: ", "), names(row.services),
          ], row.copy
        )
      }, to: &text)
    appendCapacity(to: &text)
    table(
      "Images",
      ["service", "image", "held by", "known from", "user", "ports", "health check", "audit"],
      estate.images.map { row in
        [
          Markdown.code(row.service), Markdown.code(row.image), row.pin.words,
          row.evidence.map { Markdown.code($0) + (row.problem == nil ? "" : " (not read)") } ?? "",
          row.user.map(Markdown.code) ?? "", row.ports.joined(separator: ", "), row.check.words,
          row.audit?.words ?? "",
        ]
      }, to: &text)
    table(
      "Images without a pinned version", ["image", "in"],
      estate.unpinned.map { [Markdown.code($0.image), names($0.services)] }, to: &text)
    if !estate.infrastructure.isEmpty {
      text += "\n## Replaced infrastructure\n\n"
      for finding in estate.infrastructure {
        text +=
          "- \(Markdown.code(finding.subject.service ?? "")): \(Markdown.escaped(finding.message.text))\n"
      }
    }
    appendRunbook(to: &text)
    return text
  }

  /// The empty name asks for none: the volume is one of the manifests.
  private func storageClass(_ row: Estate.VolumeRow) -> String {
    guard let name = row.storageClass else { return "default" }
    return name.isEmpty ? "none" : Markdown.code(name)
  }

  private func names(_ services: [String]) -> String {
    services.map(Markdown.code).joined(separator: ", ")
  }

  private func table(
    _ title: String, _ columns: [String], _ rows: [[String]], to text: inout String
  ) {
    guard !rows.isEmpty else { return }
    text += "\n## \(title)\n\n| \(columns.joined(separator: " | ")) |\n"
    text += "|" + String(repeating: "---|", count: columns.count) + "\n"
    for row in rows { text += "| \(row.joined(separator: " | ")) |\n" }
  }

  /// A table, and below it the commands, each once.
  private func commands(
    _ title: String, _ columns: [String], _ rows: [([String], [Command])], to text: inout String
  ) {
    table(title, columns, rows.map(\.0), to: &text)
    var seen = Set<[Command]>()
    let commands = rows.map(\.1).filter { seen.insert($0).inserted }.flatMap { $0 }
    if !commands.isEmpty { text += Markdown.block(commands.shell, "sh") }
  }

  private func appendCapacity(to text: inout String) {
    let (before, after) = (estate.capacity.before, estate.capacity.after)
    text += """

      ## Capacity

      Sums over all pods; a global service is counted for \(plural(estate.capacity.nodes, "node")). A limit without a \
      request counts as the request, as the scheduler counts it.

      | | Swarm | Kubernetes |
      |---|---|---|
      | pods | \(before.pods) | \(after.pods) |
      | CPU reserved | \(before.cpuRequest) | \(after.cpuRequest) |
      | memory reserved | \(before.memoryRequest.readable) | \(after.memoryRequest.readable) |
      | CPU limits | \(before.cpuLimit) | \(after.cpuLimit) |
      | memory limits | \(before.memoryLimit.readable) | \(after.memoryLimit.readable) |
      | pods that reserve nothing | \(before.podsWithoutRequest) | \(after.podsWithoutRequest) |

      """
  }

  private func appendRunbook(to text: inout String) {
    text += "\n## Runbook\n"
    if runbook.waves.count > 1 {
      text += "\n"
      for wave in runbook.waves {
        text += "- \(wave.title): \(names(wave.services))\n"
      }
    }
    for (number, step) in runbook.steps.enumerated() {
      text += "\n### \(number + 1). \(step.title)\n\n\(Markdown.escaped(step.text))\n"
      if !step.commands.isEmpty {
        text += Markdown.block(step.commands.shell, "sh")
      }
      if !step.checks.isEmpty {
        text += "\nCheck:\n" + Markdown.block(step.checks.shell, "sh")
      }
    }
  }
}
