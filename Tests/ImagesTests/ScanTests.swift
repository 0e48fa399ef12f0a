import Images
import Report
import TestSupport
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

  /// Grype's SARIF: the image is in front of each place, the fix in the rule's help.
  @Test func sarifOfGrype() throws {
    let report = try Self.read(
      #"""
      {"runs": [{"tool": {"driver": {"name": "grype", "rules": [
        {"id": "CVE-1-libc", "properties": {"security-severity": "7.5"},
         "help": {"text": "Vulnerability CVE-1\nSeverity: high\nPackage: libc\nVersion: 1.1\nFix Version: 1.2\nType: deb"}}]}},
        "results": [{"ruleId": "CVE-1-libc", "message": {"text": "A high vulnerability"}, "locations": [
          {"logicalLocations": [{"fullyQualifiedName": "shop/web:1@sha256:ab:/lib/libc.so"}]}]},
         {"ruleId": "CVE-2-libc", "suppressions": [{"kind": "external"}]}]}]}
      """#)
    #expect(report.images == ["shop/web:1"])
    #expect(report.vulnerabilities.map(\.severity) == [.high])
    #expect(report.vulnerabilities[0].package == "libc")
    #expect(report.vulnerabilities[0].fixedVersion == "1.2")
  }

  /// Trivy's list of before 2021.
  @Test func oldTrivy() throws {
    let report = try Self.read(
      #"[{"Target": "alpine:3.10 (alpine 3.10.2)", "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "Severity": "HIGH"}]}]"#
    )
    #expect(report.images == ["alpine:3.10"])
    #expect(report.count(from: .medium) == 1 && report.count(from: .critical) == 0)
  }

  @Test func beforeAndAfter() {
    func version(_ name: String?, _ file: Int, isRun: Bool = false) -> ImageVersion {
      ImageVersion(names: name.map { [$0] } ?? [], file: file, isRun: isRun)
    }
    func shown(_ versions: [ImageVersion]) -> String {
      successions(versions).map { "\($0.before.map { "\($0)" } ?? "-")\($0.isReplaced ? "r" : "")" }
        .joined(separator: " ")
    }
    #expect(
      shown([version("a:1", 0), version("b:1", 1), version("docker.io/library/a:2", 2)]) == "-r - 0"
    )
    // The stack still runs the one before.
    #expect(shown([version("a:1", 0, isRun: true), version("a:2", 1)]) == "- 0")
    #expect(shown([version("a:1", 0, isRun: true), version("a:1", 1, isRun: true)]) == "-r 0")
    // One archive that holds both is no comparison; two without names are.
    #expect(shown([version("a:1", 0), version("a:2", 0)]) == "- -")
    #expect(shown([version(nil, 0), version("a:2", 1)]) == "-r 0")
    #expect(shown([version(nil, 0), version("a:2", 1), version(nil, 2)]) == "- - -")
  }

  @Test func othersAreRefused() {
    // A linter's SARIF is no report of an image without vulnerabilities.
    let linter =
      #"{"runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"ruleId": "DL3006"}]}]}"#
    for text in ["", "{}", "[]", "{\"a\": 1}", "no json", linter, #"{"runs": []}"#] {
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
