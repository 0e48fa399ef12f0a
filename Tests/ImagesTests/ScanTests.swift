import Images
import Testing

/// The reports of the scanners, each in its own words.
@Suite struct ScanTests {
  @Test func trivy() throws {
    let report = try Self.read(
      #"""
      {"SchemaVersion": 2, "ArtifactName": "nginx:1.27", "Metadata": {"RepoDigests": ["nginx@sha256:ab"]},
       "Results": [{"Target": "debian", "Vulnerabilities": [
        {"VulnerabilityID": "CVE-1", "PkgName": "zlib", "InstalledVersion": "1", "FixedVersion": "2", "Severity": "CRITICAL"},
        {"VulnerabilityID": "CVE-1", "PkgName": "zlib", "InstalledVersion": "1", "FixedVersion": "2", "Severity": "CRITICAL"},
        {"VulnerabilityID": "CVE-2", "PkgName": "bash", "InstalledVersion": "5", "Severity": "LOW"}]},
        {"Target": "app"}]}
      """#)
    #expect(report.scanner == "Trivy")
    #expect(report.images == ["nginx:1.27", "nginx@sha256:ab"])
    #expect(report.vulnerabilities.map(\.id) == ["CVE-1", "CVE-2"])
    #expect(report.count(.critical) == 1)
    #expect(report.fixable(.critical) == 1)
    #expect(report.fixable(.low) == 0)
  }

  @Test func grype() throws {
    let report = try Self.read(
      #"""
      {"matches": [
        {"vulnerability": {"id": "CVE-3", "severity": "High", "fix": {"state": "fixed", "versions": ["2"]}}, "artifact": {"name": "a", "version": "1"}},
        {"vulnerability": {"id": "CVE-4", "severity": "Negligible", "fix": {"state": "wont-fix"}}, "artifact": {"name": "b", "version": "1"}}],
       "source": {"type": "image", "target": {"userInput": "shop/api:1", "tags": ["shop/api:1"]}}}
      """#)
    #expect(report.scanner == "Grype")
    #expect(report.images == ["shop/api:1"])
    #expect(report.vulnerabilities.map(\.severity) == [.high, .low])
    #expect(report.fixable(.high) == 1)
  }

  @Test func twistcli() throws {
    let report = try Self.read(
      #"""
      {"results": [{"id": "sha256:x", "name": "shop/web:2", "vulnerabilities": [
        {"id": "CVE-5", "status": "fixed in 1.2", "severity": "critical", "packageName": "p", "packageVersion": "1"},
        {"id": "CVE-6", "status": "needed", "severity": "moderate", "packageName": "q", "packageVersion": "1"}]}],
       "consoleURL": "x"}
      """#)
    #expect(report.scanner == "twistcli")
    #expect(report.images == ["shop/web:2"])
    #expect(report.count(.critical) == 1 && report.fixable(.critical) == 1)
    #expect(report.count(.medium) == 1 && report.fixable(.medium) == 0)
  }

  @Test func sarif() throws {
    let report = try Self.read(
      #"""
      {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy", "rules": [
        {"id": "CVE-7", "properties": {"security-severity": "9.8"}},
        {"id": "CVE-8", "properties": {"tags": ["vulnerability", "HIGH"]}}]}},
        "results": [
         {"ruleId": "CVE-7", "level": "error", "message": {"text": "Package: x\nInstalled Version: 1\nVulnerability CVE-7\nFixed Version: 2"}},
         {"ruleId": "CVE-8", "level": "error", "message": {"text": "Package: y\nFixed Version: "}},
         {"ruleId": "CVE-9", "level": "note", "message": {"text": ""}}],
        "properties": {"imageName": "shop/db:1"}}]}
      """#)
    #expect(report.images == ["shop/db:1"])
    #expect(report.vulnerabilities.map(\.severity) == [.critical, .high, .low])
    #expect(report.vulnerabilities.map(\.isFixable) == [true, false, false])
    #expect(report.vulnerabilities[0].package == "x")
  }

  @Test func othersAreRefused() {
    for text in ["", "{}", "[]", "{\"a\": 1}", "no json"] {
      #expect(throws: ScanProblem.self) { try ScanReport.read(Array(text.utf8)) }
    }
    // However deep.
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: ScanProblem.self) { try ScanReport.read(Array(deep.utf8)) }
  }

  @Test(arguments: [
    ("nginx:1.27", "docker.io/library/nginx:1.27", true), ("nginx", "nginx:latest", true),
    ("shop/api:1", "index.docker.io/shop/api:1", true), ("shop/api:1", "shop/api:2", false),
    ("r.example.com/shop/api:1", "shop/api:1", false), ("", "", false),
  ])
  func names(_ left: String, _ right: String, _ isSame: Bool) {
    #expect(namesSameImage(left, right) == isSame)
  }

  private static func read(_ text: String) throws -> ScanReport {
    try #require(try ScanReport.read(Array(text.utf8)).first)
  }
}
