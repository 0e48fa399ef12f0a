import Basics
import Diagnostics
import YAML

/// Reads the files of a Compose project, and those that they extend or include.
struct ComposeFiles {
  var loading: Loading
  var sources: Sources
  var keys: KeyTable
  var merge = ComposeMerge()
  /// The name that the files give the project.
  var name: Entry?
  /// The first file as the user named it.
  private let firstPath: String?

  /// The files that are being read, for cycles.
  private var open: [String] = []
  private var documents: [String: Node] = [:]

  private static let nestingLimit = 50

  init(_ loading: Loading, _ sources: Sources, _ keys: KeyTable, firstPath: String?) {
    self.firstPath = firstPath
    self.loading = loading
    self.sources = sources
    self.keys = keys
  }

  /// The long form of a text with all that it extends and includes; nil after an error.
  mutating func document(_ file: InputFile, path: String, folder: String) -> Node? {
    let number = sources.add(SourceFile(path: file.path, bytes: file.bytes))
    var root: Node
    do throws(DiagnosticError) {
      guard let read = try Document.read(number, in: sources), !read.isNull else {
        loading.report(
          Diagnostic(
            "stack/empty", at: SourceMark(file: number, line: 1, column: 1),
            "the file is empty: nothing in it but blanks and comments",
            hint: "a Compose file is a mapping of keys, such as `services:`"))
        return nil
      }
      root = read
    } catch {
      loading.report(error.diagnostics)
      return nil
    }
    guard root.entries != nil else {
      loading.error("stack/no-mapping", at: root, "a Compose file must be a mapping of keys")
      return nil
    }
    loading.file = file.bytes
    Interpolation.run(&root, &loading)
    keys.number(&root)
    loading.keys = keys
    var reading = ComposeReading(loading: loading, folder: folder)
    let long = reading.mapping(root, ComposeSchema.root)
    loading = reading.loading
    guard var long else { return nil }
    open.append(path)
    defer { open.removeLast() }
    extendAll(&long, path: path, folder: folder)
    include(&long, folder: folder)
    if let name = long.entry("name") { self.name = name }
    return long
  }

  /// Another file of the project; nil after an error at `node`.
  private mutating func other(_ path: String, folder: String, at node: Node, _ what: String)
    -> Node?
  {
    if open.contains(path) || open.count > Self.nestingLimit {
      loading.error(
        "compose/cycle", at: node, "\(loading.path(node)): the \(what) of \(path) leads back to it")
      return nil
    }
    if let known = documents["\(folder)\n\(path)"] { return known }
    switch loading.reading(path) {
    case .failure(let problem):
      loading.error(
        "compose/missing-file", at: node,
        "\(loading.path(node)): cannot read \(loading.quote(node)): \(problem.reason)")
      return nil
    case .success(let bytes):
      let own = (loading.keys, name)
      let document = document(
        InputFile(path: shown(path), bytes: bytes), path: path, folder: folder)
      (loading.keys, name) = own
      loading.keys = keys
      documents["\(folder)\n\(path)"] = document
      return document
    }
  }

  /// The path as it is from where the user named the first file, if it lies beside or below that one.
  private func shown(_ path: String) -> String {
    let folder = loading.options.workingDirectory + "/"
    guard path.hasPrefix(folder), let first = firstPath else { return path }
    let prefix = first.lastIndex(of: "/").map { String(first[...$0]) } ?? ""
    return prefix + path.dropFirst(folder.count)
  }

  // MARK: - extends

  private mutating func extendAll(_ root: inout Node, path: String, folder: String) {
    guard let services = root["services"]?.entries,
      services.contains(where: { $0.value["extends"] != nil })
    else { return }
    var resolved: [String: Node] = [:]
    for service in services {
      _ = extended(service.key, services, &resolved, [], folder: folder)
    }
    replace("services", in: &root) { node in
      node.content = .mapping(
        services.map { entry in
          var entry = entry
          entry.value = resolved[entry.key] ?? entry.value
          return entry
        })
    }
  }

  private mutating func extended(
    _ name: String, _ services: [Entry], _ resolved: inout [String: Node], _ chain: [String],
    folder: String
  ) -> Node? {
    if let known = resolved[name] { return known }
    guard let service = services.first(where: { $0.key == name })?.value else { return nil }
    guard let extends = service.entry("extends"), extends.value.entries != nil else {
      resolved[name] = service
      return service
    }
    if chain.contains(name) || chain.count > Self.nestingLimit {
      loading.error(
        "compose/cycle", at: extends, "services.\(name): what it extends leads back to it")
      return nil
    }
    guard let target = extends.value["service"], let base = target.text else {
      loading.missing("service", in: extends.value)
      return nil
    }
    var found: Node?
    if let file = extends.value["file"], let text = file.text {
      let path = Paths.absolute(text, in: folder)
      let place = Paths.folder(of: path)
      if open.last == path {
        found = extended(base, services, &resolved, chain + [name], folder: folder)
      } else if let document = other(path, folder: place, at: file, "extends") {
        found = document["services"]?[base]
      } else {
        return nil
      }
    } else {
      found = extended(base, services, &resolved, chain + [name], folder: folder)
      if found == nil, loading.hasErrors { return nil }
    }
    guard let found else {
      let near = nearest(base, among: services.map(\.key).sorted())
      loading.error(
        "compose/extends", at: target, "services.\(name) extends \"\(base)\", which is not there",
        hint: near.map { "did you mean \"\($0)\"?" })
      return nil
    }
    var own = service
    own.content = .mapping((service.entries ?? []).filter { $0.key != "extends" })
    loading.omitted.append((extends.value.id, .followed))
    var joined = merge.join(found, own, .mapping(ComposeSchema.service))
    (joined.id, joined.mark) = (service.id, service.mark)
    resolved[name] = joined
    return joined
  }

