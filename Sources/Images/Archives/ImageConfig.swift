package import YAML

/// What an image declares: the part of its configuration that the platform acts on.
///
/// Source: the OCI image specification, `config.md`; `Healthcheck` is Docker's own.
package struct ImageConfig: Sendable, Hashable {
  /// `CMD`, `CMD-SHELL` and what follows, with times in nanoseconds.
  package struct Healthcheck: Sendable, Hashable {
    package let test: [String]
    package let interval: Int
    package let timeout: Int
    package let startPeriod: Int
    package let startInterval: Int
    package let retries: Int
  }

  /// As written; empty for root.
  package let user: String
  /// `8080/tcp`, sorted.
  package let ports: [String]
  package let healthcheck: Healthcheck?
  package let stopSignal: String?
  package let volumes: [String]
  package let workingDirectory: String
  package let entrypoint: [String]
  package let command: [String]
  /// What runs health checks of the shell form; empty for `/bin/sh -c`.
  package let shell: [String]
  /// The names of variables; values may be secret.
  package let variables: [String]
  /// Variables that hold a secret by their name, and have a value.
  package let secretVariables: [String]
  /// `linux/amd64`.
  package let platform: String

  package init(_ document: JSON) {
    let config = document["config"] ?? document["Config"]
    user = config?["User"]?.text ?? ""
    ports = (config?["ExposedPorts"]?.members ?? []).map(\.key).sorted { left, right in
      let (first, second) = (
        Int(left.prefix { $0 != "/" }) ?? 0, Int(right.prefix { $0 != "/" }) ?? 0
      )
      return (first, left) < (second, right)
    }
    healthcheck = config?["Healthcheck"].flatMap { check in
      let test = check["Test"]?.items.compactMap(\.text) ?? []
      guard let first = test.first, first != "NONE" else { return nil }
      return Healthcheck(
        test: test, interval: check["Interval"]?.integer ?? 0,
        timeout: check["Timeout"]?.integer ?? 0, startPeriod: check["StartPeriod"]?.integer ?? 0,
        startInterval: check["StartInterval"]?.integer ?? 0,
        retries: check["Retries"]?.integer ?? 0)
    }
    stopSignal = config?["StopSignal"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    volumes = (config?["Volumes"]?.members ?? []).map(\.key).sorted()
    workingDirectory = config?["WorkingDir"]?.text ?? ""
    entrypoint = config?["Entrypoint"]?.items.compactMap(\.text) ?? []
    command = config?["Cmd"]?.items.compactMap(\.text) ?? []
    shell = config?["Shell"]?.items.compactMap(\.text) ?? []
    let pairs = (config?["Env"]?.items ?? []).compactMap { item -> (String, String)? in
      guard let text = item.text, let equals = text.firstIndex(of: "=") else { return nil }
      return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
    variables = pairs.map(\.0)
    secretVariables = pairs.filter { SecretWords.isSecret($0.0) && SecretWords.isValue($0.1) }.map(
      \.0)
    let system = document["os"]?.text ?? "linux"
    platform = document["architecture"]?.text.map { "\(system)/\($0)" } ?? system
  }
}
