package import Diagnostics

package enum AddForCopy: Rule {
  package static let name = "add-for-copy"
  package static let title = "ADD where COPY would do"
  package static let about = """
    `ADD` unpacks archives and fetches URLs without being asked: a file that happens to be a tar becomes a folder. `COPY` does
    what it says. The fix replaces it where no source is an archive, a URL, a repository or a variable.
    """
  package static let severity = Diagnostic.Severity.note
  package static let hadolint = ["DL3020"]
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nADD --chown=1:1 app.conf /etc/app.conf\n",
      good: "FROM debian:12\nCOPY --chown=1:1 app.conf /etc/app.conf\n", isFixed: true)
  ]

  private static let archives = [
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".gz", ".bz2", ".xz",
    ".zst", ".lz", ".lzma", ".Z", ".tZ", ".tlz", ".tpz", ".tb2",
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for index in subject.dockerfile.instructions.indices {
      let instruction = subject.dockerfile.instructions[index]
      guard instruction.keyword == .add, instruction.heredocs.isEmpty else { continue }
      let sources = instruction.words.dropLast().map(\.text)
      let special = sources.contains { source in
        AddURL.isURL(source) || source.hasPrefix("git@") || source.hasPrefix("ssh://")
          || source.hasSuffix(".git") || archives.contains { source.hasSuffix($0) }
      }
      if special || sources.isEmpty { continue }
      // Only a name with an ending of its own is certain to be no archive and no folder with one.
      let isCertain =
        sources.allSatisfy { source in
          !source.contains("*") && !source.contains("?") && !source.contains("$")
            && plainEndings.contains { source.hasSuffix($0) }
        }
        && instruction.flags.allSatisfy {
          $0.name == "chown" || $0.name == "chmod" || $0.name == "link"
        }
      findings.add(
        instruction.keywordSpan, "ADD would unpack an archive; COPY does what is meant here",
        hint: "write COPY",
        edits: isCertain ? [Edit(instruction.keywordSpan, "COPY")] : [])
    }
  }

  /// Files that cannot be archives; a folder is copied as it is by both.
  private static let plainEndings = [
    ".", "/", ".conf", ".cfg", ".ini", ".json", ".yml", ".yaml", ".toml", ".txt", ".sh", ".py",
    ".js", ".ts", ".mjs", ".go", ".rb", ".php", ".html", ".css", ".xml", ".properties", ".jar",
    ".war", ".sql", ".md", ".lock", ".crt", ".pem", ".service", ".env", ".cnf", ".ps1", ".exe",
  ]
}
