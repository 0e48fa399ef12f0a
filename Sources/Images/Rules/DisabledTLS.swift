package import Diagnostics

package enum DisabledTLS: Rule {
  package static let name = "disabled-tls"
  package static let title = "Certificates or signatures are not checked"
  package static let about = """
    `curl -k`, `--no-check-certificate`, `--allow-unauthenticated`, `NODE_TLS_REJECT_UNAUTHORIZED=0`: whoever sits between the
    builder and the server decides what ends up in the image. Install the missing authority's certificate instead
    (`ca-certificates`, `update-ca-certificates`). Set as `ENV` it holds for the running service as well.
    """
  package static let severity = Diagnostic.Severity.error
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nRUN curl -fsSk https://example.com/key -o /key\n",
      good: "FROM debian:12\nRUN curl -fsS https://example.com/key -o /key\n"),
    RuleExample(
      bad: "FROM node:24-slim\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\n",
      good: "FROM node:24-slim\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/company.pem\n"),
  ]

  private static let variables: [String: Set<String>] = [
    "NODE_TLS_REJECT_UNAUTHORIZED": ["0"], "PYTHONHTTPSVERIFY": ["0"],
    "GIT_SSL_NO_VERIFY": ["1", "true", "yes"], "NPM_CONFIG_STRICT_SSL": ["false"],
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for instruction in subject.dockerfile.instructions
    where instruction.keyword == .env || instruction.keyword == .arg {
      for pair in instruction.pairs {
        guard let value = pair.value?.text,
          variables[pair.name.text]?.contains(value.lowercased()) == true
        else { continue }
        findings.add(
          pair.name.span, "\(pair.name.text)=\(value) switches the check of certificates off",
          hint: "install the authority's certificate instead")
      }
    }
    for run in subject.runs {
      for command in run.script.commands {
        guard let word = culprit(command) else { continue }
        findings.add(
          word.span, "\"\(word.text)\" switches the check of what is downloaded off",
          hint: "install the authority's certificate or the repository's key instead")
      }
    }
  }

  private static func culprit(_ command: ShellScript.Command) -> ShellScript.Word? {
    let words = command.words.dropFirst()
    switch command.name {
    case "curl":
      return words.first {
        $0.text == "--insecure"
          || $0.text.hasPrefix("-") && !$0.text.hasPrefix("--") && hasCurlK($0.text)
      }
    case "wget": return words.first { $0.text == "--no-check-certificate" }
    case "git":
      return words.first { $0.text.lowercased() == "http.sslverify=false" }
        ?? (command.arguments.contains { $0.lowercased() == "http.sslverify" }
          ? words.first { $0.text.lowercased() == "false" } : nil)
    case "npm", "yarn":
      let strict = command.arguments.contains {
        $0.hasPrefix("strict-ssl") || $0.hasPrefix("--strict-ssl")
      }
      return strict ? words.first { $0.text == "false" || $0.text.hasSuffix("=false") } : nil
    case "apt-get", "apt":
      return words.first {
        ["--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"].contains(
          $0.text)
      }
    case "apk": return words.first { $0.text == "--allow-untrusted" }
    case "yum", "dnf", "microdnf": return words.first { $0.text == "--nogpgcheck" }
    default:
      if let bad = command.assignments.first(where: { word in
        let parts = word.text.split(separator: "=", maxSplits: 1).map(String.init)
        return parts.count == 2 && variables[parts[0]]?.contains(parts[1].lowercased()) == true
      }) {
        return bad
      }
      return PipCache.isInstall(command) ? words.first { $0.text.hasPrefix("--trusted-host") } : nil
    }
  }

  /// `-k` in a group of short options; letters behind one that takes a value belong to the value.
  private static func hasCurlK(_ text: String) -> Bool {
    for letter in text.dropFirst() {
      if letter == "k" { return true }
      if "oHdXuAeTbcFmwyYzCDEKPQrtUxh".contains(letter) { return false }
    }
    return false
  }
}
