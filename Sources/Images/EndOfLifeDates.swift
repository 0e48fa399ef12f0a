import Swarm

/// When systems, runtimes and databases stopped getting security fixes.
///
/// Only what ended before `asOf` is in the tables. Sources: the projects' own pages, named with each table; those for
/// Ubuntu, Node.js, Go and MariaDB were compared with endoflife.date.
enum EndOfLifeDates {
  /// The day of this table.
  static let asOf = "2026-11-24"

  struct End {
    /// `Debian 8 (jessie)`.
    let what: String
    let date: String
    let successor: String?
  }

  /// The end of an image's own version, or of the system that its tag names; the earlier one.
  static func end(of reference: ImageReference) -> End? {
    guard let name = product(reference) else { return nil }
    if let gone = withdrawn[name] {
      return End(what: gone.what, date: gone.date, successor: gone.successor)
    }
    let tag = reference.tag ?? "latest"
    let parts = tag.split(separator: "-").map(String.init)
    var found: [End] = []
    if let table = tables[name], let first = parts.first {
      let version = first.hasPrefix("v") ? String(first.dropFirst()) : first
      if let row = table.rows.first(where: { covers($0.version, version) }) {
        found.append(
          End(what: "\(table.title) \(row.version)", date: row.date, successor: table.successor))
      }
    }
    for part in parts {
      if let row = systems[part] {
        found.append(End(what: row.what, date: row.date, successor: row.successor))
      } else if part.hasPrefix("alpine"), let table = tables["alpine"],
        let row = table.rows.first(where: { $0.version == part.dropFirst(6) })
      {
        found.append(End(what: "Alpine \(row.version)", date: row.date, successor: table.successor))
      }
    }
    return found.min { $0.date < $1.date }
  }

  /// `3.8` covers `3.8` and `3.8.12`.
  private static func covers(_ row: String, _ version: String) -> Bool {
    version == row || version.hasPrefix(row + ".")
  }

  private static func product(_ reference: ImageReference) -> String? {
    if let name = OfficialImages.name(reference) { return name }
    if reference.registry == "mcr.microsoft.com" {
      let path = reference.repository
      if path.hasPrefix("dotnet/core/") || path.hasPrefix("dotnet/") { return "dotnet" }
    }
    return nil
  }

  /// Images that are built no more. Source: their pages on Docker Hub.
  private static let withdrawn: [String: (what: String, date: String, successor: String)] = [
    "openjdk": ("the image openjdk", "2022-07-27", "eclipse-temurin or amazoncorretto"),
    "java": ("the image java", "2016-12-31", "eclipse-temurin"),
    "centos": ("the image centos", "2024-06-30", "almalinux:9 or rockylinux:9"),
    "adoptopenjdk": ("the image adoptopenjdk", "2021-07-31", "eclipse-temurin"),
    "iojs": ("the image iojs", "2016-12-31", "node"),
    "microsoft/dotnet": ("the image microsoft/dotnet", "2019-12-31", "mcr.microsoft.com/dotnet"),
  ]

  private typealias Row = (version: String, date: String)
  private typealias Table = (title: String, successor: String, rows: [Row])

