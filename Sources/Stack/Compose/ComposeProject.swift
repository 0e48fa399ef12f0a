import Diagnostics
import YAML

/// Reads the files of one project as `docker compose up` reads them.
///
/// - Returns: The stack in Swarm's long form for the mapping, and the document that `docker compose config` prints.
/// - Throws: Every error found in any of the files.
func loadComposeProject(
  _ inputs: [InputFile], _ options: LoadOptions, into sources: inout Sources, keys: inout KeyTable,
  reading: @escaping FileReading
) throws(DiagnosticError) -> LoadedStack {
  let firstKey = keys.count
  var files = ComposeFiles(
    Loading(options: options, reading: reading), sources, keys, firstPath: inputs.first?.path)
  let working = options.workingDirectory
  var project: Node?
  for input in inputs {
    let path = Paths.absolute(input.path, in: working)
    guard let document = files.document(input, path: path, folder: working) else { continue }
    project =
      project.map { files.merge.join($0, document, .mapping(ComposeSchema.root)) } ?? document
  }
  (sources, keys) = (files.sources, files.keys)
  if inputs.isEmpty {
    files.loading.report(Diagnostic("stack/no-file", at: .none, "no Compose file was given"))
  }
  guard !files.loading.hasErrors, let project else {
    throw DiagnosticError(files.loading.allErrors)
  }
  var normal = ComposeNormal(files.loading, ComposeMerge.withoutResets(project))
  let name = normal.projectName(files.name?.value.text)
  normal.resolve()
  normal.check()
  if normal.loading.hasErrors { throw DiagnosticError(normal.loading.allErrors) }
  let document = normal.document(named: name, files.name)
  var swarm = ComposeAsSwarm()
  let root = swarm.root(document)
  var stack = LoadedStack(
    root: root, warnings: normal.loading.allWarnings, superseded: files.merge.superseded,
    omitted: normal.loading.omitted + swarm.omitted,
    templates: normal.loading.templates,
    keys: Int32(firstKey)..<Int32(keys.count), dialect: .compose, printed: document)
  Leaves.account(for: &stack, keys)
  return stack
}

/// A project whose files are joined, on its way to what Docker Compose prints.
struct ComposeNormal {
  var loading: Loading
  private(set) var root: Node

  init(_ loading: Loading, _ root: Node) {
    self.loading = loading
    self.root = root
  }

  func entries(_ section: String) -> [Entry] {
    (root[section]?.entries ?? []).filter { !$0.key.hasPrefix("x-") }
  }

  /// The project's name: given, of the environment, of the files, or of the folder.
  func projectName(_ written: String?) -> String {
    if let name = loading.options.projectName { return name }
    if let name = loading.options.environment["COMPOSE_PROJECT_NAME"], !name.isEmpty { return name }
    if let written { return written }
    let folder = loading.options.workingDirectory.split(separator: "/").last.map(String.init) ?? ""
    let legal = folder.lowercased().unicodeScalars.filter {
      ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" || $0 == "-"
    }
    return String(String.UnicodeScalarView(legal.drop { $0 == "_" || $0 == "-" }))
  }

  /// Leaves out services of other profiles, and fills in variables and defaults.
  mutating func resolve() {
    var services: [Entry] = []
    for var service in entries("services") where isEnabled(service.value) {
      var fields = service.value.entries ?? []
      resolveEnvironment(&fields)
      normalize(&fields, service.value)
      service.value.content = .mapping(fields)
      services.append(service)
    }
    set("services", services)
  }

  private mutating func set(_ section: String, _ entries: [Entry]) {
    var all = root.entries ?? []
    if let index = all.firstIndex(where: { $0.key == section }) {
      all[index].value.content = .mapping(entries)
    } else {
      all.append(Entry(section, Node(.mapping(entries))))
    }
    root.content = .mapping(all)
  }

  private func isEnabled(_ service: Node) -> Bool {
    let own = service["profiles"]?.items?.compactMap(\.text) ?? []
    let enabled = loading.options.profiles
    return own.isEmpty || enabled.contains("*") || own.contains(where: enabled.contains)
  }

