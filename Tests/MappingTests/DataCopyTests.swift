import Foundation
import Ledger
import Mapping
import Testing

/// The commands that copy a volume do what they say whatever the volume is called.
@Suite struct DataCopyTests {
  @Test(arguments: [
    "data", "d $(echo hidden)", "a'b\"c", "`echo hidden`", "x; echo hidden", "a\nb", "\u{1B}[31m",
    "*", "$HOME", "a\\b", "100%s", "",
  ])
  func takesAnyNameAsOneWord(_ name: String) throws {
    let commands = DataCopy.commands(
      from: name, to: "data", in: "shop", of: ["db", "web"], folder: "p'g $(echo hidden)")
    let words = try commands.map { try Self.run($0) }
    #expect(
      words[0] == [
        "docker", "run", "--rm", "-v", "\(name):/data:ro", "alpine", "du", "-sh", "/data",
      ])
    #expect(words[1].contains("app.kubernetes.io/name in (db, web)"))
    let overrides = try #require(words[2].last)
    #expect(overrides.hasPrefix("--overrides={\"apiVersion\":\"v1\",\"spec\":{\"containers\":["))
    #expect(overrides.hasSuffix("{\"claimName\":\"data\"}}]}}"))
    #expect(words[4].prefix(5) == ["docker", "run", "--rm", "-v", "\(name):/data:ro"])
    #expect(words[4].suffix(2) == ["sh", "/data/p'g $(echo hidden)"])
  }

  @Test func saysWhatEachIsFor() {
    let intents = DataCopy.commands(from: "a b", to: "data", in: "shop", of: ["db"]).map(\.intent)
    #expect(intents.prefix(2) == [.measure(volume: "a b"), .stop(namespace: "shop")])
    #expect(intents.dropFirst(2).allSatisfy { $0 == .copy(claim: "data", namespace: "shop") })
  }

  /// Runs a command with stand-ins that write down their words.
  private static func run(_ command: Command) throws -> [String] {
    // Reading first makes the second of a pipeline wait for the first.
    let script = ["docker", "kubectl"].map { name in
      #"\#(name)() { cat >/dev/null; for word in \#(name) "$@"; do printf '%s\0' "$word"; done >&2; }"#
        + "\n"
    }.joined()
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script + command.shell]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).split(
      separator: "\0", omittingEmptySubsequences: false
    ).dropLast().map(String.init)
  }
}
