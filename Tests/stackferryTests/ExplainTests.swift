import Foundation
import Testing

/// `stackferry explain`: the answer to what was asked comes first.
struct ExplainTests {
  @Test(arguments: ["healthcheck", "deploy.replicas", "services.web.environment", "ports"])
  func explainKnows(_ word: String) throws {
    let scratch = try Scratch()
    let result = try Program.run(["explain", word], in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.out.contains("Keys:"))
  }

  @Test(arguments: [
    ("helthcheck", "healthcheck"), ("deploy.update_config.ordre", "deploy.update_config.order"),
    ("services.web.helthcheck.test", "services.web.healthcheck.test"),
    ("ports[0].pubished", "ports[0].published"), ("networks.back.drivr", "networks.back.driver"),
    ("update-polcy/delay", "update-policy/delay"), ("logging/drvier", "logging/driver"),
    ("stack/no-limit", "stack/no-limits"),
  ])
  func explainSuggests(_ word: String, _ near: String) throws {
    let scratch = try Scratch()
    let result = try Program.run(["explain", word], in: scratch.url)
    #expect(result.status == 64)
    #expect(result.error.contains("did you mean \"\(near)\"?"), "\(result.error)")
  }

  @Test func explainReadsAStack() throws {
    let scratch = try Scratch()
    try scratch.write(
      "services: {web: {image: 'nginx:1.27', logging: {driver: syslog}}, db: {image: 'postgres:16'}}",
      to: "stack.yml")
    let service = try Program.run(["explain", "web", "-c", "stack.yml"], in: scratch.url)
    #expect(service.status == 0, "\(service.error)")
    #expect(service.out.contains("kept     services.web.image  → containers[].image"))
    #expect(service.out.contains("lost     services.web.logging.driver"))
    #expect(!service.out.contains("services.db"))
    let key = try Program.run(
      ["explain", "services.db.image", "-c", "stack.yml"], in: scratch.url)
    #expect(key.out.contains("services.db.image"))
    #expect(!key.out.contains("services.web"))
    let near = try Program.run(["explain", "wbe", "-c", "stack.yml"], in: scratch.url)
    #expect(near.status == 64)
    #expect(near.error.contains("did you mean \"web\"?"), "\(near.error)")
  }

  private static let stack = """
    services:
      web:
        image: nginx:1.27
        ports: ['80:80']
        logging: {driver: syslog}
      db:
        image: postgres:16
        volumes: ['data:/var/lib/postgresql/data']
        deploy: {replicas: 1}
    volumes: {data: {}}
    """

