import Delivery
import Foundation
import Mapping
import Report
import Stack
import Swarm
import TestSupport
import Testing
import Validation

/// Would Kubernetes accept these manifests, whoever wrote them?
@Suite struct ManifestCheckTests {
  private func check(
    _ files: [String: String], minor: Int = 36, at path: String = "k8s"
  ) -> (check: ManifestCheck, problems: [FileProblem]) {
    var check = ManifestCheck(minor: minor)
    let problems = check.check(at: path, folder(files))
    check.finish()
    return (check, problems)
  }

  /// A file system of these files.
  private func folder(_ files: [String: String]) -> Files {
    Files(
      read: { path in
        files[path].map { .success(Array($0.utf8)) }
          ?? .failure(FileProblem(path: path, reason: "no such file"))
      },
      list: { path in
        Set(
          files.keys.filter { $0.hasPrefix(path + "/") }
            .compactMap {
              $0.dropFirst(path.count + 1).split(separator: "/").first.map(String.init)
            }
        ).sorted()
      },
      kind: { path in
        if files[path] != nil { return .file }
        return files.keys.contains { $0.hasPrefix(path + "/") } ? .directory : .missing
      })
  }

  private func map(_ name: String) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name)}\n"
  }

  // MARK: Goldens

  @Test(arguments: ["fields", "rules", "versions"])
  func brokenManifests(name: String) throws {
    var check = ManifestCheck(minor: 30)
    check.check("\(name).yaml", try Testdata.bytes("manifests/broken/\(name).yaml"))
    check.finish()
    let text = check.findings.map { $0.render(color: false) }.joined()
    // Values of secrets, and of variables, are nowhere.
    for secret in ["hunter2", "4711"] { #expect(!text.contains(secret)) }
    try Golden.check(text, "manifests/broken/\(name).txt")
  }

  @Test(arguments: [30, 33, 36])
  func soundManifests(minor: Int) throws {
    var check = ManifestCheck(minor: minor)
    check.check("all.yaml", try Testdata.bytes("manifests/sound/all-kinds.yaml"))
    check.finish()
    #expect(check.findings.filter { $0.severity != .note }.map(\.text) == [])
    #expect(check.checked == 29)
    #expect(check.unknownKinds.isEmpty)
  }

  // MARK: Places

  @Test func placesAreExact() throws {
    let text = Markers(
      """
      # first
      ---
      ---
      # only a comment
      --- # and one more
      apiVersion: v1
      kind: Service
      metadata: {name: wéb, 1️⃣lables: {}}
      spec:
        ports:
          - port: 2️⃣"80"
          - {port: 81, 3️⃣nam: x}
      """)
    let found = check(["k8s/a.yaml": text.text]).check.findings
    func has(_ slug: String, _ marker: Int) -> Bool {
      found.contains {
        $0.slug == slug && $0.line == text[marker].line && $0.column == text[marker].column
      }
    }
    #expect(has("manifest/unknown-field", 1))
    #expect(has("manifest/type", 2))
    #expect(has("manifest/unknown-field", 3))
    #expect(found.contains { $0.slug == "manifest/name" && $0.line == text[1].line })
  }

  @Test func jsonHasPlacesToo() {
    let text = """
      {"apiVersion": "v1", "kind": "ConfigMap",
       "metadata": {"name": "a"},
       "data": {"a": 1}}
      """
    let found = check(["k8s/a.json": text]).check.findings
    #expect(found.map(\.slug) == ["manifest/type"])
    #expect(found.first?.line == 3)
    #expect(found.first?.column == 16)
  }

  // MARK: What Kubernetes reads

  /// sigs.k8s.io/yaml reads YAML 1.1.
  @Test(arguments: [
    ("yes", false), ("on", false), ("n", false), ("\"yes\"", true), ("2024-01-01", true),
    ("8080", false),
    ("0x1F", false), ("1e3", false), ("1_000", false), ("12:30", true), ("~", true),
    ("|\n    8080", true),
    ("!!str 8080", true), ("null", true),
  ])
  func textInConfigMaps(value: String, isText: Bool) {
    let found = check(["k8s/a.yaml": map("a") + "data:\n  a: \(value)\n"]).check.findings
    #expect(found.map(\.slug) == (isText ? [] : ["manifest/type"]), "\(value)")
  }

  @Test(arguments: [
    ("cpu: 1", true), ("cpu: 0.5", true), ("cpu: \"1\"", true), ("memory: 1Gi", true),
    ("memory: 1e3", true),
    ("memory: 1GB", false), ("cpu: true", false), ("memory: 512 Mi", false),
  ])
  func quantities(limit: String, isFine: Bool) {
    let pod = """
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec: {containers: [{name: a, image: b, resources: {limits: {\(limit)}}}]}
      """
    #expect(check(["k8s/a.yaml": pod]).check.findings.isEmpty == isFine, "\(limit)")
  }

  @Test func fieldsComeAndGoWithTheVersion() {
    let pod = """
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec: {hostnameOverride: b, containers: [{name: a, image: b}]}
      """
    #expect(check(["k8s/a.yaml": pod], minor: 34).check.findings.isEmpty)
    let older = check(["k8s/a.yaml": pod], minor: 33).check.findings
    #expect(older.map(\.slug) == ["manifest/newer-version"])
    #expect(older.first?.message == "hostnameOverride is there from 1.34 on; the target is 1.33")
  }

  // MARK: Folders

  @Test func foldersAreWalked() {
    let (check, problems) = check([
      "k8s/a.yaml": map("a"), "k8s/sub/b.yml": map("b"), "k8s/sub/c.json": "[]",
      "k8s/readme.md": "x: [",
      "k8s/.git/d.yaml": "x: [", "k8s/empty.yaml": "# nothing\n---\n",
    ])
    #expect(problems.isEmpty)
    #expect(check.checked == 2)
    #expect(check.files == ["k8s/a.yaml", "k8s/empty.yaml", "k8s/sub/b.yml", "k8s/sub/c.json"])
    #expect(check.findings.map(\.file) == ["k8s/sub/c.json"])
    #expect(check.leftAlone.map(\.file) == ["k8s/empty.yaml"])
    #expect(self.check([:], at: "gone").problems.map(\.path) == ["gone"])
  }

  @Test func kustomizationsAndChartsAreNamed() {
    let (check, _) = check([
      "k8s/kustomization.yaml": "resources: [a.yaml]\npatches: [{path: ./patch.yaml}]\n",
      "k8s/a.yaml": map("a"), "k8s/patch.yaml": "spec: {replicas: 2}",
      "k8s/chart/Chart.yaml": "name: x", "k8s/chart/templates/a.yaml": "{{ if .Values.x }}",
      "k8s/helm/a.yaml": "metadata:\n  name: {{ .Release.Name }}\n",
    ])
    #expect(check.findings.isEmpty)
    #expect(check.checked == 1)
    #expect(
      check.leftAlone.map(\.file) == [
        "k8s/kustomization.yaml", "k8s/chart", "k8s/helm/a.yaml", "k8s/patch.yaml",
      ])
  }

  @Test func unknownKindsAreCounted() {
    let (check, _) = check([
      "k8s/a.yaml":
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n---\n"
        + "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: b}\n",
      "k8s/b.yaml":
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\nspec: {parentRefs: [{name: x}]}\n",
    ])
    #expect(check.findings.isEmpty)
    #expect(check.unknownKinds == ["example.com/v1 Thing": 2])
    #expect(check.partlyKnown == ["gateway.networking.k8s.io/v1 HTTPRoute": 1])
  }

  // MARK: Between manifests

  @Test func whatIsBetweenThem() {
    let (check, _) = check([
      "k8s/a.yaml": map("a"), "k8s/b.yaml": map("a"),
      "k8s/pod.yaml": """
      apiVersion: v1
      kind: Pod
      metadata: {name: p, labels: {app: p}}
      spec:
        containers:
          - name: p
            image: q
            envFrom:
              - configMapRef: {name: b}
              - configMapRef: {name: a}
              - secretRef: {name: gone, optional: true}
      """,
      "k8s/service.yaml": """
      apiVersion: v1
      kind: Service
      metadata: {name: p}
      spec: {selector: {app: p}, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: q}
      spec: {selector: {app: q}, ports: [{port: 80}]}
      """,
    ])
    let found = check.findings.map { "\($0.file):\($0.line) \($0.severity.rawValue) \($0.slug)" }
    #expect(
      found == [
        "k8s/b.yaml:3 error manifest/duplicate-object",
        "k8s/pod.yaml:9 note manifest/dangling-reference",
        "k8s/service.yaml:9 warning manifest/selector",
      ])
  }

  // MARK: Hostile input

  @Test func hostileTextEnds() {
    let bomb =
      "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
      + (0..<12).map { n in
        let (name, last) = (
          String(UnicodeScalar(98 + UInt8(n))), String(UnicodeScalar(97 + UInt8(n)))
        )
        return "\(name): &\(name) ["
          + Array(repeating: "*\(last)", count: 10).joined(separator: ",") + "]\n"
      }.joined()
    for text in [
      bomb, String(repeating: "[", count: 100_000), String(repeating: "%a\n", count: 10_000),
      "\u{0}\u{1}", "a: b: c", "kind: [\napiVersion: {}", "- - - -", "? a\n: b",
    ] {
      let (check, _) = check(["k8s/a.yaml": text])
      #expect(!check.findings.isEmpty)
    }
    // Values where nothing of the kind can be.
    for text in [
      "apiVersion: v1\nkind: Pod\nmetadata: []\nspec: [{}]", "apiVersion: v1\nkind: List\nitems: 3",
      "apiVersion: [v1]\nkind: {a: b}",
      "apiVersion: v1\nkind: Service\nmetadata: {name: 3}\nspec: {ports: {a: b}}",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [[], 3, null, {env: {}}]}",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, name: b}\n",
    ] {
      #expect(!check(["k8s/a.yaml": text]).check.findings.isEmpty, "\(text)")
    }
  }

  @Test func pageIsUpToDate() throws {
    let file = Testdata.root.appending(path: "docs/manifests.md")
    let isSame = (try? String(contentsOf: file, encoding: .utf8)) == ManifestPage.markdown
    #expect(isSame, "docs/manifests.md is out of date, run make docs")
  }

  @Test func rulesAreExplained() {
    #expect(ManifestPage.explanation("manifest/unknown-field")?.contains("strict") == true)
    #expect(ManifestPage.explanation("manifest/nothing") == nil)
  }
}
