import YAML

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
    /// A version that mends it is known.
    package let isFixable: Bool
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

extension ScanReport {
  /// Reads the JSON of Trivy, Grype or twistcli, or SARIF; which one it is shows in its members. A report may be about several
  /// images.
  package static func read(_ bytes: [UInt8]) throws(ScanProblem) -> [ScanReport] {
    let document: JSON
    do throws(JSON.Problem) { document = try JSON.read(bytes) } catch {
      throw ScanProblem(text: "no JSON: \(error.text)")
    }
    if document["Results"] != nil || document["SchemaVersion"] != nil { return [trivy(document)] }
    if document["matches"] != nil { return [grype(document)] }
    if document["runs"] != nil { return sarif(document) }
    if document["results"] != nil { return twistcli(document) }
    throw ScanProblem(
      text:
        "neither a report of Trivy, Grype or twistcli nor SARIF: it has no Results, matches, results or runs"
    )
  }

  /// `trivy image --format json`.
  private static func trivy(_ document: JSON) -> ScanReport {
    let metadata = document["Metadata"]
    let names =
      [document["ArtifactName"]?.text ?? ""]
      + (metadata?["RepoTags"]?.items.compactMap(\.text) ?? [])
      + (metadata?["RepoDigests"]?.items.compactMap(\.text) ?? [])
    var found: [Vulnerability] = []
    for result in document["Results"]?.items ?? [] {
      for entry in result["Vulnerabilities"]?.items ?? [] {
        found.append(
          Vulnerability(
            id: entry["VulnerabilityID"]?.text ?? "", package: entry["PkgName"]?.text ?? "",
            version: entry["InstalledVersion"]?.text ?? "",
            severity: Severity(word: entry["Severity"]?.text ?? ""),
            isFixable: entry["FixedVersion"]?.text?.isEmpty == false))
      }
    }
    return ScanReport(scanner: "Trivy", images: names, found: found)
  }

  /// `grype --output json`.
  private static func grype(_ document: JSON) -> ScanReport {
    let target = document["source"]?["target"]
    let names =
      [target?["userInput"]?.text ?? target?.text ?? ""]
      + (target?["tags"]?.items.compactMap(\.text) ?? [])
      + (target?["repoDigests"]?.items.compactMap(\.text) ?? [])
    let found = (document["matches"]?.items ?? []).map { entry in
      Vulnerability(
        id: entry["vulnerability"]?["id"]?.text ?? "",
        package: entry["artifact"]?["name"]?.text ?? "",
        version: entry["artifact"]?["version"]?.text ?? "",
        severity: Severity(word: entry["vulnerability"]?["severity"]?.text ?? ""),
        isFixable: entry["vulnerability"]?["fix"]?["state"]?.text == "fixed")
    }
    return ScanReport(scanner: "Grype", images: names, found: found)
  }

  /// `twistcli images scan --output-file`, of Prisma Cloud.
  private static func twistcli(_ document: JSON) -> [ScanReport] {
    (document["results"]?.items ?? []).map { result in
      let found = (result["vulnerabilities"]?.items ?? []).map { entry in
        let status = entry["status"]?.text?.lowercased() ?? ""
        return Vulnerability(
          id: entry["id"]?.text ?? "", package: entry["packageName"]?.text ?? "",
          version: entry["packageVersion"]?.text ?? "",
          severity: Severity(word: entry["severity"]?.text ?? ""),
          isFixable: status.hasPrefix("fixed in"))
      }
      return ScanReport(
        scanner: "twistcli",
        images: [result["name"]?.text ?? ""] + (result["repoTag"]?.text.map { [$0] } ?? []),
        found: found)
    }
  }

  /// SARIF 2.1.0. The severity is the rule's `security-severity`, or the level.
  private static func sarif(_ document: JSON) -> [ScanReport] {
    (document["runs"]?.items ?? []).map { run in
      let driver = run["tool"]?["driver"]
      var rules: [String: JSON] = [:]
      for rule in driver?["rules"]?.items ?? [] {
        if let id = rule["id"]?.text { rules[id] = rule }
      }
      let properties = run["properties"]
      let names =
        [properties?["imageName"]?.text ?? ""]
        + (properties?["repoTags"]?.items.compactMap(\.text) ?? [])
        + (properties?["repoDigests"]?.items.compactMap(\.text) ?? [])
      let found = (run["results"]?.items ?? []).map { result in
        vulnerability(result, rules[result["ruleId"]?.text ?? ""])
      }
      return ScanReport(scanner: driver?["name"]?.text ?? "SARIF", images: names, found: found)
    }
  }

  private static func vulnerability(_ result: JSON, _ rule: JSON?) -> Vulnerability {
    let message = result["message"]?["text"]?.text ?? ""
    let properties = rule?["properties"]
    var severity = Severity.unknown
    if let text = properties?["security-severity"]?.text, let score = Double(text) {
      severity = Severity(score: score)
    } else if let tag = properties?["tags"]?.items.compactMap(\.text).map(Severity.init(word:))
      .max(),
      tag != .unknown
    {
      severity = tag
    } else {
      switch result["level"]?.text ?? rule?["defaultConfiguration"]?["level"]?.text {
      case "error": severity = .high
      case "warning": severity = .medium
      case "note": severity = .low
      default: break
      }
    }
    let fixed = value("Fixed Version", in: message)
    let location = result["locations"]?.items.first?["physicalLocation"]?["artifactLocation"]?[
      "uri"]?.text
    return Vulnerability(
      id: result["ruleId"]?.text ?? "", package: value("Package", in: message) ?? location ?? "",
      version: value("Installed Version", in: message) ?? "", severity: severity,
      isFixable: fixed.map { !$0.isEmpty } ?? false)
  }

  /// What stands behind `name:` on a line of a message.
  private static func value(_ name: String, in message: String) -> String? {
    for line in message.split(separator: "\n") where line.hasPrefix("\(name):") {
      let rest = line.dropFirst(name.count + 1).drop(while: \.isWhitespace)
      return String(rest)
    }
    return nil
  }
}
