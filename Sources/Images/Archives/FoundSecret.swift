/// Recognises keys and tokens by what they look like. It tells what a secret is, and never its value.
enum FoundSecret {
  /// `private key`, `token of GitHub`, …; nil where there is none. What is known to be an example is none.
  ///
  /// - Parameter path: The file's path, absolute; asked for only where the content looks like one.
  static func kind(_ bytes: [UInt8], _ path: () -> String, name: ArraySlice<UInt8>) -> String? {
    // A binary file holds no token that anybody wrote there.
    if bytes.prefix(512).contains(0) { return nil }
    let marks = Self.marks(bytes)
    let isEnvironment = name.starts(with: ".env".utf8)
    if marks.isEmpty, !isEnvironment { return nil }
    let path = path()
    if isExample(path) { return nil }
    let name = String(decoding: name, as: UTF8.self)
    if marks.contains("PRIVATE KEY-----"), marks.contains("-----BEGIN ") { return "private key" }
    for mark in marks { if let token = tokens[mark] { return token.name } }
    if name == ".npmrc" {
      if marks.contains("_authToken=") || marks.contains("_password=") { return "token of npm" }
    }
    if name == ".netrc" || name == "_netrc", marks.contains("password") { return "login" }
    if name == ".pypirc", marks.contains("password") { return "login" }
    if name == ".git-credentials", marks.contains("://") { return "login" }
    if name == "config.json", path.contains("/.docker/"), marks.contains("\"auth\"") {
      return "login to a registry"
    }
    if name == "credentials", path.contains("/.aws/"), marks.contains("aws_secret_access_key") {
      return "key of AWS"
    }
    if name == "kubeconfig" || path.hasSuffix("/.kube/config"),
      marks.contains("client-key-data") || marks.contains("token:")
    {
      return "login to a cluster"
    }
    if isEnvironment, SecretWords.isSecretFile(name), holdsSecretVariable(bytes) {
      return "file of variables with secrets"
    }
    return nil
  }

  /// Sources, documentation and tests of libraries hold keys that open nothing.
  private static func isExample(_ path: String) -> Bool {
    for folder in ["/usr/share/doc/", "/usr/share/man/", "/usr/share/perl/"]
    where path.hasPrefix(folder) {
      return true
    }
    for folder in ["/test/", "/tests/", "/testdata/", "/examples/", "/fixtures/", "/__tests__/"]
    where path.contains(folder) {
      return true
    }
    return [
      ".py", ".go", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pm", ".pl", ".h", ".c", ".java", ".md",
      ".txt", ".rst", ".map", ".html", ".sh",
    ].contains { path.hasSuffix($0) }
  }

  /// How tokens begin, and how many letters and digits follow at least.
  private static let tokens: [String: (length: Int, name: String)] = [
    "ghp_": (36, "token of GitHub"), "gho_": (36, "token of GitHub"),
    "ghs_": (36, "token of GitHub"), "github_pat_": (60, "token of GitHub"),
    "glpat-": (20, "token of GitLab"), "AKIA": (16, "key of AWS"), "xoxb-": (20, "token of Slack"),
    "xoxp-": (20, "token of Slack"), "sk_live_": (20, "key of Stripe"),
    "npm_": (36, "token of npm"), "dckr_pat_": (20, "token of Docker Hub"),
  ]
  private static let words = [
    "-----BEGIN ", "PRIVATE KEY-----", "_authToken=", "_password=", "password", "://", "\"auth\"",
    "aws_secret_access_key", "client-key-data", "token:",
  ]

  /// All that is looked for, by its first byte.
  private static let byFirst: [[(text: [UInt8], name: String)]] = {
    var table = [[(text: [UInt8], name: String)]](repeating: [], count: 256)
    for word in words + tokens.keys.sorted() {
      let text = Array(word.utf8)
      table[Int(text[0])].append((text, word))
    }
    return table
  }()
  private static let isFirst: [Bool] = byFirst.map { !$0.isEmpty }

  /// What of it stands in a file, in one pass: an image has a hundred thousand small files.
  private static func marks(_ bytes: [UInt8]) -> [String] {
    var found: [String] = []
    for index in bytes.indices where isFirst[Int(bytes[index])] {
      for (text, name) in byFirst[Int(bytes[index])]
      where bytes.count - index >= text.count && bytes[index...].starts(with: text) {
        if let token = tokens[name] {
          let isStart = index == 0 || !isAlphanumeric(bytes[index - 1])
          guard isStart, tokenLength(bytes[(index + text.count)...]) >= token.length else {
            continue
          }
        }
        if !found.contains(name) { found.append(name) }
      }
    }
    return found
  }

  private static func tokenLength(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.prefix { isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }.count
  }

  /// `NAME=VALUE`, with the name of a secret and a value that is one.
  private static func holdsSecretVariable(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: 0x0A).contains { line in
      let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard parts.count == 2 else { return false }
      let name = String(decoding: parts[0].filter { $0 != 0x20 }, as: UTF8.self)
      let value = String(decoding: parts[1].filter { $0 != 0x0D && $0 != 0x22 }, as: UTF8.self)
      return !name.hasPrefix("#") && SecretWords.isSecret(name) && SecretWords.isValue(value)
    }
  }
}
