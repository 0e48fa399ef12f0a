/// How a secret is recognised: by the name of what holds it.
enum SecretWords {
  /// Whether a variable of this name holds a secret. `PASSWORD_FILE` only says where one is.
  static func isSecret(_ name: String) -> Bool {
    let upper = name.uppercased()
    let words = upper.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    guard let last = words.last else { return false }
    switch last {
    case "FILE", "PATH", "DIR", "URL", "URI", "HOST", "NAME", "TTL", "EXPIRY", "EXPIRES", "LENGTH",
      "ENABLED", "POLICY", "HEADER", "TYPE", "ALGORITHM", "ISSUER", "LIFETIME", "SECONDS",
      "MINUTES", "HOURS", "DAYS", "TIMEOUT", "VERSION", "PORT":
      return false
    default: break
    }
    if words.contains(where: { word in
      ["PASS", "PASSWD", "PASSPHRASE", "PWD", "APIKEY", "CREDENTIAL", "CREDENTIALS", "PRIVATE"]
        .contains(word)
        && !(word == "PWD" && words.count == 1)
        || word.hasSuffix("PASSWORD") || word.hasSuffix("SECRET") || word.hasSuffix("TOKEN")
    }) {
      return true
    }
    let joined = words.joined(separator: "_")
    return [
      "API_KEY", "SECRET_KEY", "PRIVATE_KEY", "CLIENT_KEY", "ACCESS_KEY", "AUTH_KEY", "LICENSE_KEY",
      "ENCRYPTION_KEY", "SIGNING_KEY", "APPLICATION_KEY",
    ]
    .contains { joined.contains($0) }
  }

  /// Whether a value is a secret and not the name of a place where one is kept.
  static func isValue(_ value: String) -> Bool {
    switch value.lowercased() {
    case "", "true", "false", "yes", "no", "on", "off", "0", "1", "none", "null": return false
    default: break
    }
    return !value.hasPrefix("/")
  }

  /// Whether a file of this name holds a secret.
  static func isSecretFile(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    guard let last = parts.last.map(String.init)?.lowercased() else { return false }
    if parts.contains(".ssh") || parts.contains(".aws") || parts.contains(".gnupg") { return true }
    if last == ".env" || last.hasPrefix(".env.") {
      return ![".example", ".sample", ".template", ".dist"].contains { last.hasSuffix($0) }
    }
    if [
      ".npmrc", ".pypirc", ".netrc", ".git-credentials", ".htpasswd", ".pgpass", "kubeconfig",
      "credentials.json", "secrets.yml", "secrets.yaml", "secrets.json",
    ].contains(last) {
      return true
    }
    if last.hasPrefix("id_rsa") || last.hasPrefix("id_ed25519") || last.hasPrefix("id_ecdsa")
      || last.hasPrefix("id_dsa")
    {
      return !last.hasSuffix(".pub")
    }
    if last.hasSuffix(".key") || last.hasSuffix(".p12") || last.hasSuffix(".pfx")
      || last.hasSuffix(".keystore")
    {
      return true
    }
    return last.hasSuffix(".pem") && (last.contains("key") || last.contains("priv"))
  }
}
