package import Diagnostics
import Kubernetes
import Ledger
import Mapping
import Report
import Validation
import YAML

/// Would Kubernetes accept these files? The third question of `validate`, for YAML and JSON of any origin.
///
/// Files are given one after the other; `finish()` adds what is wrong between them. What is no manifest of its own (a
/// kustomization, a chart's template) and kinds that are not known are counted and named, never passed over silently.
package struct ManifestCheck: Sendable {
  /// One problem with its place.
  package struct Finding: Sendable {
    /// Such as `manifest/unknown-field`, or of a text that cannot be read, `yaml/…`.
    package let slug: String
    package let severity: Diagnostic.Severity
    package let file: String
    /// From one; 0 for the file as a whole.
    package let line: Int
    package let column: Int
    package let length: Int
    /// `Deployment/web`; empty where the text cannot be read.
    package let object: String
    package let path: String
    package let message: String
    package let hint: String?
    /// The line as it may be quoted; nil where it may hold a secret.
    package let quotation: String?
    /// The text cannot be read, so nothing can be said of its objects.
    package let isUnreadable: Bool

    /// `Deployment/web: spec.replicas: a boolean where …`
    package var text: String {
      [object, path, message].filter { !$0.isEmpty }.joined(separator: ": ")
    }
  }

  /// The minor version of the API server that is asked.
  package let minor: Int
  package private(set) var findings: [Finding] = []
  /// Objects whose fields and rules were checked.
  package private(set) var checked = 0
  package var fileCount: Int { files.count }
  /// Every file that was looked at.
  package private(set) var files: [String] = []
  /// Kinds that are not known, or only in part, and how often they are there: `monitoring.coreos.com/v1 ServiceMonitor`.
  package private(set) var unknownKinds: [String: Int] = [:]
  package private(set) var partlyKnown: [String: Int] = [:]
  /// Files that were left alone, and why.
  package private(set) var leftAlone: [(file: String, reason: String)] = []

  private var set = ManifestSet()
  private var sources: [Sources] = []
  private var owners: [Int] = []
  /// The lines of the file that was quoted last.
  private var quoted: (path: String, text: SourceText)?

  package init(minor: Int) {
    self.minor = minor
  }

  package mutating func leaveAlone(_ file: String, _ reason: String) {
    leftAlone.append((file, reason))
  }

  // MARK: One file

  package mutating func check(_ path: String, _ bytes: [UInt8]) {
    var source = Sources()
    let file = source.add(SourceFile(path: path, bytes: bytes))
    var documents: [Node] = []
    var diagnostics: [Diagnostic] = []
    if path.hasSuffix(".json") {
      do throws(DiagnosticError) {
        documents = [try JSONDocument.read(file, in: source)]
      } catch {
        diagnostics = error.diagnostics
      }
    } else {
      (documents, diagnostics) = Document.stream(file, in: source)
      if !diagnostics.isEmpty, Self.isTemplate(bytes) {
        leaveAlone(path, Self.templateReason)
        return
      }
    }
    if documents.count == 1,
      Field(root: documents[0]).text("apiVersion")?.hasPrefix("kustomize.config.k8s.io/") == true
    {
      leaveAlone(path, Self.kustomizationReason)
      return
    }
    files.append(path)
    sources.append(source)
    let start = findings.count
    for diagnostic in diagnostics {
      // What is twice there is read all the same.
      add(diagnostic, source, isUnreadable: diagnostic.slug != "yaml/duplicate-key")
    }
    let size = documents.count == 1 ? bytes.count : nil
    for document in documents { check(document, source, size: size) }
    findings[start...].sort { ($0.line, $0.column) < ($1.line, $1.column) }
    if documents.isEmpty, diagnostics.isEmpty { leaveAlone(path, "there is nothing in it") }
  }

  package static let kustomizationReason =
    "a kustomization: build it, and check the result with --manifests -"
  package static let templateReason =
    "a template of Helm: render the chart, and check the result with --manifests -"

  /// Whether a text that is no YAML looks like a template of Go.
  private static func isTemplate(_ bytes: [UInt8]) -> Bool {
    bytes.firstRange(of: Array("{{".utf8)) != nil && bytes.firstRange(of: Array("}}".utf8)) != nil
  }

  private mutating func check(_ root: Node, _ sources: Sources, size: Int?) {
    let field = Field(root: root)
    // A `List`, or a list of one kind, as `kubectl get -o yaml` prints them.
    if field.text("kind")?.hasSuffix("List") == true, let list = field["items"],
      list.node.items != nil
    {
      for item in list.items { check(item.node, sources, size: nil) }
      return
    }
    if field.text("kind") == "List" {
      add(
        Diagnostic(
          ManifestRule.missingField.slug, at: root.mark, "a List without a list of items"),
        sources, isUnreadable: false)
      return
    }
    guard let verdict = ManifestVerdict(root, minor: minor, size: size) else {
      let isHalf = field["apiVersion"] != nil || field["kind"] != nil
      add(
        Diagnostic(
          ManifestRule.noObject.slug, isHalf ? .error : .warning, at: root.mark,
          isHalf
            ? "no Kubernetes object: apiVersion or kind is missing"
            : "no Kubernetes object: there is neither apiVersion nor kind",
          hint: isHalf ? nil : "kubectl apply -R stops at it; keep it in another folder"), sources,
        isUnreadable: false)
      return
    }
    let name = "\(verdict.apiVersion) \(verdict.object.kind)"
    switch verdict.knowledge {
    case .full: checked += 1
    case .rules: partlyKnown[name, default: 0] += 1
    case .nothing:
      if verdict.problems.isEmpty { unknownKinds[name, default: 0] += 1 }
    }
    for problem in verdict.problems { add(problem, sources) }
    let number = owners.count
    owners.append(files.count - 1)
    set.add(root, verdict.object, apiVersion: verdict.apiVersion, number: number)
  }

  // MARK: All files

  /// Adds what is wrong between the manifests, and puts all findings in the order of their files.
  package mutating func finish() {
    for (number, problem) in set.problems() {
      add(problem, sources[owners[number]])
    }
    sources = []
    let order = findings.indices.sorted { left, right in
      let (a, b) = (findings[left], findings[right])
      if a.file != b.file { return a.file.utf8.lexicographicallyPrecedes(b.file.utf8) }
      return (a.line, a.column, left) < (b.line, b.column, right)
    }
    findings = order.map { findings[$0] }
  }

  package func count(_ severity: Diagnostic.Severity) -> Int {
    findings.count { $0.severity == severity }
  }

  // MARK: Findings

  private mutating func add(
    _ diagnostic: Diagnostic, _ sources: Sources, isUnreadable: Bool
  ) {
    let quotation = quotation(diagnostic.mark, sources)
    findings.append(
      Finding(
        slug: diagnostic.slug, severity: diagnostic.severity, file: sources.files[0].path,
        line: Int(diagnostic.mark.line), column: Int(diagnostic.mark.column),
        length: diagnostic.length, object: "", path: "", message: diagnostic.summary,
        hint: diagnostic.hint, quotation: quotation,
        isUnreadable: isUnreadable))
  }

  private mutating func add(_ problem: Problem, _ sources: Sources) {
    let severity: Diagnostic.Severity =
      switch problem.severity {
      case .error: .error
      case .warning: .warning
      case .note: .note
      }
    // What may be a secret is not quoted; the message has no value in it.
    let isHidden =
      problem.object.kind == "Secret"
      || problem.path.hasSuffix(".value") && problem.path.contains(".env[")
    let quotation = isHidden ? nil : quotation(problem.mark, sources)
    findings.append(
      Finding(
        slug: problem.rule.slug, severity: severity, file: sources.files[0].path,
        line: Int(problem.mark.line), column: Int(problem.mark.column), length: problem.length,
        object: problem.object.name.isEmpty ? problem.object.kind : problem.object.description,
        path: problem.path, message: problem.message, hint: problem.hint,
        quotation: quotation, isUnreadable: false))
  }

  private mutating func quotation(_ mark: SourceMark, _ sources: Sources) -> String? {
    guard mark.line > 0 else { return nil }
    let file = sources.files[0]
    let text = quoted?.path == file.path ? quoted!.text : SourceText(file.bytes)
    quoted = (file.path, text)
    guard let bytes = text.line(Int(mark.line)) else { return nil }
    let line = String(decoding: bytes, as: UTF8.self)
    let shown = Quotations.withoutSecrets(line)
    // Cut before the place that it should show.
    return shown == line || shown.unicodeScalars.count > Int(mark.column) ? shown : nil
  }
}

extension ManifestCheck.Finding {
  /// Place, message, the line with a caret, and the hint, as errors of a stack file are shown.
  package func render(color: Bool) -> String {
    var sources = Sources()
    _ = sources.add(SourceFile(path: file, bytes: []))
    let mark = SourceMark(file: 0, line: Int32(clamping: line), column: Int32(clamping: column))
    return DiagnosticRenderer(color: color).render(
      Diagnostic(slug, severity, at: mark, length: length, "\(text) [\(slug)]", hint: hint),
      line: quotation, in: sources)
  }
}
