import Foundation
import Testing

/// The other commands, and their exit statuses.
struct CommandTests {
  @Test func reportWritesNothing() throws {
    let scratch = try Scratch()
    try scratch.write(ConvertTests.stack, to: "stack.yml")
    for format in ["text", "markdown"] {
      let result = try Program.run(["report", "shop", "--format", format], in: scratch.url)
      #expect(result.status == 0, "\(result.error)")
      #expect(result.out.contains("Readiness"))
      #expect(!result.out.contains("\u{1B}"), "no colour without a terminal")
    }
    #expect(try scratch.names() == ["stack.yml"])
  }

  @Test func validatePassesAndFails() throws {
    let scratch = try Scratch()
    try scratch.write(
      "services: {web: {image: 'nginx:1.27', logging: {driver: syslog}}}", to: "stack.yml")
    let strict = try Program.run(["validate", "shop"], in: scratch.url)
    #expect(strict.status == 1, "\(strict.out)\(strict.error)")
    #expect(strict.out.contains("stack.yml:1:"))
    #expect(strict.error.contains("fail"))
    let lenient = try Program.run(["validate", "shop", "--fail-on", "none"], in: scratch.url)
    #expect(lenient.status == 0, "\(lenient.out)\(lenient.error)")
    #expect(lenient.error.contains("pass"))
  }

  @Test func validateSeesDrift() throws {
    let scratch = try Scratch()
    try scratch.write(ConvertTests.stack, to: "stack.yml")
    #expect(try Program.run(["convert", "shop", "-o", "k8s"], in: scratch.url).status == 0)
    let arguments = ["validate", "shop", "--fail-on", "none", "--manifests", "k8s"]
    #expect(try Program.run(arguments, in: scratch.url).status == 0)
    try scratch.write(
      ConvertTests.stack.replacingOccurrences(of: "1.27", with: "1.28"), to: "stack.yml")
    let result = try Program.run(arguments, in: scratch.url)
    #expect(result.status == 1)
    #expect(result.out.contains("50-deployment-web.yaml"))
    #expect(!result.out.contains("50-deployment-db.yaml"))
  }

  /// One name for two namespaces would put the services of one stack over those of the other.
  @Test func severalStacksHaveNamespacesOfTheirOwn() throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "a.yml")
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "b.yml")
    let stacks = ["--stack", "a=a.yml", "--stack", "b=b.yml", "-o", "-"]
    #expect(try Program.run(["convert"] + stacks, in: scratch.url).status == 0)
    let result = try Program.run(["convert", "--namespace", "x"] + stacks, in: scratch.url)
    #expect(result.status == 64, "\(result.error)")
  }

  /// `docker stack config` knows no stack's name, so a folder may be called anything.
  @Test func configNeedsNoName() throws {
    let scratch = try Scratch()
    try scratch.write(ConvertTests.stack, to: "web.dockerapp/stack.yml")
    let folder = scratch.url.appendingPathComponent("web.dockerapp")
    #expect(try Program.run(["config", "-c", "stack.yml"], in: folder).status == 0)
    let convert = try Program.run(["convert", "-c", "stack.yml", "-o", "-"], in: folder)
    #expect(convert.status == 64)
    #expect(convert.error.contains("\"web.dockerapp\" cannot be a stack's name"))
  }

  @Test func configPrintsWhatDockerWould() throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: nginx, ports: ['80:8080']}}", to: "stack.yml")
    let result = try Program.run(["config"], in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.out.contains("target: 8080"))
    #expect(result.out.contains("published: 80"))
  }

  @Test func configOnlyWarnsOfWhatDeployRefuses() throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: nginx, networks: [nowhere]}}", to: "stack.yml")
    let result = try Program.run(["config"], in: scratch.url)
    #expect(result.status == 0)
    #expect(result.error.contains("warning"))
    #expect(result.error.contains("nowhere"))
  }

  @Test func environmentFilesGiveVariables() throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: 'nginx:${TAG}'}}", to: "stack.yml")
    try scratch.write("# tags\nTAG=1.27\n", to: "prod.env")
    let arguments = ["config", "--env-file", "prod.env"]
    #expect(try Program.run(arguments, in: scratch.url).out.contains("nginx:1.27"))
    let process = try Program.run(arguments, in: scratch.url, environment: ["TAG": "2"])
    #expect(process.out.contains("nginx:2"), "the process environment wins")
  }
}
