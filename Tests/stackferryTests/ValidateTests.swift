import Foundation
import Testing

/// `validate` as CI uses it.
struct ValidateTests {
  private static let stack = """
    services:
      web:
        image: nginx:1.27
        environment: {MODE: production}
      worker:
        image: shop/worker:3
        secrets: [api_key]
    secrets:
      api_key: {file: ./api_key.txt}

    """

  private func validate(
    _ scratch: Scratch, _ arguments: String..., environment: [String: String] = [:]
  )
    throws -> Program.Result
  {
    try Program.run(
      ["validate", "-c", "stack.yml", "shop"] + arguments, in: scratch.url, environment: environment
    )
  }

  /// Convert, commit, change the stack, see the drift, convert again.
  @Test func theStoryOfACheckout() throws {
    let scratch = try Scratch()
    try scratch.write("sesame-17", to: "api_key.txt")
    try scratch.write(Self.stack, to: "stack.yml")
    let convert = ["convert", "-c", "stack.yml", "shop", "-o", "k8s"]
    #expect(try Program.run(convert, in: scratch.url).status == 0)
    #expect(try validate(scratch, "--manifests", "k8s").status == 0)

    // A published port, a new service, and a secret that goes away.
    try scratch.write(
      """
      services:
        web:
          image: nginx:1.27
          environment: {MODE: production}
          ports: ["8080:80"]
        worker:
          image: shop/worker:3
        cache:
          image: redis:7

      """, to: "stack.yml")
    let changed = try validate(scratch, "--manifests", "k8s")
    #expect(changed.status == 1, "\(changed.out)\(changed.error)")
    #expect(changed.error.contains("fail: "))
    // The port: the Service's manifest is new, and its lines are shown.
    #expect(changed.out.contains("missing: the stack now gives this object"))
    #expect(changed.out.contains("+    - port: 8080\n"), "\(changed.out)")
    // The service.
    #expect(changed.out.contains("k8s/50-deployment-cache.yaml: missing"))
    #expect(changed.out.contains("+++ k8s/50-deployment-cache.yaml\n@@ -0,0 +1,"))
    #expect(changed.out.contains("+          image: redis:7"))
    // The secret: its file is left over, the worker's mount goes, and the value is nowhere.
    #expect(changed.out.contains("left over: the stack no longer gives this object"))
    #expect(changed.out.contains("k8s/50-deployment-worker.yaml: out of date"))
    #expect(changed.out.contains("-            - name: "))
    #expect(!changed.out.contains("sesame-17"))
    #expect(!changed.out.contains(Data("sesame-17".utf8).base64EncodedString()))

    #expect(try Program.run(convert, in: scratch.url).status == 0)
    let again = try validate(scratch, "--manifests", "k8s")
    #expect(again.status == 0, "\(again.out)\(again.error)")
    #expect(again.out.isEmpty)
  }

