package import Diagnostics
package import YAML

/// Reads the files of one stack as `docker stack deploy` reads them.
///
/// - Parameters:
///   - files: The stack files in the order of `-c`.
///   - options: Variables, folder, dialect.
///   - sources: Takes the texts, for marks.
///   - keys: Takes a number for every key; several stacks may be numbered one after the other.
///   - reading: Reads environment files.
/// - Throws: Every error found in any of the files.
package func loadStack(
  _ files: [InputFile], _ options: LoadOptions, into sources: inout Sources,
  keys: inout KeyTable, reading: @escaping FileReading
) throws(DiagnosticError) -> LoadedStack {
  if options.dialect == .compose {
    return try loadComposeProject(files, options, into: &sources, keys: &keys, reading: reading)
  }
  var loading = Loading(options: options, reading: reading)
  let firstKey = keys.count
  var documents: [Node] = []
  var firstVersion: String?
  for file in files {
    let number = sources.add(SourceFile(path: file.path, bytes: file.bytes))
    guard var root = compose(number, sources, &loading) else { continue }
    guard root.entries != nil else {
      loading.error("stack/no-mapping", at: root, "a stack file must be a mapping of keys")
      continue
    }
    let version = FormatVersion(root)
    if let firstVersion, firstVersion != version.text {
      loading.error(
        "stack/version-mismatch", at: root["version"] ?? root,
        "this file has version \(version.text), the first one \(firstVersion)")
    }
    firstVersion = firstVersion ?? version.text
    loading.file = file.bytes
    Interpolation.run(&root, &loading)
    loading.keys = KeyTable()
    keys.number(&root)
    loading.keys = keys
    if let document = loading.readDocument(root, version) { documents.append(document) }
  }
  if files.isEmpty {
    loading.report(Diagnostic("stack/no-file", at: .none, "no stack file was given"))
  }
  guard !loading.hasErrors, let first = documents.first else {
    throw DiagnosticError(loading.allErrors)
  }
  var merge = Merge()
  var root = documents.dropFirst().reduce(first) { merge.documents($0, $1) }
  merge.dropEmptyLists(&root)
  for clash in merge.clashes {
    loading.error(
      "stack/cannot-merge", at: clash.later,
      "\(loading.path(clash.later.value)) is a list, but \(clash.earlier.typeName) in an earlier file"
    )
  }
  for (earlier, later) in merge.lostPorts {
    loading.warn(
      "stack/port-lost", about: "\(earlier.id.rawValue)", at: earlier.mark,
      "\(loading.path(earlier)): when it merges files, Docker keeps one port for each published port, "
        + "and drops this one for \(loading.path(later))")
  }
  if loading.hasErrors { throw DiagnosticError(loading.allErrors) }
  var stack = LoadedStack(
    root: root, warnings: loading.allWarnings, superseded: merge.superseded,
    omitted: loading.omitted + merge.omitted, templates: loading.templates,
    keys: Int32(firstKey)..<Int32(keys.count))
  Leaves.account(for: &stack, keys)
  return stack
}

private func compose(_ file: Int32, _ sources: Sources, _ loading: inout Loading) -> Node? {
  do throws(DiagnosticError) {
    if let root = try Document.read(file, in: sources) { return root }
    loading.report(
      Diagnostic(
        "stack/empty", at: SourceMark(file: file, line: 1, column: 1),
        "the file is empty: nothing in it but blanks and comments",
        hint: "a stack file is a mapping of keys, such as `services:`"))
  } catch {
    loading.report(error.diagnostics)
  }
  return nil
}

extension Loading {
  fileprivate mutating func readDocument(_ root: Node, _ version: FormatVersion) -> Node? {
    guard let minor = version.minor else {
      error(
        "stack/unsupported-version", at: root["version"] ?? root,
        "version \(version.text) is not a version of the stack format",
        hint: "leave `version` out, or write \"3.0\" to \"3.\(Schema.newest)\"")
      return nil
    }
    minorVersion = minor
    if let written = root["version"], written.scalar?.kind != .string {
      wrongType(written, "a string")
    }
    guard var fields = readFields(root, Schema.root) else { return nil }
    if !fields.contains(where: { $0.key == "services" }) {
      fields.insert(Entry("services", Node(.mapping([]))), at: 0)
    }
    // Docker prints the version after variables are filled in, and leaves out sections without a name.
    let written = root.entry("version")
    let text = FormatVersion.normal(written?.value.scalar?.text ?? "")
    fields.removeAll {
      $0.key != "services" && Schema.root.index(of: $0.key) != nil
        && $0.value.entries?.isEmpty == true
    }
    fields.insert(
      Entry(
        "version", .string(text, like: written?.value), at: written?.keyMark ?? .none), at: 0)
    return Node(.mapping(fields), at: root.mark, id: root.id)
  }
}

/// The version that a file declares, before variables are filled in.
struct FormatVersion {
  let text: String

  init(_ root: Node) {
    guard let version = root["version"] else {
      text = Self.normal("")
      return
    }
    text = Self.normal(version.scalar?.sprint ?? version.typeName)
  }

  /// No version, and `3` alone, mean the newest.
  static func normal(_ text: String) -> String {
    text.isEmpty || text == "3" ? "3.\(Schema.newest)" : text
  }

  /// The `N` of `3.N`; nil for a version that Docker does not have.
  var minor: Int? { (0...Schema.newest).first { text == "3.\($0)" } }
}