  private static let tables: [String: Table] = [
    // debian.org/releases and wiki.debian.org/LTS: the end of long term support.
    "debian": (
      "Debian", "debian:13-slim",
      [
        ("7", "2018-05-31"), ("8", "2020-06-30"), ("9", "2022-06-30"), ("10", "2024-06-30"),
        ("11", "2026-08-31"),
      ]
    ),
    // ubuntu.com/about/release-cycle, and endoflife.date/ubuntu for the interim releases: the end of standard support.
    "ubuntu": (
      "Ubuntu", "ubuntu:24.04",
      [
        ("12.04", "2017-04-28"), ("14.04", "2019-04-25"), ("16.04", "2021-04-30"),
        ("16.10", "2017-07-20"), ("17.04", "2018-01-13"), ("17.10", "2018-07-19"),
        ("18.04", "2023-05-31"), ("18.10", "2019-07-18"), ("19.04", "2020-01-23"),
        ("19.10", "2020-07-06"), ("20.04", "2025-05-31"), ("20.10", "2021-07-22"),
        ("21.04", "2022-01-20"), ("21.10", "2022-07-14"), ("22.10", "2023-07-20"),
        ("23.04", "2024-01-25"), ("23.10", "2024-07-11"), ("24.10", "2025-07-10"),
        ("25.04", "2026-01-17"), ("25.10", "2026-07-01"),
      ]
    ),
    // alpinelinux.org/releases.
    "alpine": (
      "Alpine", "alpine:3.23",
      [
        ("2", "2016-04-01"), ("3.1", "2016-11-01"), ("3.2", "2017-05-01"), ("3.3", "2017-11-01"),
        ("3.4", "2018-05-01"), ("3.5", "2018-11-01"), ("3.6", "2019-05-01"),
        ("3.7", "2019-11-01"), ("3.8", "2020-05-01"), ("3.9", "2020-11-01"),
        ("3.10", "2021-05-01"), ("3.11", "2021-11-01"), ("3.12", "2022-05-01"),
        ("3.13", "2022-11-01"), ("3.14", "2023-05-01"), ("3.15", "2023-11-01"),
        ("3.16", "2024-05-23"), ("3.17", "2024-11-22"), ("3.18", "2025-05-09"),
        ("3.19", "2025-11-01"), ("3.20", "2026-04-01"), ("3.21", "2026-11-01"),
      ]
    ),
    // github.com/nodejs/Release, schedule.json.
    "node": (
      "Node.js", "node:24-slim",
      [
        ("0.10", "2016-10-31"), ("0.12", "2016-12-31"), ("4", "2018-04-30"), ("5", "2016-06-30"),
        ("6", "2019-04-30"), ("7", "2017-06-30"), ("8", "2019-12-31"), ("9", "2018-06-30"),
        ("10", "2021-04-30"), ("11", "2019-06-01"), ("12", "2022-04-30"), ("13", "2020-06-01"),
        ("14", "2023-04-30"), ("15", "2021-06-01"), ("16", "2023-09-11"), ("17", "2022-06-01"),
        ("18", "2025-04-30"), ("19", "2023-06-01"), ("20", "2026-04-30"), ("21", "2024-06-01"),
        ("23", "2025-06-01"), ("25", "2026-06-01"), ("argon", "2018-04-30"),
        ("boron", "2019-04-30"), ("carbon", "2019-12-31"), ("dubnium", "2021-04-30"),
        ("erbium", "2022-04-30"), ("fermium", "2023-04-30"), ("gallium", "2023-09-11"),
        ("hydrogen", "2025-04-30"), ("iron", "2026-04-30"),
      ]
    ),
    // devguide.python.org/versions.
    "python": (
      "Python", "python:3.13-slim",
      [
        ("2", "2020-01-01"), ("3.3", "2017-09-29"), ("3.4", "2019-03-18"), ("3.5", "2020-09-30"),
        ("3.6", "2021-12-23"), ("3.7", "2023-06-27"), ("3.8", "2024-10-07"),
        ("3.9", "2025-10-31"), ("3.10", "2026-10-31"),
      ]
    ),
    // go.dev/doc/devel/release: the two newest are supported.
    "golang": (
      "Go", "golang:1.27",
      [
        ("1.17", "2022-08-02"), ("1.18", "2023-02-01"), ("1.19", "2023-08-08"),
        ("1.20", "2024-02-06"), ("1.21", "2024-08-13"), ("1.22", "2025-02-11"),
        ("1.23", "2025-08-12"), ("1.24", "2026-02-10"), ("1.25", "2026-08-19"),
        ("1.10", "2019-02-25"), ("1.11", "2019-09-03"),
        ("1.12", "2020-02-25"), ("1.13", "2020-08-11"), ("1.14", "2021-02-16"),
        ("1.15", "2021-08-16"), ("1.16", "2022-03-15"), ("1.9", "2018-08-24"),
        ("1.8", "2018-02-16"), ("1.7", "2017-08-24"), ("1.6", "2017-02-16"),
      ]
    ),
    // php.net/eol.php.
    "php": (
      "PHP", "php:8.4-fpm",
      [
        ("5", "2018-12-31"), ("7.0", "2019-01-10"), ("7.1", "2019-12-01"), ("7.2", "2020-11-30"),
        ("7.3", "2021-12-06"), ("7.4", "2022-11-28"), ("8.0", "2023-11-26"), ("8.1", "2025-12-31"),
      ]
    ),
    // ruby-lang.org/en/downloads/branches.
    "ruby": (
      "Ruby", "ruby:3.4-slim",
      [
        ("1", "2015-02-23"), ("2.0", "2016-02-24"), ("2.1", "2017-03-31"), ("2.2", "2018-03-31"),
        ("2.3", "2019-03-31"), ("2.4", "2020-03-31"), ("2.5", "2021-04-05"), ("2.6", "2022-04-12"),
        ("2.7", "2023-03-31"), ("3.0", "2024-04-23"), ("3.1", "2025-03-26"), ("3.2", "2026-03-31"),
      ]
    ),
    // postgresql.org/support/versioning.
    "postgres": (
      "PostgreSQL", "postgres:17, with pg_upgrade or a dump",
      [
        ("9", "2021-11-11"), ("10", "2022-11-10"), ("11", "2023-11-09"), ("12", "2024-11-21"),
        ("13", "2025-11-13"), ("14", "2026-11-12"),
      ]
    ),
    // endoflife tables of mysql.com's support policy.
    "mysql": (
      "MySQL", "mysql:8.4",
      [
        ("5.5", "2018-12-31"), ("5.6", "2021-02-28"), ("5.7", "2023-10-31"), ("8.0", "2026-04-30"),
      ]
    ),
    // mariadb.org/about/#maintenance-policy, and endoflife.date/mariadb for the short-term releases.
    "mariadb": (
      "MariaDB", "mariadb:11.8",
      [
        ("5.5", "2020-04-11"), ("10.0", "2019-03-31"), ("10.1", "2020-10-17"),
        ("10.2", "2022-05-23"),
        ("10.3", "2023-05-25"), ("10.4", "2024-06-18"), ("10.5", "2025-06-24"),
        ("10.6", "2026-07-06"), ("10.7", "2023-02-14"), ("10.8", "2023-05-20"),
        ("10.9", "2023-08-22"), ("10.10", "2023-11-17"),
      ]
    ),
    // mongodb.com/legal/support-policy/lifecycles.
    "mongo": (
      "MongoDB", "mongo:8.0",
      [
        ("3", "2021-04-30"), ("4.0", "2022-04-30"), ("4.2", "2023-04-30"), ("4.4", "2024-02-29"),
        ("5.0", "2024-10-31"), ("6.0", "2025-07-31"),
      ]
    ),
    // dotnet.microsoft.com/platform/support/policy.
    "dotnet": (
      ".NET", "the same image with the tag 10.0",
      [
        ("2.1", "2021-08-21"), ("2.2", "2019-12-23"), ("3.0", "2020-03-03"), ("3.1", "2022-12-13"),
        ("5.0", "2022-05-10"), ("6.0", "2024-11-12"), ("7.0", "2024-05-14"), ("8.0", "2026-11-10"),
        ("9.0", "2026-11-10"),
      ]
    ),
  ]

  /// Systems by the code name in a tag.
  private static let systems: [String: (what: String, date: String, successor: String)] = [
    "wheezy": ("Debian 7 (wheezy)", "2018-05-31", "a tag with trixie"),
    "jessie": ("Debian 8 (jessie)", "2020-06-30", "a tag with trixie"),
    "stretch": ("Debian 9 (stretch)", "2022-06-30", "a tag with trixie"),
    "buster": ("Debian 10 (buster)", "2024-06-30", "a tag with trixie"),
    "bullseye": ("Debian 11 (bullseye)", "2026-08-31", "a tag with trixie"),
    "trusty": ("Ubuntu 14.04 (trusty)", "2019-04-25", "a tag with noble"),
    "xenial": ("Ubuntu 16.04 (xenial)", "2021-04-30", "a tag with noble"),
    "bionic": ("Ubuntu 18.04 (bionic)", "2023-05-31", "a tag with noble"),
    "focal": ("Ubuntu 20.04 (focal)", "2025-05-31", "a tag with noble"),
  ]
}
