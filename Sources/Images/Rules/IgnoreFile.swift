package import Diagnostics

package enum IgnoreFile: Rule {
  package static let name = "ignore-file"
  package static let title = "The ignore file does not cover what lies in the context"
  package static let about = """
    `COPY . .` takes all that lies in the folder: the history in `.git`, the passwords in `.env`, a `node_modules` of another
    system, the last build's output. It makes the image large, leaks what was never meant to leave the machine, and breaks the
    cache at every commit. Only what is really there and is really copied is found. The fix writes `.dockerignore`, or adds the
    missing lines to it; what an instruction names by itself is never ignored, and build output only where the Dockerfile makes
    it again.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: "FROM node:24-slim\nCOPY . .\nRUN npm ci\n",
      good: "FROM node:24-slim\nCOPY package.json index.js ./\nRUN npm ci\n",
      files: [
        "package.json": "", "index.js": "", ".git/": "", ".env": "", "node_modules/": "",
        "deploy.key": "",
      ])
  ]

  /// A thing that has no business in an image: how it is recognised, and the line that ignores it.
  private struct Kind {
    var pattern: String
    var what: String
    var matches: (String) -> Bool
    /// Nil where it is never wanted; else the programs that make it again.
    var madeBy: [String]?
  }

  private static func kinds() -> [Kind] {
    func folder(_ name: String, _ what: String, madeBy: [String]? = nil) -> Kind {
      Kind(pattern: name, what: what, matches: { $0 == "\(name)/" }, madeBy: madeBy)
    }
    return [
      folder(".git", "the repository's history"),
      Kind(
        pattern: "**/.env", what: "the environment of a machine",
        matches: { $0 == ".env" || $0.hasSuffix("/.env") }),
      Kind(
        pattern: "**/*.key", what: "private keys", matches: { $0.hasSuffix(".key") }),
      Kind(pattern: "**/*.p12", what: "private keys", matches: { $0.hasSuffix(".p12") }),
      Kind(
        pattern: "**/id_rsa*", what: "private keys",
        matches: { ($0.split(separator: "/").last ?? "").hasPrefix("id_rsa") }),
      Kind(
        pattern: "**/id_ed25519*", what: "private keys",
        matches: { ($0.split(separator: "/").last ?? "").hasPrefix("id_ed25519") }),
      Kind(
        pattern: "**/node_modules", what: "modules installed on another machine",
        matches: { $0 == "node_modules/" || $0.hasSuffix("/node_modules/") },
        madeBy: ["npm", "yarn", "pnpm"]),
      Kind(
        pattern: "**/__pycache__", what: "compiled Python",
        matches: { $0 == "__pycache__/" || $0.hasSuffix("/__pycache__/") }),
      folder(
        ".venv", "a Python environment of another machine",
        madeBy: ["pip", "pip3", "python", "python3", "uv", "poetry"]),
      folder(
        "venv", "a Python environment of another machine",
        madeBy: ["pip", "pip3", "python", "python3", "uv", "poetry"]),
      folder(
        "dist", "the last build's output",
        madeBy: ["npm run", "yarn run", "yarn build", "pnpm run"]),
      folder("target", "the last build's output", madeBy: ["mvn", "mvnw", "cargo"]),
      folder("build", "the last build's output", madeBy: ["gradle", "gradlew"]),
      folder(".gradle", "the last build's output", madeBy: ["gradle", "gradlew"]),
      folder("bin", "the last build's output", madeBy: ["dotnet"]),
      folder("obj", "the last build's output", madeBy: ["dotnet"]),
      folder(".idea", "an editor's settings"), folder(".vscode", "an editor's settings"),
      folder(".terraform", "downloaded providers"),
    ]
  }

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    guard let context = subject.context else { return }
    // The first instruction that takes a whole folder, and all that are named.
    var whole: Instruction?
    var named: [String] = []
    for instruction in subject.dockerfile.instructions
    where [.copy, .add].contains(instruction.keyword) && instruction.flag("from") == nil {
      for word in instruction.words.dropLast() {
        let source = cleaned(word.text)
        if source.isEmpty { whole = whole ?? instruction } else { named.append(source) }
      }
    }
    guard let whole else { return }
    let programs = subject.runs.flatMap { run in
      run.script.commands.flatMap { [$0.name, "\($0.name) \($0.arguments.first ?? "")"] }
    }
    var missing: [(pattern: String, what: String, path: String)] = []
    for kind in kinds() {
      if let madeBy = kind.madeBy, !madeBy.contains(where: programs.contains) { continue }
      let found = context.paths.first { path in
        kind.matches(path) && !context.isIgnored(cleaned(path))
          && !named.contains { path.hasPrefix($0) || $0.hasPrefix(path) }
      }
      guard let found, !missing.contains(where: { $0.pattern == kind.pattern }) else { continue }
      missing.append((kind.pattern, kind.what, found))
    }
    guard let first = missing.first else { return }
    let list = missing.prefix(4).map(\.path).joined(separator: ", ")
    let more = missing.count > 4 ? " and \(missing.count - 4) more" : ""
    let name = context.ignoreName
    _ = first
    findings.add(
      whole.headSpan,
      context.ignoreFile == nil
        ? "there is no \(name), and the context holds \(list)\(more)"
        : "\(name) does not cover \(list)\(more)",
      hint: "add to \(name): \(missing.map(\.pattern).joined(separator: ", "))",
      ignoreFile: text(context, missing))
  }

  /// `./a/` as `a`, `.` as nothing.
  private static func cleaned(_ path: String) -> String {
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    while rest.hasPrefix("/") { rest = rest.dropFirst() }
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    return rest == "." ? "" : String(rest)
  }

  private static func text(
    _ context: BuildContext, _ missing: [(pattern: String, what: String, path: String)]
  ) -> String {
    var text = context.ignoreFile.map { String(decoding: $0, as: UTF8.self) } ?? ""
    if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    var last = ""
    for line in missing {
      if line.what != last {
        text += "# \(line.what.prefix(1).uppercased())\(line.what.dropFirst()).\n"
      }
      last = line.what
      text += line.pattern + "\n"
    }
    return text
  }
}
