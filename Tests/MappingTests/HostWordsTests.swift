import Delivery
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// What counts as a host name in a text, and what does not.
@Suite struct HostWordsTests {
  /// The value that an environment variable of a service gets, in a stack with the services `db_main` and `web`.
  private static func value(_ name: String, _ text: String) throws -> String {
    let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let result = try migrated(
      """
      services:
        client:
          image: client:1
          environment:
            \(name): "\(quoted.replacing("$", with: "$$"))"
        db_main: {image: postgres:16}
        web: {image: web:1}
      """)
    let marker = "- name: \(name)\n"
    let rest = try #require(result.manifests.firstRange(of: marker)).upperBound
    let line = result.manifests[rest...].prefix { $0 != "\n" }
    return String(line.trimmingPrefix { $0 == " " }.dropFirst("value: ".count))
      .trimmingCharacters(in: "'\"")
  }

  @Test(arguments: [
    ("URL", "postgres://u:p@db_main:5432/db_main", "postgres://u:p@db-main:5432/db_main"),
    ("URL", "postgres://db_main:p@db_main/x", "postgres://db_main:p@db-main/x"),
    ("X", "mongodb://db_main:1,DB_MAIN:2/x", "mongodb://db-main:1,db-main:2/x"),
    ("X", "db_main:5432", "db-main:5432"),
    ("X", "a,db_main:80,b", "a,db-main:80,b"),
    ("X", "tcp://tasks.db_main:80", "tcp://db-main-tasks:80"),
    ("X", "http://shop_db_main/", "http://db-main/"),
    ("X", "http://db_main.shop_default/", "http://db-main/"),
    ("DB_HOST", "db_main", "db-main"),
    ("SERVERS", "db_main db_main", "db-main db-main"),
  ])
  func isHost(_ name: String, _ text: String, _ expected: String) throws {
    #expect(try Self.value(name, text) == expected)
  }

  @Test(arguments: [
    ("X", "xdb_main:80"), ("X", "db_main2:80"), ("X", "my-db_main:80"), ("X", "db_main.example:80"),
    ("X", "a.db_main:80"), ("X", "/srv/db_main:80"), ("X", "registry/db_main:80"),
    ("X", "db_main:1.2"),
    ("X", "db_main:7-alpine"), ("X", "the db_main is down"), ("POSTGRES_DB", "db_main"),
    ("IMAGE", "db_main:80"), ("X", "$db_main:80"), ("X", "é" + "db_main:80"), ("X", "db_main@host"),
    ("X", "db_main://x"), ("X", "db_main:0"), ("X", "db_main:70000"),
    ("DB_PASSWORD", "db_main:5432"),
    ("URL", "http://web:80"),
  ])
  func isNone(_ name: String, _ text: String) throws {
    #expect(try Self.value(name, text) == text)
  }
}

extension String {
  fileprivate func trimmingCharacters(in signs: String) -> String {
    var rest = self[...]
    while let first = rest.first, signs.contains(first) { rest.removeFirst() }
    while let last = rest.last, signs.contains(last) { rest.removeLast() }
    return String(rest)
  }
}
