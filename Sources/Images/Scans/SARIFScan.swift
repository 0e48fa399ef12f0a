import YAML

/// SARIF 2.1.0 as scanners of images write it: a rule is a vulnerability (Trivy), or one of a package (Grype).
///
/// The severity is the rule's `security-severity`, which GitHub asks for, or a tag, or the level. What else there is to know
/// of a package stands in the message and the rule's help, a line each: `Installed Version: 1.2`, `Fix Version: 1.3`.
enum SARIFScan {
  static func reports(_ document: JSON) throws(ScanProblem) -> [ScanReport] {
    var reports: [ScanReport] = []
    var other = 0
    for run in document["runs"]?.items ?? [] {
      let driver = run["tool"]?["driver"]
      var rules: [String: JSON] = [:]
      for rule in driver?["rules"]?.items ?? [] {
        if let id = rule["id"]?.text { rules[id] = rule }
      }
      let results = (run["results"]?.items ?? []).filter {
        $0["suppressions"]?.items.isEmpty ?? true
      }
      let vulnerabilities = results.filter { isVulnerability($0, rules[$0["ruleId"]?.text ?? ""]) }
      other += results.count - vulnerabilities.count
      // A report of something else, as of a linter, is none of an image without vulnerabilities.
      if vulnerabilities.isEmpty, !results.isEmpty { continue }
      reports.append(
        ScanReport(
          scanner: driver?["name"]?.text ?? "SARIF", images: names(run, results),
          found: vulnerabilities.map { vulnerability($0, rules[$0["ruleId"]?.text ?? ""]) }))
    }
    if reports.isEmpty {
      throw ScanProblem(
        text: other == 0
          ? "its list of runs is empty" : "it is SARIF, and none of its results is a vulnerability")
    }
    return reports
  }

  private static let prefixes = [
    "CVE-", "GHSA-", "ALAS", "DLA-", "DSA-", "ELSA-", "RHSA-", "USN-", "TEMP-", "PYSEC-",
    "RUSTSEC-",
    "GO-", "SNYK-", "GMS-", "PRISMA-",
  ]

  private static func isVulnerability(_ result: JSON, _ rule: JSON?) -> Bool {
    let id = result["ruleId"]?.text ?? ""
    if prefixes.contains(where: { id.hasPrefix($0) }) { return true }
    let properties = rule?["properties"]
    return properties?["security-severity"] != nil
      || properties?["tags"]?.items.contains { $0.text == "vulnerability" } == true
  }

  /// Trivy says it in properties of the run, Grype in front of each place: `shop/web:1@sha256:…:/usr/bin/x`.
  private static func names(_ run: JSON, _ results: [JSON]) -> [String] {
    let properties = run["properties"]
    var names =
      [properties?["imageName"]?.text ?? ""]
      + (properties?["repoTags"]?.items.compactMap(\.text) ?? [])
      + (properties?["repoDigests"]?.items.compactMap(\.text) ?? [])
    for result in results {
      for location in result["locations"]?.items ?? [] {
        for place in location["logicalLocations"]?.items ?? [] {
          guard let name = place["fullyQualifiedName"]?.text,
            let at = name.firstRange(of: "@sha256:")
          else { continue }
          let image = String(name[..<at.lowerBound])
          if !names.contains(image) { names.append(image) }
        }
      }
    }
    return names
  }

  private static func vulnerability(_ result: JSON, _ rule: JSON?) -> ScanReport.Vulnerability {
    let texts = [result["message"]?["text"]?.text ?? "", rule?["help"]?["text"]?.text ?? ""]
    func value(_ names: String...) -> String? {
      for text in texts {
        for name in names { if let found = Self.value(name, in: text) { return found } }
      }
      return nil
    }
    let location = result["locations"]?.items.first?["physicalLocation"]?["artifactLocation"]
    return ScanReport.Vulnerability(
      id: result["ruleId"]?.text ?? "",
      package: value("Package") ?? location?["uri"]?.text ?? "",
      version: value("Installed Version", "Version") ?? "", severity: severity(result, rule),
      fixedVersion: value("Fixed Version", "Fix Version") ?? "")
  }

  private static func severity(_ result: JSON, _ rule: JSON?) -> ScanReport.Severity {
    let properties = rule?["properties"]
    if let score = properties?["security-severity"]?.text.flatMap(Double.init)
      ?? properties?["security-severity"]?.number
    {
      return ScanReport.Severity(score: score)
    }
    let tags = properties?["tags"]?.items.compactMap(\.text) ?? []
    if let tag = tags.map(ScanReport.Severity.init(word:)).max(), tag != .unknown { return tag }
    switch result["level"]?.text ?? rule?["defaultConfiguration"]?["level"]?.text {
    case "error": return .high
    case "warning": return .medium
    case "note": return .low
    default: return .unknown
    }
  }

  /// What stands behind `name:` on a line of a text; nil where there is no such line.
  private static func value(_ name: String, in text: String) -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix("\(name):") {
      let rest = line.dropFirst(name.count + 1).drop(while: \.isWhitespace)
      return rest.isEmpty ? nil : String(rest)
    }
    return nil
  }
}