  private mutating func resolveEnvironment(_ fields: inout [Entry]) {
    var variables: [Entry] = []
    for file in fields.first(where: { $0.key == "env_file" })?.value.items ?? [] {
      guard let path = file["path"], let text = path.text else { continue }
      switch loading.reading(text) {
      case .failure(let problem):
        if file["required"]?.bool == false { continue }
        loading.error(
          "stack/env-file", at: path,
          "\(loading.path(path)): cannot read \(loading.quote(path)): \(problem.reason)")
      case .success(let bytes):
        var environment = loading.options.environment
        for variable in variables where environment[variable.key] == nil {
          environment[variable.key] = variable.value.text
        }
        do throws(EnvironmentFileProblem) {
          let lines =
            file["format"]?.text == "raw"
            ? try parseEnvFile(bytes, environment: environment)
            : try parseDotEnv(bytes, environment: environment)
          for line in lines {
            put(Entry(line.name, .string(line.value, like: file), at: file.mark), into: &variables)
          }
        } catch {
          loading.error(
            "stack/env-file", at: path,
            "\(loading.path(path)): cannot read \(loading.quote(path)): \(error.reason)")
        }
      }
    }
    for var entry in fields.first(where: { $0.key == "environment" })?.value.entries ?? [] {
      if entry.value.isNull, let value = loading.options.environment[entry.key] {
        entry.value = .string(value, like: entry.value)
      }
      put(entry, into: &variables)
    }
    guard !variables.isEmpty else { return }
    if let index = fields.firstIndex(where: { $0.key == "environment" }) {
      fields[index].value.content = .mapping(variables)
    } else if let file = fields.first(where: { $0.key == "env_file" }) {
      fields.append(
        Entry(
          "environment", Node(.mapping(variables), at: file.value.mark, id: file.value.id),
          at: file.keyMark))
    }
  }

  private func put(_ entry: Entry, into variables: inout [Entry]) {
    if let index = variables.firstIndex(where: { $0.key == entry.key }) {
      variables[index] = entry
    } else {
      variables.append(entry)
    }
  }

  /// Services that a service refers to by a link, or by sharing a namespace, start before it.
  private func impliedDependencies(
    _ service: Node
  ) -> [(name: String, node: Node, restarts: Bool)] {
    var implied: [(String, Node, Bool)] = []
    for link in service["links"]?.items ?? [] {
      if let name = link.text?.split(separator: ":").first {
        implied.append((String(name), link, true))
      }
    }
    for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
      guard let node = service[key], let text = node.text, text.hasPrefix("service:") else {
        continue
      }
      implied.append((String(text.dropFirst(8)), node, true))
    }
    for item in service["volumes_from"]?.items ?? [] {
      guard let text = item.text, !text.hasPrefix("container:") else { continue }
      if let name = text.split(separator: ":").first { implied.append((String(name), item, false)) }
    }
    return implied
  }

  private func depend(_ fields: inout [Entry], _ service: Node) {
    var dependencies = service["depends_on"]?.entries ?? []
    for (name, node, restarts) in impliedDependencies(service)
    where !dependencies.contains(where: { $0.key == name }) {
      let keys = [
        Entry("condition", .string("service_started", like: node)),
        Entry("restart", .bool(restarts, like: node)), Entry("required", .bool(true, like: node)),
      ]
      dependencies.append(
        Entry(name, Node(.mapping(keys), at: node.mark, id: node.id), at: node.mark))
    }
    if dependencies.isEmpty { return }
    if let index = fields.firstIndex(where: { $0.key == "depends_on" }) {
      fields[index].value.content = .mapping(dependencies)
    } else {
      fields.append(Entry("depends_on", Node(.mapping(dependencies))))
    }
  }

  private func normalize(_ fields: inout [Entry], _ service: Node) {
    if service["networks"] == nil || service["networks"]?.entries?.isEmpty == true,
      service["network_mode"] == nil, service["provider"] == nil
    {
      fields.removeAll { $0.key == "networks" }
      fields.append(Entry("networks", Node(.mapping([Entry("default", .null())]))))
    }
    depend(&fields, service)
    if let index = fields.firstIndex(where: { $0.key == "build" }),
      var build = fields[index].value.entries
    {
      let origin = fields[index].value
      if !build.contains(where: { $0.key == "context" }) {
        build.append(Entry("context", .string(loading.options.workingDirectory, like: origin)))
      }
      if !build.contains(where: { $0.key == "dockerfile" || $0.key == "dockerfile_inline" }) {
        build.append(Entry("dockerfile", .string("Dockerfile", like: origin)))
      }
      if let args = build.firstIndex(where: { $0.key == "args" }) {
        build[args].value.content = .mapping(
          (build[args].value.entries ?? []).map { entry in
            var entry = entry
            if entry.value.isNull, let value = loading.options.environment[entry.key] {
              entry.value = .string(value, like: entry.value)
            }
            return entry
          })
      }
      fields[index].value.content = .mapping(build)
    }
  }
}
