import Foundation
import Testing

/// `convert` as a user meets it: what is written where, and what is left alone.
struct ConvertTests {
  static let stack = """
    services:
      web:
        image: nginx:1.27
        ports: ["80:80"]
      db:
        image: postgres:16
    """

  @Test func writesOneFileAnObjectAndAReport() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    let result = try Program.run(["convert", "shop"], in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.out.isEmpty)
    #expect(result.error.contains("Readiness"))
    let names = try scratch.names(in: "kubernetes/shop")
    #expect(names.contains("report.md"))
    #expect(names.contains("00-namespace-shop.yaml"))
    #expect(names.contains("50-deployment-web.yaml"))
    #expect(names.contains("50-deployment-db.yaml"))
    // The names sort in the order in which the objects must be applied.
    let manifests = names.filter { $0.hasSuffix(".yaml") }
    #expect(manifests == manifests.sorted())
    #expect(manifests.first == "00-namespace-shop.yaml")
  }

  @Test func theFolderNamesTheStack() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "shop/stack.yml")
    let result = try Program.run(["convert", "-c", "shop/stack.yml"], in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    #expect(scratch.exists("kubernetes/shop/00-namespace-shop.yaml"))
  }

  @Test func streamsToStandardOutput() throws {
    let scratch = try Scratch()
    let result = try Program.run(
      ["convert", "-c", "-", "shop", "-o", "-", "--quiet"], in: scratch.url, input: Self.stack)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.error.isEmpty)
    #expect(result.out.contains("kind: Namespace"))
    #expect(result.out.contains("image: nginx:1.27"))
    #expect(try scratch.names().isEmpty)
  }

  @Test func twoRunsGiveTheSameBytes() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    let arguments = ["convert", "shop", "-o", "-", "--quiet"]
    let first = try Program.run(arguments, in: scratch.url)
    let second = try Program.run(
      arguments, in: scratch.url, environment: ["LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"])
    #expect(!first.out.isEmpty)
    #expect(first.out == second.out)
  }

  @Test func aLaterRunRemovesItsOwnLeftoversOnly() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    try scratch.write("mine", to: "out/README.txt")
    #expect(try Program.run(["convert", "shop", "-o", "out"], in: scratch.url).status == 0)
    #expect(scratch.exists("out/50-deployment-db.yaml"))
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    #expect(try Program.run(["convert", "shop", "-o", "out"], in: scratch.url).status == 0)
    #expect(!scratch.exists("out/50-deployment-db.yaml"))
    #expect(scratch.exists("out/50-deployment-web.yaml"))
    #expect(try scratch.text("out/README.txt") == "mine")
  }

  @Test func aForeignFileIsNotOverwritten() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    try scratch.write("mine", to: "out/50-deployment-web.yaml")
    let result = try Program.run(["convert", "shop", "-o", "out"], in: scratch.url)
    #expect(result.status == 2)
    #expect(result.error.contains("was not written by stackferry"))
    #expect(try scratch.names(in: "out") == ["50-deployment-web.yaml"])
    #expect(try scratch.text("out/50-deployment-web.yaml") == "mine")
  }

  @Test func aForgedListReachesNothingOutside() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    try scratch.write("keep", to: "precious.txt")
    try scratch.write("../precious.txt\n..\n", to: "out/.stackferry-files")
    #expect(try Program.run(["convert", "shop", "-o", "out"], in: scratch.url).status == 0)
    #expect(try scratch.text("precious.txt") == "keep")
  }

  @Test func secretFilesAreTheOwnersOnly() throws {
    let scratch = try Scratch()
    try scratch.write("hunter2", to: "password.txt")
    try scratch.write(
      """
      services:
        web: {image: 'nginx:1.27', secrets: [password]}
      secrets:
        password: {file: ./password.txt}
      """, to: "stack.yml")
    let result = try Program.run(["convert", "shop", "-o", "out"], in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    let secrets = try scratch.names(in: "out").filter { $0.contains("-secret-") }
    #expect(secrets.count == 1)
    for name in try scratch.names(in: "out") {
      let text = try scratch.text("out/\(name)")
      #expect(!text.contains("hunter2"))
      if !secrets.contains(name) { #expect(!text.contains("aHVudGVyMg==")) }
    }
    let path = scratch.url.appendingPathComponent("out/\(secrets.first ?? "")").path
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
  }
}
