package import Diagnostics

package enum AddURL: Rule {
  package static let name = "add-url"
  package static let title = "ADD of a URL without a checksum"
  package static let about = """
    `ADD https://…` takes what the server has that day, keeps an archive as it came, and gives it a layer of its own. With
    `--checksum=sha256:…` the build fails when the file is another one.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nADD https://example.com/tool.tgz /opt/\n",
      good:
        "FROM debian:12\nADD --checksum=sha256:0123456789abcdef https://example.com/tool.tgz /opt/\n"
    )
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for instruction in subject.dockerfile.instructions
    where instruction.keyword == .add && instruction.flag("checksum") == nil {
      for word in instruction.words.dropLast() where isURL(word.text) {
        findings.add(
          word.span, "nothing checks what this URL gives",
          hint:
            "write: ADD --checksum=sha256:… \(SecretInURL.secret(Array(word.text.utf8)) == nil ? word.text : "URL") …"
        )
      }
    }
  }

  static func isURL(_ text: String) -> Bool {
    text.hasPrefix("http://") || text.hasPrefix("https://")
  }
}
