/// Variables and options whose name says that their value is a secret.
package enum SecretNames {
  /// Whether a value under this name must never be quoted. Rather one too many.
  package static func hides(_ name: String) -> Bool {
    let upper = name.uppercased()
    return [
      "PASS", "PWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "AUTH", "PRIVATE", "DSN", "SALT",
    ]
    .contains { upper.contains($0) }
  }

  /// Whether a value is a secret that should not stand in a manifest. Rather one too few.
  package static func isSecret(_ name: String, value: String) -> Bool {
    guard mayName(name) else { return false }
    let words = name.uppercased().utf8.split { !isWordByte($0) }.compactMap {
      String(Substring($0))
    }
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

  /// Whether a name holds the beginning of any word that speaks of a secret. Most names hold none, and this is asked of
  /// every variable and label there is.
  private static func mayName(_ name: String) -> Bool {
    var before: UInt8 = 0
    for byte in name.utf8 {
      let lower = byte | 0x20
      switch (before, lower) {
      case (UInt8(ascii: "p"), UInt8(ascii: "a")), (UInt8(ascii: "s"), UInt8(ascii: "e")),
        (UInt8(ascii: "t"), UInt8(ascii: "o")), (UInt8(ascii: "k"), UInt8(ascii: "e")),
        (UInt8(ascii: "c"), UInt8(ascii: "r")):
        return true
      default: before = lower
      }
    }
    return false
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF:
      true
    default: false
    }
  }
}