  private func replace(_ key: String, in root: inout Node, _ change: (inout Node) -> Void) {
    guard var entries = root.entries, let index = entries.firstIndex(where: { $0.key == key })
    else {
      return
    }
    change(&entries[index].value)
    root.content = .mapping(entries)
  }

  // MARK: - include

  private mutating func include(_ root: inout Node, folder: String) {
    guard let include = root.entry("include") else { return }
    root.content = .mapping((root.entries ?? []).filter { $0.key != "include" })
    loading.omitted.append((include.value.id, .followed))
    guard let items = include.value.items else {
      loading.wrongType(include.value, "a list")
      return
    }
    for item in items {
      guard let included = included(item, folder: folder) else { continue }
      importing(included, into: &root, at: item)
    }
  }

  private mutating func included(_ item: Node, folder: String) -> Node? {
    let paths: [Node]
    if item.entries != nil {
      let path = item["path"]
      paths = path?.items ?? path.map { [$0] } ?? []
    } else {
      paths = [item]
    }
    guard let first = paths.first?.text else {
      loading.wrongType(item, "a path, or a mapping with `path`")
      return nil
    }
    let place =
      item["project_directory"]?.text.map { Paths.absolute($0, in: folder) }
      ?? Paths.folder(of: Paths.absolute(first, in: folder))
    let outer = loading.options
    readEnvironment(item, place: place, folder: folder)
    defer { loading.options = outer }
    var joined: Node?
    for path in paths {
      guard let text = path.text else { continue }
      let absolute = Paths.absolute(text, in: folder)
      guard let document = other(absolute, folder: place, at: path, "include") else { return nil }
      joined = joined.map { merge.join($0, document, .mapping(ComposeSchema.root)) } ?? document
    }
    return joined.map(ComposeMerge.withoutResets).map { withContexts($0, place) }
  }

  /// Builds of an included file without a context have its folder.
  private func withContexts(_ root: Node, _ folder: String) -> Node {
    var root = root
    replace("services", in: &root) { services in
      services.content = .mapping(
        (services.entries ?? []).map { service in
          var service = service
          replace("build", in: &service.value) { build in
            guard let fields = build.entries, build["context"] == nil else { return }
            build.content = .mapping(fields + [Entry("context", .string(folder, like: build))])
          }
          return service
        })
    }
    return root
  }

  /// The variables of an included file: those of `env_file`, or of `.env` in its folder, below the project's.
  private mutating func readEnvironment(_ item: Node, place: String, folder: String) {
    let named = item["env_file"]
    let files =
      (named?.items ?? named.map { [$0] })?.compactMap { node in
        node.text.map { (node, Paths.absolute($0, in: folder)) }
      } ?? [(item, "\(place)/.env")]
    for (node, path) in files where path != "/dev/null" {
      switch loading.reading(path) {
      case .failure(let problem):
        if named != nil {
          loading.error(
            "compose/missing-file", at: node,
            "\(loading.path(node)): cannot read \(path): \(problem.reason)")
        }
      case .success(let bytes):
        guard let lines = try? parseDotEnv(bytes, environment: loading.options.environment) else {
          loading.error("compose/env-file", at: node, "\(path) is no environment file")
          continue
        }
        for (name, value) in lines where loading.options.environment[name] == nil {
          loading.options.environment[name] = value
        }
      }
    }
  }

  /// Takes over the sections of an included file. What both define must be equal.
  private mutating func importing(_ included: Node, into root: inout Node, at item: Node) {
    var entries = root.entries ?? []
    for section in included.entries ?? [] {
      guard
        ["services", "networks", "volumes", "secrets", "configs", "models"].contains(section.key)
      else { continue }
      guard let index = entries.firstIndex(where: { $0.key == section.key }) else {
        entries.append(section)
        continue
      }
      var own = entries[index].value.entries ?? []
      for entry in section.value.entries ?? [] {
        guard let existing = own.first(where: { $0.key == entry.key }) else {
          own.append(entry)
          continue
        }
        if Loading.jsonIdentity(existing.value) != Loading.jsonIdentity(entry.value) {
          loading.error(
            "compose/include-conflict", at: existing,
            "\(section.key).\(entry.key) is defined here and in an included file")
        }
      }
      entries[index].value.content = .mapping(own)
    }
    root.content = .mapping(entries)
  }
}
