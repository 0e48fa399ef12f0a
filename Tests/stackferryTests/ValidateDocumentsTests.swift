import Foundation
import TestSupport
import Testing

/// `validate` of manifests, and its documents for other programs.
struct ValidateDocumentsTests {
  private func validate(_ scratch: Scratch, _ arguments: String...) throws -> Program.Result {
    try Program.run(["validate", "-c", "stack.yml", "shop"] + arguments, in: scratch.url)
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// New, known and accepted findings, drift and a refused manifest, in each of the documents.
  @Test func documentsKnowTheStates() throws {
    let scratch = try Scratch()
    let known = "services:\n  web:\n    image: nginx:1.27\n    logging: {driver: syslog}\n"
    try scratch.write(known, to: "stack.yml")
    #expect(try validate(scratch, "--baseline", "b.json", "--write-baseline").status == 0)
    #expect(try Program.run(["convert", "shop", "-o", "k8s"], in: scratch.url).status == 0)
    try scratch.write(
      known
        + "  api:\n    image: api:1\n    # stackferry: accept logging/driver: Loki collects\n"
        + "    logging: {driver: gelf}\n  job:\n    image: job:1\n    logging: {driver: fluentd}\n",
      to: "stack.yml")
    try scratch.write(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\ndta: {a: b}\n", to: "k8s/mine.yaml")
    let arguments = ["--manifests", "k8s", "--baseline", "b.json", "--format"]
    func run(_ format: String) throws -> String {
      let result = try Program.run(
        ["validate", "-c", "stack.yml", "shop"] + arguments + [format], in: scratch.url)
      #expect(result.status == 1, "\(result.error)")
      return result.out
    }
    let log = try json(run("sarif"))
    let results = try #require(
      ((log["runs"] as? [[String: Any]])?.first)?["results"] as? [[String: Any]])
    let logging = results.filter { $0["ruleId"] as? String == "logging/driver" }
    #expect(logging.map { $0["baselineState"] as? String } == ["unchanged", "new", "unchanged"])
    let suppressions = logging.compactMap { $0["suppressions"] as? [[String: Any]] }.joined()
    let suppression = try #require(suppressions.first)
    #expect(suppression["justification"] as? String == "Loki collects")
    #expect(suppression["kind"] as? String == "inSource")
    #expect(results.contains { $0["ruleId"] as? String == "drift/missing" })
    let refused = try #require(
      results.first { $0["ruleId"] as? String == "manifest/unknown-field" })
    let place = try #require(
      ((refused["locations"] as? [[String: Any]])?.first)?["physicalLocation"] as? [String: Any])
    #expect((place["artifactLocation"] as? [String: Any])?["uri"] as? String == "k8s/mine.yaml")
    let region = try #require(place["region"] as? [String: Any])
    #expect(region["startLine"] as? Int == 4)
    #expect(region["startColumn"] as? Int == 1)
    #expect(region["endColumn"] as? Int == 4)

    let suites = try run("junit")
    #expect(
      suites.contains(
        "<skipped type=\"accepted\" message=\"accepted at stack.yml:7:5: Loki collects\"/>"))
    #expect(suites.contains("<skipped type=\"baseline\""))
    #expect(suites.contains("k8s/mine.yaml:4:1: error: ConfigMap/mine: dta: unknown field"))
    #expect(
      suites.contains("<testcase classname=\"manifests\" name=\"k8s/00-namespace-shop.yaml\"/>"))

    let document = try json(run("json"))
    #expect(document["verdict"] as? String == "fail")
    let findings = try #require(document["findings"] as? [[String: Any]])
    let states = findings.filter { $0["rule"] as? String == "logging/driver" }
    #expect(states.map { $0["state"] as? String } == ["accepted", "failing", "known"])
  }

  @Test func manifestsAlone() throws {
    let scratch = try Scratch()
    try scratch.write(
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  prts: []\n",
      to: "deploy/web.yaml")
    func alone(_ arguments: String...) throws -> Program.Result {
      try Program.run(["validate"] + arguments, in: scratch.url)
    }
    let found = try alone("--manifests", "deploy")
    #expect(found.status == 1)
    #expect(
      found.out.contains(
        "deploy/web.yaml:5:3: error: Service/web: spec.prts: unknown field \"prts\" [manifest/unknown-field]"
      ))
    #expect(found.out.contains("did you mean \"ports\"?"))
    #expect(found.out.contains("    5 |   prts: []\n      |   ^~~~\n"))
    #expect(found.error.contains("1 object in 1 file checked against Kubernetes 1.36: 2 errors"))
    #expect(
      try alone("--manifests", "deploy/web.yaml", "--kubernetes", "1.30").error.contains("1.30"))
    #expect(try alone("--manifests", "gone").status == 2)
    #expect(try alone("--manifests-only").status == 64)
    try scratch.write("kind: [", to: "deploy/broken.yaml")
    #expect(try alone("--manifests", "deploy").status == 2)
    // A stack that is here is read, unless asked otherwise.
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    try scratch.write(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", to: "good/a.yaml")
    #expect(try alone("--manifests", "good").status == 1)
    #expect(try alone("--manifests", "good", "--manifests-only").status == 0)
    let piped = try Program.run(
      ["validate", "--manifests-only", "--manifests", "-"], in: scratch.url,
      input: "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: sesame!}\n")
    #expect(piped.status == 1)
    #expect(piped.out.contains("<stdin>:4:11: error: Secret/a: data[a]: is no base64"))
    #expect(!piped.out.contains("sesame"))
  }

  @Test func warningsFailWhereAsked() throws {
    let scratch = try Scratch()
    try scratch.write(
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {a: b}, ports: [{port: 80}]}\n",
      to: "deploy/web.yaml")
    let lenient = try Program.run(["validate", "--manifests", "deploy"], in: scratch.url)
    #expect(lenient.status == 0)
    #expect(lenient.out.contains("warning: Service/web: spec.selector: chooses no pod"))
    let strict = try Program.run(
      ["validate", "--manifests", "deploy", "--strict"], in: scratch.url)
    #expect(strict.status == 1)
  }

  /// Everything that `convert` writes is taken, at every version.
  @Test(arguments: ["1.30", "1.33", "1.36"])
  func ownManifestsAreTaken(version: String) throws {
    let scratch = try Scratch()
    let stack = Testdata.url("stacks/shop/stack.yml").path
    let convert = try Program.run(
      ["convert", "-c", stack, "shop", "-o", "k8s", "--kubernetes", version], in: scratch.url)
    #expect(convert.status == 0, "\(convert.error)")
    let result = try Program.run(
      ["validate", "--manifests", "k8s", "--kubernetes", version, "--strict"], in: scratch.url)
    #expect(result.status == 0, "\(result.out)")
  }
}