  /// What CI shows of the same story: places, annotations, documents, and a baseline that does not hide drift.
  @Test func theStoryInCI() throws {
    let scratch = try Scratch()
    try scratch.write("sesame-17", to: "api_key.txt")
    try scratch.write(Self.stack, to: "stack.yml")
    let convert = ["convert", "-c", "stack.yml", "shop", "-o", "k8s"]
    #expect(try Program.run(convert, in: scratch.url).status == 0)
    try scratch.write(
      Self.stack.replacing(
        "image: nginx:1.27\n", with: "image: nginx:1.28\n    logging: {driver: syslog}\n"
      )
      .replacing("    secrets: [api_key]\n", with: "").replacing(
        "secrets:\n  api_key: {file: ./api_key.txt}\n", with: ""), to: "stack.yml")
    let manifest = try scratch.text("k8s/50-deployment-web.yaml")
    let line =
      try #require(
        manifest.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
          $0.contains("image: nginx:1.27")
        }) + 1

    let result = try validate(
      scratch, "--manifests", "k8s", environment: ["GITHUB_ACTIONS": "true"])
    #expect(result.status == 1)
    // The finding at its key, the drift at the first line that differs, the stale Secret by its name.
    #expect(result.out.contains("stack.yml:4:5: lost: "), "\(result.out)")
    #expect(
      result.out.contains("::error file=stack.yml,line=4,col=5,title=lost%3A logging/driver::"))
    #expect(
      result.out.contains(
        "::error file=k8s/50-deployment-web.yaml,line=\(line),col=1,title=drift/changed::out of date"
      ),
      "\(result.out)")
    let stale = try #require(try scratch.names(in: "k8s").first { $0.contains("secret") })
    #expect(result.out.contains("k8s/\(stale): left over: the stack no longer gives this object"))
    #expect(result.out.contains("::error file=k8s/\(stale),title=drift/left-over::left over"))
    #expect(!result.out.contains("sesame-17"))
    #expect(result.error.contains("fail: 4 findings"), "\(result.error)")

    // A baseline knows the finding; drift is drift all the same.
    _ = try validate(scratch, "--baseline", "known.json", "--write-baseline")
    let known = try validate(scratch, "--manifests", "k8s", "--baseline", "known.json")
    #expect(known.status == 1)
    #expect(!known.out.contains("lost: "))
    #expect(known.error.contains("1 known from the baseline"))
    #expect(known.error.contains("fail: 3 findings"), "\(known.error)")

    #expect(try Program.run(convert, in: scratch.url).status == 0)
    let again = try validate(scratch, "--manifests", "k8s", "--baseline", "known.json")
    #expect(again.status == 0, "\(again.out)\(again.error)")
    #expect(again.out.isEmpty)
    #expect(try !scratch.names(in: "k8s").contains(stale))
  }

  @Test func layoutAndCommentsAreNoDrift() throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    #expect(try Program.run(["convert", "shop", "-o", "k8s"], in: scratch.url).status == 0)
    let text = try scratch.text("k8s/50-deployment-web.yaml")
    try scratch.write("# ours\n" + text, to: "k8s/50-deployment-web.yaml")
    try scratch.write(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\ndata: {a: b}\n", to: "k8s/mine.yaml"
    )
    #expect(try validate(scratch, "--manifests", "k8s").status == 0)
  }

  @Test func additionsAreAllowedByName() throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    #expect(try Program.run(["convert", "shop", "-o", "k8s"], in: scratch.url).status == 0)
    let path = "k8s/50-deployment-web.yaml"
    let text = try scratch.text(path)
    try scratch.write(
      text.replacingOccurrences(
        of: "metadata:\n  name: web\n",
        with: "metadata:\n  name: web\n  annotations:\n    team.example/owner: us\n"), to: path)
    let strict = try validate(scratch, "--manifests", "k8s")
    #expect(strict.status == 1)
    #expect(strict.out.contains("-    team.example/owner: us"))
    for allowed in [
      "metadata.annotations", "Deployment/web:metadata.annotations", "metadata.*",
    ] {
      let lenient = try validate(scratch, "--manifests", "k8s", "--allow-added", allowed)
      #expect(lenient.status == 0, "\(allowed): \(lenient.out)\(lenient.error)")
      #expect(
        lenient.error.contains("added by hand, and allowed: Deployment/web:metadata.annotations"))
    }
    let other = try validate(
      scratch, "--manifests", "k8s", "--allow-added", "Deployment/db:metadata.annotations")
    #expect(other.status == 1)
    #expect(other.error.contains("allows nothing that is there"))
    // Only additions: a changed value is drift all the same.
    try scratch.write(text.replacingOccurrences(of: "nginx:1.27", with: "nginx:1.28"), to: path)
    #expect(try validate(scratch, "--manifests", "k8s", "--allow-added", "spec.*").status == 1)
  }

  @Test func aBaselineLetsKnownFindingsPass() throws {
    let scratch = try Scratch()
    let known = "services:\n  web:\n    image: nginx:1.27\n    logging: {driver: syslog}\n"
    try scratch.write(known, to: "stack.yml")
    #expect(try validate(scratch).status == 1)
    #expect(try validate(scratch, "--baseline", "known.json").status == 2)
    let written = try validate(scratch, "--baseline", "known.json", "--write-baseline")
    #expect(written.status == 0, "\(written.out)\(written.error)")
    #expect(try scratch.text("known.json").contains("\"rule\": \"logging/driver\""))
    // Lines move: still known. A new service has the same: that is new.
    try scratch.write("# A comment\n" + known, to: "stack.yml")
    #expect(try validate(scratch, "--baseline", "known.json").status == 0)
    try scratch.write(
      known + "  api:\n    image: api:1\n    logging: {driver: gelf}\n", to: "stack.yml")
    let new = try validate(scratch, "--baseline", "known.json")
    #expect(new.status == 1)
    #expect(new.out.contains("`gelf`"))
    #expect(!new.out.contains("`syslog`"))
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    #expect(try validate(scratch, "--baseline", "known.json").error.contains("gone"))
    try scratch.write("{\"format\": 1}", to: "known.json")
    #expect(try validate(scratch, "--baseline", "known.json").status == 2)
  }

  @Test func theStackAcceptsWithAReason() throws {
    let scratch = try Scratch()
    let stacks = [
      """
      x-stackferry: {accept: {logging/driver: Loki collects}}
      services: {web: {image: 'nginx:1.27', logging: {driver: syslog}}}
      """,
      """
      services:
        web: {image: 'nginx:1.27', logging: {driver: syslog}, x-stackferry: {accept: {logging/driver: Loki}}}
      """,
      """
      services:
        web:
          image: nginx:1.27
          # stackferry: accept logging/driver: Loki collects on every node
          logging: {driver: syslog}
      """,
      """
      services:
        web:
          image: nginx:1.27
          logging:  # stackferry: accept logging/driver: Loki
            driver: syslog
      """,
    ]
    for text in stacks {
      try scratch.write(text, to: "stack.yml")
      let result = try validate(scratch)
      #expect(result.status == 0, "\(text)\n\(result.out)\(result.error)")
      #expect(result.error.contains("1 finding is accepted"))
      try scratch.write(
        text.replacingOccurrences(of: "Loki[^}\\n]*", with: "", options: .regularExpression),
        to: "stack.yml")
      let without = try validate(scratch)
      #expect(without.status == 2)
      #expect(without.error.contains("without a reason"))
    }
    // Not for another service, and not for ever.
    try scratch.write(
      """
      services:
        web: {image: 'nginx:1.27', x-stackferry: {accept: {logging/driver: Loki}}}
        api: {image: 'api:1', logging: {driver: syslog}}
      """, to: "stack.yml")
    let other = try validate(scratch)
    #expect(other.status == 1)
    #expect(other.error.contains("nothing to accept any more: logging/driver"))
  }

  @Test(arguments: [
    "# stackferry: acept logging/driver: Loki", "# stackferry accept logging/driver: Loki",
  ])
  func acceptancesThatCannotBeReadAreErrors(_ comment: String) throws {
    let scratch = try Scratch()
    try scratch.write(
      """
      services:
        web:
          image: nginx:1.27  # stackferry keeps this
          \(comment)
          logging: {driver: syslog}
      """, to: "stack.yml")
    let result = try validate(scratch)
    #expect(result.status == 2)
    #expect(result.error.contains("stack.yml:4:5: error: a comment for stackferry"))
    #expect(result.error.contains("# stackferry: accept RULE: REASON"))
  }

  @Test func misspeltAcceptancesGetASuggestion() throws {
    let scratch = try Scratch()
    try scratch.write(
      """
      services:
        web:
          image: nginx:1.27
          # stackferry: accept logging/drvier: Loki
          logging: {driver: syslog}
      """, to: "stack.yml")
    let result = try validate(scratch)
    #expect(result.status == 1)
    #expect(
      result.error.contains("warning: stack.yml:4:5: nothing to accept any more: logging/drvier"))
    #expect(result.error.contains("did you mean logging/driver?"))
  }

  /// A secret's file is seldom in the repository: what was made of it elsewhere looks left over, and the reason is said.
  @Test func filesThatAreElsewhereAreNamedBesideTheDrift() throws {
    let scratch = try Scratch()
    try scratch.write(
      """
      services:
        web: {image: 'nginx:1.27', secrets: [key]}
      secrets: {key: {file: ./key.txt}}
      """, to: "stack.yml")
    try scratch.write("x", to: "key.txt")
    let converted = try Program.run(["convert", "-c", "stack.yml", "shop"], in: scratch.url)
    #expect(converted.error.contains("One of them holds a secret value"))
    #expect(try validate(scratch, "--manifests", "kubernetes/shop").status == 0)
    try FileManager.default.removeItem(at: scratch.url.appendingPathComponent("key.txt"))
    let result = try validate(scratch, "--manifests", "kubernetes/shop")
    #expect(result.status == 1)
    #expect(result.error.contains("note: stack.yml:3:17: The file `./key.txt`"))
    #expect(result.error.contains("--secrets omit"))
    #expect(result.error.contains("-o kubernetes/shop writes the manifests anew"))
  }

  @Test func gitHubGetsAnnotations() throws {
    let scratch = try Scratch()
    try scratch.write(
      "services:\n  web:\n    image: nginx:1.27\n    logging: {driver: syslog}\n", to: "stack.yml")
    let result = try validate(scratch, environment: ["GITHUB_ACTIONS": "true"])
    #expect(
      result.out.contains("::error file=stack.yml,line=4,col=5,title=lost%3A logging/driver::"),
      "\(result.out)")
    #expect(!(try validate(scratch).out.contains("::error")))
  }
}
