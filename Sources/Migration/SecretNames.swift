/// Variables and options whose name says that their value is a secret.
enum SecretNames {
  /// Whether a value under this name must never be quoted. Rather one too many.
  static func hides(_ name: String) -> Bool {
    let upper = name.uppercased()
    return [
      "PASS", "PWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "AUTH", "PRIVATE", "DSN", "SALT",
    ]
    .contains { upper.contains($0) }
  }

  /// Whether a value is a secret that should not stand in a manifest. Rather one too few.
  static func isSecret(_ name: String, value: String) -> Bool {
    let words = name.uppercased().split { !$0.isLetter && !$0.isNumber }
    guard let last = words.last else { return false }
    switch last {
    // These name where the secret is, how long it lives or whether there is one.
    case "FILE", "PATH", "DIR", "URL", "URI", "HOST", "ID", "NAME", "USER", "TTL", "EXPIRY",
      "EXPIRES", "LENGTH", "ENABLED", "POLICY", "HEADER", "TYPE", "ALGORITHM", "ISSUER",
      "AUDIENCE", "LIFETIME", "SECONDS", "MINUTES", "HOURS", "DAYS":
      return false
    default: break
    }
    let names = words.contains { word in
      switch word {
      case "PASSWORD", "PASSWD", "PASS", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "SECRETKEY",
        "CREDENTIALS":
        true
      case "KEY": word == last
      default: word.hasSuffix("PASSWORD") || word.hasSuffix("SECRET") || word.hasSuffix("TOKEN")
      }
    }
    guard names else { return false }
    switch value.lowercased() {
    case "", "true", "false", "yes", "no", "on", "off", "0", "1", "none", "null": return false
    default: break
    }
    // A path to a file, or a value that is put together elsewhere.
    return !value.hasPrefix("/run/secrets/") && !value.hasPrefix("/")
  }
}
