import YAML

extension Loading {
  /// Joins the variables of `env_file` and `environment`, in this order, and gives those without a value the one
  /// that the client has.
  mutating func resolveEnvironment(_ fields: inout [Entry]) {
    var variables: [Entry] = []
    let files = fields.first { $0.key == "env_file" }?.value.items ?? []
    for file in files {
      let path = Paths.absolute(file.text ?? "", in: options.workingDirectory)
      switch environmentFile(path) {
      case .success(let lines):
        for line in lines {
          variables.append(
            Entry(line.name, .string(line.value, like: file), at: file.mark))
        }
      case .failure(let problem):
        error(
          "stack/env-file", at: file,
          "\(self.path(file)): cannot read \(quote(file)): \(problem.reason)")
      }
    }
    let hasFiles = !variables.isEmpty
    let position = fields.firstIndex { $0.key == "environment" }
    variables += position.map { fields[$0].value.entries ?? [] } ?? []
    for index in variables.indices {
      let value = variables[index].value
      if value.isNull || value.scalar?.text.isEmpty == true,
        let client = options.environment[variables[index].key]
      {
        variables[index].value = .string(client, like: value)
      }
    }
    if hasFiles {
      variables = Self.lastOfEachVariable(variables)
      variables.sort { NaturalOrder.precedes($0.key, $1.key) }
    }
    let long = Node.Content.mapping(variables)
    if let position {
      fields[position].value.content = long
    } else if let file = fields.firstIndex(where: { $0.key == "env_file" }), !variables.isEmpty {
      // Before `env_file`, as Docker orders them.
      let origin = fields[file]
      fields.insert(
        Entry(
          "environment", Node(long, at: origin.value.mark, id: origin.value.id),
          at: origin.keyMark), at: file)
    }
  }

  private static func lastOfEachVariable(_ variables: [Entry]) -> [Entry] {
    var last: [String: Int] = [:]
    for (position, variable) in variables.enumerated() { last[variable.key] = position }
    if last.count == variables.count { return variables }
    return variables.enumerated().filter { last[$0.element.key] == $0.offset }.map(\.element)
  }

  private mutating func environmentFile(
    _ path: String
  ) -> Result<[EnvironmentLine], EnvironmentFileProblem> {
    if let known = environmentFiles[path] { return known }
    let result: Result<[EnvironmentLine], EnvironmentFileProblem>
    switch reading(path) {
    case .failure(let problem): result = .failure(EnvironmentFileProblem(reason: problem.reason))
    case .success(let bytes):
      do throws(EnvironmentFileProblem) {
        result = .success(try parseEnvFile(bytes, environment: options.environment))
      } catch {
        result = .failure(error)
      }
    }
    environmentFiles[path] = result
    return result
  }
}
