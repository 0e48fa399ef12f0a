import Kubernetes
import Ledger
import Mapping
import Report

/// The end of a report for a terminal: the estate as a whole, and with `--verbose` the runbook.
extension TextReport {
  func appendEstate(to text: inout String) {
    let estate = report.estate
    var lines = ""
    var renamed: [String] = []
    for row in estate.names
    where row.swarm == row.service && !row.isSame && !row.kubernetes.isEmpty {
      renamed.append("\(row.swarm) is \(row.kubernetes)")
    }
    if !renamed.isEmpty { lines += line("names", renamed.joined(separator: ", ")) }
    let data = estate.volumes.filter { !$0.copy.isEmpty }.map(\.claim)
    if !data.isEmpty { lines += line("data", "to be copied into \(data.joined(separator: ", "))") }
    appendImages(estate.images, to: &text)
    let images = estate.unpinned.map(\.image)
    if !images.isEmpty { lines += line("images", "not pinned: \(images.joined(separator: ", "))") }
    lines += line("capacity", capacity(estate.capacity))
    for group in security { lines += line("security", group) }
    let runbook = report.runbook(estate)
    if runbook.moves.count > 1 {
      let waves = runbook.moves.enumerated().map {
        "\($0 + 1) \($1.services.joined(separator: ", "))"
      }
      lines += line("order", waves.joined(separator: "; "))
    }
    text += "\n" + heading("The move") + "\n" + lines
    guard verbose else {
      text += wrapped(
        "More: --verbose, `stackferry explain KEY`, and the runbook in --format markdown or html.",
        first: "  ", rest: "  ")
      return
    }
    for (number, step) in runbook.steps.enumerated() {
      text += "\n" + bold("\(number + 1). \(step.title)") + "\n"
      text += wrapped(step.text, first: "   ", rest: "   ")
      for command in step.commands {
        for line in command.annotated.split(separator: "\n") { text += "     \(line)\n" }
      }
      for check in step.checks { text += "   \(dim("check:")) \(check.annotated)\n" }
    }
  }

  /// What is known of the images, service by service; one line for those of which nothing is.
  private func appendImages(_ images: [ImageState], to text: inout String) {
    var known = ""
    var unknown: [String] = []
    for state in images {
      guard let evidence = state.evidence else {
        unknown.append(state.service)
        continue
      }
      var parts: [String] = []
      if let problem = state.problem {
        parts.append("\(evidence) was not read: \(problem)")
      } else {
        parts.append("known from \(evidence)")
        parts.append(state.user.map { "user \($0)" } ?? "user not known")
        parts.append(
          state.ports.isEmpty ? "no ports known" : "ports \(state.ports.joined(separator: ", "))")
        parts.append(
          state.check == .unknown ? "no health check known" : "health check \(state.check.words)")
      }
      if let audit = state.audit { parts.append("audit: \(audit.words)") }
      known += wrapped(
        "\(bold(state.service))  \(state.image), held by \(state.pin.words); "
          + parts.joined(separator: "; "), first: "  ", rest: Self.indent)
    }
    guard !known.isEmpty else { return }
    text += "\n" + heading("Images") + "\n" + known
    if !unknown.isEmpty {
      let more = unknown.count > 12 ? " and \(unknown.count - 12) more" : ""
      text += wrapped(
        "No Dockerfile or archive for \(unknown.prefix(12).joined(separator: ", "))\(more).",
        first: "  ", rest: "  ")
    }
  }

  private func line(_ label: String, _ content: String) -> String {
    let padding = String(repeating: " ", count: max(1, 9 - label.count))
    return wrapped(label + padding + content, first: "  ", rest: Self.indent)
  }

  /// Services by their level among the Pod Security Standards and by what keeps them from the next one.
  private var security: [String] {
    var groups: [(words: String, services: [String])] = []
    for glance in report.glances {
      guard let rating = glance.security else { continue }
      let next = rating.level == .privileged ? "baseline" : "restricted"
      let words =
        rating.level == .restricted
        ? "restricted"
        : "\(rating.level.rawValue) (not \(next): \(rating.reasons.joined(separator: "; ")))"
      if let place = groups.firstIndex(where: { $0.words == words }) {
        groups[place].services.append(glance.service)
      } else {
        groups.append((words, [glance.service]))
      }
    }
    return groups.map { "\($0.services.joined(separator: ", ")): \($0.words)" }
  }

  private func capacity(_ capacity: Estate.Capacity) -> String {
    func side(_ side: Estate.Capacity.Side) -> String {
      if side.cpuRequest.isZero, side.memoryRequest.isZero {
        return "\(plural(side.pods, "pod")) that \(side.pods == 1 ? "reserves" : "reserve") nothing"
      }
      return
        "\(plural(side.pods, "pod")), \(side.cpuRequest) CPU and \(side.memoryRequest.readable) reserved"
    }
    return "\(side(capacity.before)) in the Swarm; \(side(capacity.after)) in Kubernetes"
  }
}
