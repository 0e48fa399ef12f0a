import ArgumentParser
import Basics
import Delivery
import Diagnostics
import Disk
import Images
import Ledger
import Mapping
import Stack
import Swarm
import Validation
import YAML

/// `stackferry audit`: what to mend in images and stack before the move.
struct Audit: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, markdown, json, sarif
  }

  static let configuration = CommandConfiguration(
    abstract: "Find, and mend, what would make a service's image hard to move.",
    discussion: """
      Looks at Dockerfiles: those that a stack's services are built from (-c), a file, or all in a folder. With a stack it \
      also looks at what the stack says of limits, health checks, secrets and the like. Nothing is pulled, built or scanned. \
      `stackferry explain image/latest-base` tells about a finding.

      Examples:
        stackferry audit                            all Dockerfiles here and below, and the stack file here
        stackferry audit -c stack.yml --format sarif
        stackferry audit services/api --diff        what --fix would change
        stackferry audit --image old.tar --image new.tar
        stackferry audit -c stack.yml --scan-report trivy.json --fail-on critical
      """)

  @Argument(help: "Dockerfiles, or folders in which all are looked at.", completion: .file())
  var paths: [String] = []

  @OptionGroup(title: "Input Options") var input: StackArguments

  @Option(
    help: ArgumentHelp(
      "An image to look into: a `docker save` archive or an OCI layout; `-` is standard input. Repeat: two of one repository are compared, the one before first.",
      valueName: "archive"),
    completion: .file())
  var image: [String] = []

  @Option(
    help: ArgumentHelp(
      "What a scanner found: the JSON of Trivy, Grype or twistcli, or SARIF. Repeat: two of one repository are compared, the one before first.",
      valueName: "file"),
    completion: .file())
  var scanReport: [String] = []

  @Option(help: "How to print it.")
  var format = Format.text

  @Flag(help: "Print the fixes as a diff, and change nothing.")
  var diff = false

  @Flag(help: "Apply the fixes: only what cannot change what an image does.")
  var fix = false

  @Option(
    help: ArgumentHelp(
      "What fails the check, separated by commas: error, warning, note; critical, high, medium or low for vulnerabilities that are as bad or worse; or none.",
      valueName: "list"),
    completion: .list(["error", "warning", "note", "critical", "high", "medium", "low", "none"]))
  var failOn = "error"

  @Option(
    help: ArgumentHelp("Slugs of findings to leave out, separated by commas.", valueName: "list"),
    completion: .list(AuditPage.slugs))
  var ignore = ""

  private func failing() throws -> (
    findings: Set<Diagnostic.Severity>, vulnerabilities: ScanReport.Severity?
  ) {
    if failOn == "none" { return ([], nil) }
    var findings = Set<Diagnostic.Severity>()
    var least: ScanReport.Severity?
    for name in failOn.split(separator: ",") {
      let word = name.filter { $0 != " " }
      if let severity = Diagnostic.Severity(rawValue: word) {
        findings.insert(severity)
      } else if let severity = ScanReport.Severity.allCases.first(where: {
        $0.name == word && $0 != .unknown
      }) {
        least = min(least ?? severity, severity)
      } else {
        throw ValidationError(
          "--fail-on takes error, warning, note, critical, high, medium and low, separated by commas, or none; not '\(word)'."
        )
      }
    }
    return (findings, least)
  }

  func validate() throws {
    _ = try failing()
    if diff, fix { throw ValidationError("Give either --diff or --fix, not both.") }
    for slug in ignored where !AuditPage.slugs.contains(slug) && !slug.hasPrefix("dockerfile/") {
      let near = FindingCatalogue.nearestSlug(slug).flatMap {
        AuditPage.slugs.contains($0) ? $0 : nil
      }
      throw ValidationError(
        "--ignore: the audit has no finding '\(slug)'."
          + (near.map { " Did you mean '\($0)'?" } ?? " docs/audit.md lists them."))
    }
    for path in paths where path.hasSuffix(".yml") || path.hasSuffix(".yaml") {
      throw ValidationError(
        "\(path) is a stack file, and the arguments are Dockerfiles and folders: stackferry audit -c \(path)"
      )
    }
  }

  /// The slugs of `--ignore`.
  private var ignored: Set<String> {
    Set(ignore.split(separator: ",").map { String($0.filter { $0 != " " }) })
  }

  func run() throws {
    let ignored = ignored
    var builds: [Build] = []
    var files: [AuditReport.File] = []
    var stacks: [Swarm.Stack] = []
    var isUsable = true
    let isBare = paths.isEmpty && image.isEmpty && scanReport.isEmpty
    var loaded: Loaded?
    if input.isNamed {
      loaded = try input.load(strictReferences: false)
    } else if isBare, input.hasStack {
      do { loaded = try input.load(strictReferences: false) } catch let status as ExitCode {
        guard status.rawValue == Status.input else { throw status }
        // Said already. The Dockerfiles are looked at all the same.
        isUsable = false
      }
    }
    stacks = loaded?.models ?? []
    for stack in stacks { builds += Images.builds(of: stack, folder: shown(stack.folder)) }
    let grounds = AuditGrounds(stacks: stacks, paths: paths, builds: builds)
    let outside = builds.filter { !grounds.mayRead($0) }
    if let loaded, !outside.isEmpty {
      AuditGrounds.refuse(outside, loaded)
      isUsable = false
      builds.removeAll { !grounds.mayRead($0) }
    }
    let places = isBare && !input.isNamed ? ["."] : paths
    for path in places {
      builds += try found(path, grounds.files).filter { new in
        !builds.contains { $0.path == new.path }
      }
    }

    if builds.isEmpty, stacks.isEmpty, image.isEmpty, scanReport.isEmpty {
      if isUsable {
        let folder = paths.isEmpty ? "here or below" : "in \(paths.joined(separator: ", "))"
        Terminal.note(
          "stackferry: error: nothing was looked at: there is no Dockerfile \(folder), and no stack file was given\n"
            + "  = hint: -c FILE for a stack, or name Dockerfiles, --image or --scan-report")
      }
      throw ExitCode(Status.input)
    }

    var checked = Set<String>()
    for build in builds {
      switch grounds.files.read(build.path) {
      case .failure(let problem):
        _ = Terminal.failure(problem)
        isUsable = false
      case .success(let bytes):
        let file = try audit(build, bytes, grounds, ignored: ignored)
        if file.isUnusable { isUsable = false }
        if file.hasHealthcheck { checked.formUnion(build.uses.map(\.name)) }
        files.append(file.report)
      }
    }
    let audited = try AuditedImages(
      archives: image, reports: scanReport, stacks: stacks, ignored: ignored)
    checked.formUnion(audited.checked)
    if let loaded {
      for stack in stacks {
        files += stackFiles(
          loaded, StackFacts(stack, checkedByImage: checked), ignored: ignored, all: files)
      }
    }
    let report = AuditReport(
      files: files + audited.files, images: audited.images, scans: audited.scans,
      unscanned: audited.unscanned)
    if !diff { try print(report) }
    if !input.quiet { Terminal.note(report.summary) }
    if !isUsable { throw ExitCode(Status.input) }
    let failing = try failing()
    let isVulnerable =
      failing.vulnerabilities.map { least in
        audited.scans.contains { $0.report.count(from: least) > 0 }
      } ?? false
    if isVulnerable || failing.findings.contains(where: { report.count($0) > 0 }) {
      throw ExitCode(Status.fail)
    }
  }

  private func print(_ report: AuditReport) throws {
    let version = Stackferry.number
    switch format {
    case .text: try Terminal.out(report.text(color: Terminal.hasColor(1)))
    case .markdown: try Terminal.out(report.markdown)
    case .json: try Terminal.out(report.json(version: version).bytes)
    case .sarif: try Terminal.out(report.sarif(version: version).bytes)
    }
  }

  /// The Dockerfiles that a path stands for.
  private func found(_ path: String, _ files: Files) throws -> [Build] {
    switch FileSystem.kind(path) {
    case .missing: throw Terminal.failure(FileSystem.missing(path))
    case .file: return [Build(path: path, context: AuditGrounds.folder(of: path))]
    case .directory:
      let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      return dockerfiles(in: trimmed, files: files).map {
        Build(path: $0, context: AuditGrounds.folder(of: $0))
      }
    }
  }

  /// A folder below the working directory as relative, with its last slash.
  private func shown(_ folder: String) -> String {
    let working = FileSystem.workingDirectory
    if folder == working || folder.isEmpty { return "" }
    if folder.hasPrefix(working + "/") { return folder.dropFirst(working.utf8.count + 1) + "/" }
    return folder + "/"
  }

  /// One Dockerfile: what is wrong with it, after its fixes where they were asked for.
  private func audit(
    _ build: Build, _ bytes: [UInt8], _ grounds: AuditGrounds, ignored: Set<String>
  ) throws -> (report: AuditReport.File, isUnusable: Bool, hasHealthcheck: Bool) {
    let readsContext = grounds.hold(build.context)
    var subject = build.subject(
      bytes, shown: build.path, files: grounds.files, readsContext: readsContext)
    var fixable = 0
    let isForeign = fix && !grounds.hold(build.path)
    if isForeign { AuditGrounds.refuseToMend(build.path) }
    if diff || fix && !isForeign {
      let fixed = DockerfileFix(
        subject, target: build.target, arguments: build.arguments, ignoring: ignored)
      let ignorePath =
        (build.context == "." ? "" : build.context + "/")
        + (subject.context?.ignoreName ?? ".dockerignore")
      if diff {
        try Terminal.out(
          UnifiedDiff(
            path: build.path, old: masked(bytes, fixed.hidden.before),
            new: masked(fixed.bytes, fixed.hidden.after)
          ).render())
        if let text = fixed.ignoreFile {
          try Terminal.out(
            UnifiedDiff(
              path: ignorePath, old: subject.context?.ignoreFile, new: Array(text.utf8)
            ).render())
        }
      } else {
        try write(fixed, build.path, ignorePath)
        subject = build.subject(
          fixed.bytes, shown: build.path, files: grounds.files, readsContext: readsContext)
      }
    }
    let audit = DockerfileAudit(subject, ignoring: ignored)
    fixable = audit.findings.count { !$0.edits.isEmpty || $0.ignoreFile != nil }
    var sources = Sources()
    _ = sources.add(audit.source)
    let report = AuditReport.File(
      path: build.path, services: build.uses.map(\.name), sources: sources,
      diagnostics: audit.diagnostics, fixable: fixable)
    return (
      report, isForeign || subject.dockerfile.problems.contains { $0.severity == .error },
      subject.hasHealthcheck
    )
  }

  private func write(_ fixed: DockerfileFix, _ path: String, _ ignorePath: String) throws {
    if !fixed.applied.isEmpty {
      if let problem = FileSystem.write(fixed.bytes, to: path, mode: 0o666) {
        throw Terminal.failure(problem)
      }
      let list = fixed.applied.sorted { $0.key < $1.key }
        .map { $0.value == 1 ? $0.key : "\($0.key) (\($0.value))" }
      if !input.quiet { Terminal.note("mended \(path): \(list.joined(separator: ", "))") }
    }
    if let text = fixed.ignoreFile {
      if let problem = FileSystem.write(Array(text.utf8), to: ignorePath, mode: 0o666) {
        throw Terminal.failure(problem)
      }
      if !input.quiet { Terminal.note("wrote \(ignorePath)") }
    }
  }

  /// What the practices find in a stack, by the file that it is written in.
  private func stackFiles(
    _ loaded: Loaded, _ facts: StackFacts, ignored: Set<String>, all: [AuditReport.File]
  ) -> [AuditReport.File] {
    var byFile: [Int32: [PracticeFinding]] = [:]
    for finding in Practices.check(facts) where !ignored.contains(finding.slug) {
      byFile[loaded.keys.mark(finding.key).file, default: []].append(finding)
    }
    return byFile.keys.sorted().compactMap { number in
      guard loaded.sources.files.indices.contains(Int(number)) else { return nil }
      let file = loaded.sources.files[Int(number)]
      var bytes = file.bytes
      var diagnostics: [Diagnostic] = []
      for finding in byFile[number] ?? [] {
        let mark = loaded.keys.mark(finding.key)
        if let name = finding.secretName {
          bytes = maskedValue(bytes, of: name, line: Int(mark.line))
        }
        diagnostics.append(
          Diagnostic(
            finding.slug, finding.severity,
            at: SourceMark(file: 0, line: mark.line, column: mark.column), finding.text,
            hint: finding.hint))
      }
      var sources = Sources()
      _ = sources.add(SourceFile(path: file.path, bytes: bytes))
      return AuditReport.File(
        path: file.path, services: [], sources: sources, diagnostics: diagnostics, fixable: 0)
    }
  }
}