  @Test func aSlugSaysWhatItSays() throws {
    let scratch = try Scratch()
    let result = try Program.run(["explain", "logging/driver"], in: scratch.url)
    #expect(result.status == 0)
    #expect(result.out.hasPrefix("logging/driver (lost)\n\n  What it says, for example:\n"))
    #expect(result.out.contains("Logging (logging)"))
    try scratch.write(Self.stack, to: "stack.yml")
    let here = try Program.run(["explain", "logging/driver", "-c", "stack.yml"], in: scratch.url)
    #expect(
      here.out.hasPrefix("In this stack:\n\nlost  services.web.logging  stack.yml:5:5"))
    #expect(here.out.contains("`syslog`"))
    let absent = try Program.run(
      ["explain", "healthcheck/rounded", "-c", "stack.yml"], in: scratch.url)
    #expect(absent.status == 0)
    #expect(absent.error.contains("has no healthcheck/rounded"))
    #expect(absent.out.hasPrefix("healthcheck/rounded (adapted)"))
  }

  @Test func aKeyStandsBeforeItsPage() throws {
    let scratch = try Scratch()
    let result = try Program.run(["explain", "healthcheck.start_interval"], in: scratch.url)
    #expect(result.out.hasPrefix("healthcheck.start_interval (healthcheck)\n\n  - startupProbe: "))
    #expect(result.out.contains("healthcheck/start-interval-unused (inert)"))
    let page = try #require(result.out.range(of: "\nHealth checks (healthcheck)\n"))
    let slug = try #require(result.out.range(of: "healthcheck/start-interval-unused"))
    #expect(slug.lowerBound < page.lowerBound)
  }

  @Test func aSlugThatIsNoneIsAnError() throws {
    let scratch = try Scratch()
    let result = try Program.run(["explain", "restart-policy/nonsense"], in: scratch.url)
    #expect(result.status == 64)
    #expect(result.out.isEmpty)
    #expect(result.error.contains("stackferry explain restart-policy lists its findings"))
    #expect(
      try Program.run(["explain", "restart-policy"], in: scratch.url).out.contains(
        "Findings: restart-policy/"))
  }

  @Test func theLastPartOfAKeyIsEnough() throws {
    let scratch = try Scratch()
    let one = try Program.run(["explain", "replicas"], in: scratch.url)
    #expect(one.status == 0)
    #expect(one.out.hasPrefix("deploy.replicas (workload-kind)"))
    let several = try Program.run(["explain", "driver"], in: scratch.url)
    #expect(several.status == 64)
    #expect(several.error.contains("did you mean one of logging.driver, "), "\(several.error)")
    #expect(several.error.contains("volumes.NAME.driver"), "\(several.error)")
  }

  /// A word that is everywhere is answered with a list, not with a book.
  @Test func aSectionIsAList() throws {
    let scratch = try Scratch()
    let deploy = try Program.run(["explain", "deploy"], in: scratch.url)
    #expect(deploy.status == 0)
    #expect(deploy.out.hasPrefix("deploy is a matter of several features"), "\(deploy.out)")
    #expect(deploy.out.contains("\n  update-policy "))
    #expect(deploy.out.split(separator: "\n").count < 20)
    #expect(
      try Program.run(["explain", "services"], in: scratch.url).out
        .hasPrefix("services is a matter of several features"))
    for word in ["", ".", "/"] {
      let nothing = try Program.run(["explain", word], in: scratch.url)
      #expect(nothing.status == 64)
      #expect(nothing.out.isEmpty)
    }
  }

  @Test func theStackFileHereIsRead() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    let service = try Program.run(["explain", "web"], in: scratch.url)
    #expect(service.status == 0, "\(service.error)")
    #expect(service.out.hasPrefix("services.web  stack.yml:2:3\n"), "\(service.out)")
    let ports = try Program.run(["explain", "ports", "-c", "stack.yml"], in: scratch.url)
    #expect(ports.out.hasPrefix("services.web.ports  stack.yml:4:5\n"), "\(ports.out)")
    let replicas = try Program.run(["explain", "replicas", "-c", "."], in: scratch.url)
    #expect(
      replicas.out.hasPrefix("services.db.deploy.replicas  stack.yml:9:14\n"), "\(replicas.out)")
    for arguments in [["services.web.volumes"], ["services.web.volumes", "-c", "stack.yml"]] {
      let absent = try Program.run(["explain"] + arguments, in: scratch.url)
      #expect(absent.status == 0)
      #expect(absent.error.contains("services.web has no volumes in this stack"), "\(absent.error)")
      #expect(absent.out.contains("Volumes"))
    }
  }

  @Test func textsKeepToTheWidth() throws {
    let scratch = try Scratch()
    for (columns, width) in [("60", 60), ("400", 100), ("5", 40)] {
      let result = try Program.run(
        ["explain", "security"], in: scratch.url, environment: ["COLUMNS": columns])
      let text = result.out.prefix(upTo: try #require(result.out.range(of: "\nKeys:")).lowerBound)
      let lines = text.split(separator: "\n")
      // A literal that is longer than a line, or than its column of a table, cannot be broken.
      let long = lines.filter {
        $0.count > width && $0.drop { $0 == " " }.contains(" ") && !$0.contains("`  ")
      }
      #expect(long.isEmpty, "\(long)")
      #expect(lines.contains { $0.count > width * 3 / 4 })
      #expect(!text.contains("**") && !text.contains("|---|") && !text.contains(".md)"))
    }
    let secrets = try Program.run(["explain", "secrets"], in: scratch.url).out
    #expect(secrets.contains("Keys: secrets\n"))
    #expect(!secrets.contains("](") && !secrets.contains("**"))
  }
}
