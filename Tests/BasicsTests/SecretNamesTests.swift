import Basics
import Delivery
import Images
@testable import Ledger
@testable import Mapping
@testable import Report
import Swarm
import TestSupport
import Testing
import Validation

/// Which variables hold a secret by their name.
@Suite struct SecretNamesTests {
  @Test(arguments: [
    ("POSTGRES_PASSWORD", "hunter2"), ("db-passwd", "x"), ("Token", "t"), ("API_KEY", "k"),
    ("AWS_SECRET_ACCESS_KEY", "k"), ("my.secret", "s"), ("DBPASSWORD", "x"), ("APIKEY", "k"),
    ("AUTHTOKEN", "t"), ("credentials", "c"), ("PASS", "p"), ("Ä_PASS", "p"),
  ])
  func isOne(name: String, value: String) {
    #expect(SecretNames.isSecret(name, value: value))
  }

  @Test(arguments: [
    ("POSTGRES_PASSWORD_FILE", "/run/secrets/p"), ("TOKEN_TTL", "60"), ("SECRET_NAME", "n"),
    ("KEY_PREFIX", "app"), ("PASSWORD", ""), ("TOKEN", "/etc/token"), ("PASS", "true"),
    ("COMPASS", "north"), ("LOG_LEVEL", "info"), ("", "x"), ("___", "x"), ("KEYS", "a"),
  ])
  func isNone(name: String, value: String) {
    #expect(!SecretNames.isSecret(name, value: value))
  }
}
