/// What a vulnerability scanner found in one image.
package struct ScanReport: Sendable {
  package enum Severity: Int, Sendable, Comparable, CaseIterable {
    case unknown, low, medium, high, critical

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package var name: String {
      switch self {
      case .unknown: "unknown"
      case .low: "low"
      case .medium: "medium"
      case .high: "high"
      case .critical: "critical"
      }
    }

    /// In the words of any of the scanners; `negligible` and `info` count as low.
    init(word: String) {
      switch word.lowercased() {
      case "critical": self = .critical
      case "high", "important": self = .high
      case "medium", "moderate": self = .medium
      case "low", "negligible", "info", "minor": self = .low
      default: self = .unknown
      }
    }

    /// The levels of CVSS 3: 9, 7, 4.
    init(score: Double) {
      switch score {
      case 9...: self = .critical
      case 7..<9: self = .high
      case 4..<7: self = .medium
      case 0.1..<4: self = .low
      default: self = .unknown
      }
    }
  }

  package struct Vulnerability: Sendable, Hashable {
    /// `CVE-2024-1234`.
    package let id: String
    package let package: String
    package let version: String
    package let severity: Severity
    /// The versions that mend it, as the scanner names them; empty where none is known.
    package let fixedVersion: String

    package var isFixable: Bool { !fixedVersion.isEmpty }
  }

  /// The scanner's name.
  package let scanner: String
  /// The images that the report is about, as it names them: tags and digests.
  package let images: [String]
  /// Each once, the worst first.
  package let vulnerabilities: [Vulnerability]

  init(scanner: String, images: [String], found: [Vulnerability]) {
    self.scanner = scanner
    var seen = Set<String>()
    self.images = images.filter { !$0.isEmpty && seen.insert($0).inserted }
    var known: [String: Vulnerability] = [:]
    for entry in found {
      let key = "\(entry.id)\u{0}\(entry.package)\u{0}\(entry.version)"
      if let before = known[key], before.severity >= entry.severity { continue }
      known[key] = entry
    }
    vulnerabilities = known.values.sorted {
      ($1.severity.rawValue, $0.id, $0.package, $0.version)
        < ($0.severity.rawValue, $1.id, $1.package, $1.version)
    }
  }

  /// Those that are so bad or worse.
  package func count(from severity: Severity) -> Int {
    vulnerabilities.count { $0.severity >= severity }
  }

  package func count(_ severity: Severity) -> Int {
    vulnerabilities.count { $0.severity == severity }
  }

  package func fixable(_ severity: Severity) -> Int {
    vulnerabilities.count { $0.severity == severity && $0.isFixable }
  }
}

/// Why a scan report cannot be read.
package struct ScanProblem: Error, Sendable, Hashable {
  package let text: String
}
