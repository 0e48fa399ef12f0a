package import Diagnostics

package enum LateCleanUp: Rule {
  package static let name = "late-clean-up"
  package static let title = "Removed too late"
  package static let about = """
    A layer only adds. What an earlier `RUN` or `COPY` put there and a later `RUN rm` removes is hidden from the container and
    still pulled by every node, and whoever has the image can read it: also a key that was "deleted". Remove it in the `RUN`
    that made it, or do the work in a stage that is thrown away.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: """
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends curl
        RUN rm -rf /var/lib/apt/lists/*

        """,
      good: """
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends curl \\
            && rm -rf /var/lib/apt/lists/*

        """),
    RuleExample(
      bad: "FROM debian:12\nCOPY tool.tar /tmp/\nRUN tar -xf /tmp/tool.tar && rm /tmp/tool.tar\n",
      good: "FROM debian:12\nADD tool.tar /opt/\n"),
  ]

  /// Folders that only a package manager fills.
  private static let caches = [
    "/var/lib/apt/lists", "/var/cache/apt", "/var/cache/apk", "/var/cache/yum", "/var/cache/dnf",
    "/root/.cache", "/root/.npm", "/root/.m2",
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    var copied: [String] = []
    var installs = false
    guard subject.target >= 0 else { return }
    for number in subject.dockerfile.lineage(subject.target) {
      for index in subject.dockerfile.stages[number].body where subject.isPosix(index) {
        let instruction = subject.dockerfile.instructions[index]
        switch instruction.keyword {
        case .copy, .add:
          guard let target = instruction.words.last?.text else { continue }
          for source in instruction.words.dropLast() {
            let name = source.text.split(separator: "/").last.map(String.init) ?? source.text
            copied.append(target.hasSuffix("/") ? target + name : target)
          }
        case .run:
          let commands = instruction.script.commands
          let makes = commands.contains {
            AptLists.programs.contains($0.name)
              || ["apk", "yum", "dnf", "microdnf", "npm", "mvn"].contains($0.name)
              || PipCache.isInstall($0)
          }
          for command in commands where command.name == "rm" {
            let late = command.words.dropFirst().first { word in
              copied.contains { word.text == $0 }
                || installs && !makes && caches.contains { word.text.hasPrefix($0) }
            }
            guard let late else { continue }
            findings.add(
              late.span, "\(late.text) lies in an earlier layer: removing it here frees nothing",
              hint: "remove it in the RUN that makes it, or do the work in a stage of its own")
          }
          installs = installs || makes
        default: break
        }
      }
    }
  }
}
