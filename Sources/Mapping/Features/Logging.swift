import Basics
import Kubernetes
package import Ledger
import Swarm
import YAML

/// Log drivers.
package enum Logging: Feature {
  package static let name = "logging"
  package static let title = "Logging"
  package static let about = """
    In Swarm each service names the driver that takes its output, with options. In Kubernetes a container's output always goes to
    a file on its node, which `kubectl logs` reads and the kubelet rotates (10 MiB, five files, unless the node says
    otherwise). Sending it elsewhere is the task of a collector that runs on each node and reads all files: Fluent Bit,
    Vector, Promtail, the OpenTelemetry Collector or the cloud's own.

    So no driver and no option has a counterpart in a manifest. The report records them all, so that the collector can be set
    up to send to the same place. Options whose name says that their value is a secret are recorded by name only.
    """
  package static let owns: [KeyPattern] = ["services.*.logging.**"]
  package static let examples: [Example] = [
    Example(
      "A driver that sends logs elsewhere",
      stack: """
        image: web:1
        logging:
          driver: gelf
          options:
            gelf-address: udp://logs.example.com:12201
        """,
      kubernetes: """
        image: web:1
        """,
      findings: ["logging/driver"])
  ]

  enum Kind {
    static let none: FindingKind = .lost("logging/none", .changesBehaviour)
    static let localFile: FindingKind = .lost("logging/local-file", .changesBehaviour)
    static let options: FindingKind = .lost("logging/options", .changesBehaviour)
    static let driver: FindingKind = .lost("logging/driver", .changesBehaviour)
  }

  package static let kinds: [FindingKind] = [
    Kind.none, Kind.localFile, Kind.options, Kind.driver,
  ]

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    guard let node = service["logging"] else { return }
    let options = (node["options"]?.entries ?? []).map { entry in
      SecretNames.hides(entry.key) ? entry.key : "\(entry.key)=\(entry.value.text ?? "")"
    }
    let list = options.isEmpty ? "" : " (\(options.joined(separator: ", ")))"
    switch node["driver"]?.text ?? "" {
    case "none": context.settle(node, .none)
    case "json-file", "local": context.settle(node, .localFile(list))
    case "": context.settle(node, .defaultDriver(list))
    case let driver: context.settle(node, .driver(driver, list))
    }
  }
}

private typealias Kind = Logging.Kind

extension Finding.Message {
  fileprivate static var none: Self {
    Self(
      Kind.none,
      "The output was thrown away (driver `none`). Kubernetes keeps it on the node, up to five files of "
        + "10 MiB, for everyone who may read the pod's logs.")
  }

  fileprivate static func localFile(_ options: String) -> Self {
    Self(
      Kind.localFile,
      "The size and number of log files\(options) are the kubelet's to decide, for all containers of a "
        + "node: five files of 10 MiB unless set otherwise. `kubectl logs` reads the newest one.",
      remedy: .sentence(
        "Set containerLogMaxSize and containerLogMaxFiles in the kubelet's configuration of each node."
      ))
  }

  fileprivate static func defaultDriver(_ options: String) -> Self {
    Self(
      Kind.options,
      "These options\(options) were for the log driver that the Docker daemon has as its default; a "
        + "pod has no log options.",
      remedy: .look(
        Command("docker info --format '{{.LoggingDriver}}'")
          .noting("on a Swarm node: where the logs went")))
  }

  fileprivate static func driver(_ driver: String, _ options: String) -> Self {
    let install: Command =
      """
      helm upgrade --install fluent-bit fluent-bit --repo https://fluent.github.io/helm-charts \
      --namespace logging --create-namespace
      """
    return Self(
      Kind.driver,
      "The output went to the log driver `\(driver)`\(options). It now stays on the node, and nothing "
        + "arrives at the old place until a collector on each node sends it there.",
      remedy: .command(
        install.meaning(.install(chart: "fluent-bit"))
          .noting("then configure an output like `\(driver)`")))
  }
}
