import Kubernetes
package import Ledger
import Swarm
import YAML

/// Services that exist to run the Swarm itself are recognised, and their Kubernetes-native replacement is named.
package enum Infrastructure: Feature {
  package static let name = "infrastructure"
  package static let title = "Swarm's own infrastructure"
  package static let about = """
    Many stacks carry services that manage or watch the Swarm itself: a proxy that reads the docker socket, Portainer and \
    its agent, a cron or update daemon, node agents. They speak to the Docker API, which a Kubernetes node does not offer, so \
    moving them as they are gives pods that start and do nothing.

    Such a service is known by its image's repository; one with a docker socket mounted and an unknown image is known by \
    the mount. It is still converted, so that nothing disappears, and a `manual` finding names what does its work on \
    Kubernetes. `--skip-infrastructure` leaves these services out of the manifests. Node agents that read the host \
    (node-exporter, cAdvisor) work as DaemonSets; the finding names the package that installs and configures them.
    """
  /// Every key of such a service belongs to the feature that maps it.
  package static let owns: [KeyPattern] = []
  package static let examples: [Example] = [
    Example(
      "An update daemon",
      stack: """
        image: containrrr/shepherd:1.7
        """,
      kubernetes: """
        kind: Deployment
        """,
      findings: ["infrastructure/replace"])
  ]

  package enum Kind {
    package static let replace: FindingKind = .manual(
      "infrastructure/replace", .keepsPodsDown, asks: .skipInfrastructure)
    /// What reads its node works as it is; there is only something better.
    static let readyMade: FindingKind = .decide(
      "infrastructure/ready-made", asks: .skipInfrastructure)
    static let leftOut: FindingKind = .adapted("infrastructure/left-out", asks: .skipInfrastructure)
    static let usesDockerAPI: FindingKind = .manual(
      "infrastructure/uses-docker-api", .keepsPodsDown)
  }

  package static let kinds: [FindingKind] = [
    Kind.replace, Kind.readyMade, Kind.leftOut, Kind.usesDockerAPI,
  ]

  /// A kind of Swarm infrastructure.
  struct Row: Sendable {
    /// The last one or two parts of image repositories, without registry and tag.
    let images: [String]
    let role: String
    let replacement: String
    /// It reads the node and needs no Docker.
    var readsNode = false
    /// Where the replacement is documented.
    let source: String
  }

  static let table: [Row] = [
    Row(
      images: ["portainer/portainer", "portainer/portainer-ce", "portainer/portainer-ee"],
      role: "Portainer's server, which manages the Swarm through its agents",
      replacement: "Install Portainer for Kubernetes from its Helm chart (portainer/portainer).",
      source: "docs.portainer.io, install on Kubernetes"),
    Row(
      images: ["portainer/agent"], role: "Portainer's agent on each Swarm node",
      replacement:
        "Install Portainer's Kubernetes agent with the manifest that Portainer shows under "
        + "Environments; it is one Deployment, not one a node.",
      source: "docs.portainer.io, Kubernetes agent"),
    Row(
      images: ["swarmpit/swarmpit", "swarmpit/agent"], role: "Swarmpit, a console of the Swarm API",
      replacement: "Use a Kubernetes console such as Headlamp or Rancher.",
      source: "swarmpit.io; headlamp.dev"),
    Row(
      images: ["dockersamples/visualizer", "mvisonneau/docker-swarm-visualizer"],
      role: "the Swarm visualizer, which draws tasks from the Docker API",
      replacement: "Use a Kubernetes console such as Headlamp, or `kubectl get pods -o wide`.",
      source: "github.com/dockersamples/docker-swarm-visualizer"),
    Row(
      images: ["crazymax/swarm-cronjob"],
      role: "swarm-cronjob, which starts services by a schedule in their labels",
      replacement: "Nothing is needed: services with swarm.cronjob labels become CronJobs.",
      source: "crazymax.dev/swarm-cronjob; Kubernetes CronJob"),
    Row(
      images: [
        "containrrr/shepherd", "mazzolino/shepherd", "containrrr/watchtower",
        "v2tec/watchtower", "pyouroboros/ouroboros", "shizunge/gantry",
      ],
      role: "a daemon that updates images of running services",
      replacement:
        "Use a GitOps image updater: Flux image automation, Argo CD Image Updater, or Keel.",
      source: "fluxcd.io image automation; argocd-image-updater"),
    Row(
      images: [
        "spotify/docker-gc", "meltwater/docker-cleanup", "stefanprodan/docker-prune",
        "clockworksoul/docker-gc-cron",
      ],
      role: "a daemon that removes unused images and containers",
      replacement:
        "Nothing is needed: the kubelet collects unused images and dead containers by itself.",
      source: "Kubernetes, garbage collection of images"),
    Row(
      images: ["google/cadvisor", "cadvisor/cadvisor", "zcube/cadvisor"],
      role: "cAdvisor on each node",
      replacement:
        "The kubelet has cAdvisor built in, at /metrics/cadvisor; kube-prometheus-stack scrapes it.",
      readsNode: true,
      source: "Kubernetes, system metrics"),
    Row(
      images: [
        "prom/node-exporter", "prometheus/node-exporter", "stefanprodan/swarmprom-node-exporter",
      ],
      role: "the Prometheus node exporter on each node",
      replacement:
        "Install the prometheus-node-exporter chart, which sets the host mounts and host network.",
      readsNode: true,
      source: "github.com/prometheus-community/helm-charts"),
    Row(
      images: ["tecnativa/docker-socket-proxy", "linuxserver/socket-proxy"],
      role: "a filter before the docker socket",
      replacement:
        "Nothing is needed: give what used it a ServiceAccount with a Role that allows just what it reads.",
      source: "Kubernetes, RBAC"),
    Row(
      images: [
        "dockerflow/docker-flow-proxy", "vfarcic/docker-flow-proxy",
        "dockerflow/docker-flow-swarm-listener", "vfarcic/docker-flow-swarm-listener",
        "dockerflow/docker-flow-monitor", "vfarcic/docker-flow-monitor",
      ],
      role: "a part of Docker Flow, which configures itself from Swarm's services",
      replacement: "Use an ingress controller, and for monitoring the Prometheus Operator.",
      source: "dockerflow; kubernetes.io/docs ingress controllers"),
    Row(
      images: ["gliderlabs/logspout", "bekt/logspout-logstash"],
      role: "Logspout, which ships container logs from the docker socket",
      replacement: "Use a node log collector: Fluent Bit, Vector or Grafana Alloy, as a DaemonSet.",
      source: "Kubernetes, logging architecture"),
    Row(
      images: ["jwilder/nginx-proxy", "nginxproxy/nginx-proxy", "nginxproxy/acme-companion"],
      role: "nginx-proxy, which configures itself from the docker socket",
      replacement: "Use an ingress controller, and cert-manager for certificates.",
      source: "kubernetes.io/docs ingress controllers; cert-manager.io"),
    Row(
      images: ["lucaslorentz/caddy-docker-proxy"],
      role: "Caddy, which configures itself from the docker socket",
      replacement: "Use an ingress controller (Caddy has one), and cert-manager for certificates.",
      source: "github.com/caddyserver/ingress"),
    Row(
      images: ["docker/ucp-agent", "docker/dtr", "docker/ucp"],
      role: "a part of Docker Enterprise",
      replacement: "Nothing is needed on a plain Kubernetes cluster.",
      source: "docs.mirantis.com"),
  ]

  /// Traefik works on both sides; only its Docker or Swarm provider is Swarm's.
  static let traefik = Row(
    images: ["traefik", "library/traefik"],
    role: "Traefik with the Docker or Swarm provider, which reads routes from service labels",
    replacement:
      "Install Traefik from its Helm chart (traefik/traefik), which brings the Kubernetes providers and their "
      + "permissions. The routes of the other services have become Ingress objects.",
    source: "doc.traefik.io, install with Helm")

  /// The row that a service belongs to.
  static func match(_ service: Swarm.Service) -> Row? {
    guard let image = service["image"]?.text else { return nil }
    let repository = Self.repository(image)
    if traefik.images.contains(repository) {
      return usesDockerProvider(service) ? traefik : nil
    }
    return byImage[repository].map { table[$0] }
  }

  /// Positions in `table` by image: every service asks.
  private static let byImage = Dictionary(
    table.indices.flatMap { row in table[row].images.map { ($0, row) } },
    uniquingKeysWith: { first, _ in first })

  /// The last two parts of an image's repository: no registry, tag or digest.
  static func repository(_ image: String) -> String {
    var name = image[...]
    if let at = name.firstIndex(of: "@") { name = name[..<at] }
    if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") { name = name[..<colon] }
    var parts = name.split(separator: "/")
    if parts.count > 1, parts[0].contains(".") || parts[0].contains(":") || parts[0] == "localhost"
    {
      parts.removeFirst()
    }
    return parts.suffix(2).joined(separator: "/")
  }

  private static func usesDockerProvider(_ service: Swarm.Service) -> Bool {
    if mountsDockerSocket(service) { return true }
    let words = (service["command"]?.items ?? []).compactMap(\.text)
    return words.contains { word in
      let word = word.lowercased()
      return word.contains("providers.docker") || word.contains("providers.swarm")
        || word.hasPrefix("--docker")
    }
  }

  static func mountsDockerSocket(_ service: Swarm.Service) -> Bool {
    service.mounts.contains { mount in
      mount.kind == .bind
        && (mount.source == "/var/run/docker.sock" || mount.source == "/run/docker.sock")
    }
  }

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    guard let row = match(service) else {
      if mountsDockerSocket(service) {
        context.remark(.usesDockerAPI, at: service["image"]?.id ?? service.key)
      }
      return
    }
    if context.options.skipInfrastructure {
      context.workload.isLeftOut = true
      context.settle(service.node, .leftOut(row))
    } else {
      context.remark(.replace(row), at: service["image"]?.id ?? service.key)
    }
  }
}

private typealias Kind = Infrastructure.Kind

extension Finding.Message {
  fileprivate static func replace(_ row: Infrastructure.Row) -> Self {
    Self(
      row.readsNode ? Kind.readyMade : Kind.replace,
      "This is \(row.role). "
        + (row.readsNode
          ? "It reads its node, and so runs on Kubernetes too; there are ready-made parts for it. "
          : "On Kubernetes it finds no Docker API and does nothing useful. ") + row.replacement,
      remedy: .option(.skipInfrastructure, effect: "leaves it out of the manifests"))
  }

  fileprivate static func leftOut(_ row: Infrastructure.Row) -> Self {
    Self(
      Kind.leftOut,
      "Left out, as --skip-infrastructure asks: this is \(row.role). \(row.replacement)")
  }

  fileprivate static var usesDockerAPI: Self {
    Self(
      Kind.usesDockerAPI,
      "The service talks to the Docker API through the docker socket. Kubernetes nodes have none: what it reads or does "
        + "there has to be done through the Kubernetes API, with a ServiceAccount and a Role.")
  }
}
