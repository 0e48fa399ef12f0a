import YAML

extension ScanReport {
  /// Reads the JSON of Trivy, Grype or twistcli, or SARIF; which one it is shows in its members. A report may be about several
  /// images.
  package static func read(_ bytes: [UInt8]) throws(ScanProblem) -> [ScanReport] {
    let document: JSON
    do throws(JSON.Problem) { document = try JSON.read(bytes) } catch {
      throw ScanProblem(text: "it is no JSON: \(error.text)")
    }
    if document["Results"] != nil || document["SchemaVersion"] != nil { return [trivy(document)] }
    if document["matches"] != nil { return [grype(document)] }
    if document["runs"] != nil { return try SARIFScan.reports(document) }
    if document["results"] != nil { return twistcli(document) }
    if document.items.contains(where: { $0["Target"] != nil }) {
      return [trivy(results: document.items)]
    }
    throw ScanProblem(
      text:
        "it is neither a report of Trivy, Grype or twistcli nor SARIF: it has no Results, matches, results or runs"
    )
  }

  /// `trivy image --format json`.
  private static func trivy(_ document: JSON) -> ScanReport {
    let metadata = document["Metadata"]
    let names =
      [document["ArtifactName"]?.text ?? ""]
      + (metadata?["RepoTags"]?.items.compactMap(\.text) ?? [])
      + (metadata?["RepoDigests"]?.items.compactMap(\.text) ?? [])
    return trivy(results: document["Results"]?.items ?? [], names: names)
  }

  /// Before its schema had a version, Trivy wrote the results alone: `{"Target": "alpine:3.10 (alpine 3.10.2)", …}`.
  private static func trivy(results: [JSON], names: [String] = []) -> ScanReport {
    var names = names
    if names.isEmpty {
      names = results.compactMap { $0["Target"]?.text }.filter { $0.contains(" (") }
        .map { String($0.prefix { $0 != " " }) }
    }
    var found: [Vulnerability] = []
    for result in results {
      for entry in result["Vulnerabilities"]?.items ?? [] {
        found.append(
          Vulnerability(
            id: entry["VulnerabilityID"]?.text ?? "", package: entry["PkgName"]?.text ?? "",
            version: entry["InstalledVersion"]?.text ?? "",
            severity: Severity(word: entry["Severity"]?.text ?? ""),
            fixedVersion: entry["FixedVersion"]?.text ?? ""))
      }
    }
    return ScanReport(scanner: "Trivy", images: names, found: found)
  }

  /// `grype --output json`. What it was told to ignore is in a list of its own.
  private static func grype(_ document: JSON) -> ScanReport {
    let target = document["source"]?["target"]
    let names =
      [target?["userInput"]?.text ?? target?.text ?? ""]
      + (target?["tags"]?.items.compactMap(\.text) ?? [])
      + (target?["repoDigests"]?.items.compactMap(\.text) ?? [])
    let found = (document["matches"]?.items ?? []).map { entry in
      let fix = entry["vulnerability"]?["fix"]
      let versions = fix?["versions"]?.items.compactMap(\.text) ?? []
      return Vulnerability(
        id: entry["vulnerability"]?["id"]?.text ?? "",
        package: entry["artifact"]?["name"]?.text ?? "",
        version: entry["artifact"]?["version"]?.text ?? "",
        severity: Severity(word: entry["vulnerability"]?["severity"]?.text ?? ""),
        fixedVersion: fix?["state"]?.text == "fixed"
          ? (versions.isEmpty ? "a later version" : versions.joined(separator: ", ")) : "")
    }
    return ScanReport(scanner: "Grype", images: names, found: found)
  }

  /// `twistcli images scan --output-file`, of Prisma Cloud. The status is `fixed in 1.2, 1.1.9`, `needed`, `deferred`, ….
  private static func twistcli(_ document: JSON) -> [ScanReport] {
    (document["results"]?.items ?? []).map { result in
      let found = (result["vulnerabilities"]?.items ?? []).map { entry in
        let status = entry["status"]?.text ?? ""
        let isFixed = status.lowercased().hasPrefix("fixed in")
        return Vulnerability(
          id: entry["id"]?.text ?? "", package: entry["packageName"]?.text ?? "",
          version: entry["packageVersion"]?.text ?? "",
          severity: Severity(word: entry["severity"]?.text ?? ""),
          fixedVersion: isFixed
            ? String(status.dropFirst("fixed in".count).drop(while: \.isWhitespace)) : "")
      }
      return ScanReport(scanner: "twistcli", images: [result["name"]?.text ?? ""], found: found)
    }
  }
}
