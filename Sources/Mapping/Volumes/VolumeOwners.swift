import Kubernetes
import Ledger
package import Swarm
import YAML

/// Who writes to a service's claims.
///
/// A new volume of Swarm takes over content and owner of the image's folder at that path. A claim belongs to root, and a process
/// of another user could not write to it; the pod's `fsGroup` gets the claim, and every process of the pod is in that group.
package enum VolumeOwners {
  /// Images that run as a user of their own: data, with where the number is found.
  private struct Row: Sendable {
    /// The repository without its registry; all repositories below it where it ends in a slash.
    let images: [String]
    let group: Int
    let source: String
  }

  /// The group that a service's claims need; nil where it runs as root, or as nobody knows whom.
  package static func group(_ service: Swarm.Service) -> Int? {
    if let user = service.runningUser, case .id(let id) = user.user {
      if id == 0 { return nil }
      if case .id(let group)? = user.group, group != 0 { return group }
      return id
    }
    guard let name = repository(service) else { return nil }
    if let group = group(ofImage: name) { return group }
    // A Dockerfile that names no user leaves its base image's.
    guard let image = service.imageFacts, !image.hasUser, let base = image.base,
      let reference = try? ImageReference(base)
    else { return nil }
    return group(ofImage: reference.repository)
  }

  private static func group(ofImage name: String) -> Int? {
    rows.first { row in
      row.images.contains { $0.last == "/" ? name.hasPrefix($0) : name == $0 }
    }?.group
  }

  /// Whether nothing says whom the process runs as.
  package static func isUnknown(_ service: Swarm.Service) -> Bool {
    if let user = service.runningUser, case .id = user.user { return false }
    guard group(service) == nil, let name = repository(service) else { return false }
    return !startAsRoot.contains(name)
  }

  /// Whether the image has nothing in its data folder that a claim would lack: data, read from the images.
  package static func startsEmptyAnyway(_ service: Swarm.Service) -> Bool {
    guard let name = repository(service) else { return false }
    return withoutContent.contains(name) || name.hasPrefix("elasticsearch/")
  }

  /// Gives a workload's claims to the group that writes to them, unless its files have chosen the group already.
  package static func apply(_ context: inout ServiceContext) {
    let service = context.service
    let hasClaims =
      !context.workload.claimTemplates.isEmpty
      || context.workload.pod.volumes.contains { volume in
        if case .persistentVolumeClaim = volume.source { true } else { false }
      }
    guard hasClaims, context.workload.pod.securityContext.fsGroup == nil,
      let group = group(service)
    else { return }
    context.workload.pod.securityContext.fsGroup = group
    context.workload.pod.securityContext.fsGroupChangePolicy = .onRootMismatch
    let key = service.node["user"] ?? service.image
    context.remark(
      .groupOfClaims(group, isWritten: service.user != nil), at: key?.id ?? .none,
      as: "spec.template.spec.securityContext.fsGroup")
  }

  /// Whether an image is known to start as root.
  package static func startsAsRoot(_ repository: String) -> Bool {
    startAsRoot.contains(repository)
  }

  /// `grafana/grafana`: the image without registry, tag and digest.
  package static func repository(_ service: Swarm.Service) -> String? {
    guard let text = service.image?.text else { return nil }
    return (try? ImageReference(text))?.repository
  }

  private static let rows: [Row] = [
    Row(
      images: [
        "grafana/grafana", "grafana/grafana-oss", "grafana/grafana-enterprise",
        "stefanprodan/swarmprom-grafana",
      ], group: 472, source: "grafana.com/docs, user of the docker image"),
    Row(
      images: [
        "prom/prometheus", "prom/alertmanager", "prom/pushgateway",
        "stefanprodan/swarmprom-prometheus", "stefanprodan/swarmprom-alertmanager",
      ], group: 65534, source: "github.com/prometheus/prometheus, Dockerfile: nobody"),
    Row(
      images: ["grafana/loki", "grafana/tempo", "grafana/mimir"], group: 10001,
      source: "github.com/grafana/loki, cmd/loki/Dockerfile"),
    Row(
      images: [
        "elasticsearch", "elasticsearch/", "logstash", "logstash/", "opensearchproject/",
      ], group: 1000, source: "elastic.co/guide, install with Docker; opensearch.org/docs"),
    Row(
      images: ["jenkins/jenkins", "jenkins/inbound-agent"], group: 1000,
      source: "github.com/jenkinsci/docker"),
    Row(images: ["sonatype/nexus3"], group: 200, source: "github.com/sonatype/docker-nexus3"),
    Row(images: ["sonarqube"], group: 1000, source: "github.com/SonarSource/docker-sonarqube"),
    Row(
      images: ["nodered/node-red", "n8nio/n8n"], group: 1000,
      source: "the user `node` of the official node image"),
    Row(
      images: ["apache/kafka", "confluentinc/cp-kafka", "confluentinc/cp-zookeeper"], group: 1000,
      source: "the user `appuser`; github.com/apache/kafka, docker/jvm/Dockerfile"),
    Row(
      images: ["bitnami/", "bitnamilegacy/"], group: 1001, source: "github.com/bitnami/containers"),
    Row(images: ["graylog/graylog"], group: 1100, source: "github.com/Graylog2/graylog-docker"),
    Row(
      images: ["mattermost/mattermost-team-edition", "mattermost/mattermost-enterprise-edition"],
      group: 2000, source: "github.com/mattermost/docker"),
    Row(images: ["dpage/pgadmin4"], group: 5050, source: "pgadmin.org/docs, container deployment"),
    Row(images: ["solr"], group: 8983, source: "github.com/apache/solr-docker"),
  ]

  private static let withoutContent: Set<String> = [
    "postgres", "postgis/postgis", "timescale/timescaledb", "pgvector/pgvector", "mysql", "mariadb",
    "percona", "mongo", "redis", "valkey/valkey", "rabbitmq", "influxdb", "couchdb", "cassandra",
    "registry", "minio/minio", "elasticsearch", "prom/prometheus",
    "prom/alertmanager", "portainer/portainer", "portainer/portainer-ce", "portainer/portainer-ee",
  ]

  /// Images whose start script is root's and gives the data to the right user itself.
  private static let startAsRoot: Set<String> = [
    "postgres", "postgis/postgis", "timescale/timescaledb", "pgvector/pgvector", "mysql", "mariadb",
    "mongo", "redis", "valkey/valkey", "rabbitmq", "memcached", "nginx", "httpd", "caddy",
    "traefik",
    "wordpress", "nextcloud", "drupal", "ghost", "joomla", "registry", "zookeeper", "influxdb",
    "couchdb", "cassandra", "neo4j", "consul", "hashicorp/consul", "vault", "hashicorp/vault",
    "portainer/portainer", "portainer/portainer-ce", "portainer/portainer-ee", "gitea/gitea",
    "minio/minio", "gitlab/gitlab-ce", "gitlab/gitlab-ee", "percona", "eclipse-mosquitto", "nats",
  ]
}

/// The data folder of PostgreSQL, which has to be empty at first, where a file system of its own holds `lost+found`.
package enum PostgresData {
  package static let folder = "pgdata"
  private static let home = "/var/lib/postgresql/data"
  private static let images: Set<String> = [
    "postgres", "postgis/postgis", "timescale/timescaledb", "pgvector/pgvector",
  ]

  /// Whether a mount of a claim is the very folder that the database is made in.
  package static func isAt(_ mount: Mount, _ service: Swarm.Service) -> Bool {
    guard mount.target == home, mount.subpath == nil,
      let image = service.image?.text, let reference = try? ImageReference(image),
      images.contains(reference.repository)
    else { return false }
    let tag = reference.tag ?? "latest"
    // From 18 on the image has its own folder below /var/lib/postgresql.
    if let major = Int(tag.prefix { $0.isASCII && $0.isNumber }), major >= 18 { return false }
    return service.node["environment"]?["PGDATA"] == nil
  }

  /// Puts the database into a folder below the mount.
  package static func move(_ mount: Mount, _ context: inout ServiceContext) {
    let path = "\(home)/\(folder)"
    let env = context.workload.container.env
    let place = env.firstIndex { $0.name > "PGDATA" } ?? env.count
    context.workload.container.env.insert(EnvironmentVariable("PGDATA", path), at: place)
    context.remark(
      .belowLostAndFound(path), at: mount.node.id, as: "spec.template.spec.containers[0].env")
  }
}

extension Finding.Message {
  fileprivate static func groupOfClaims(_ group: Int, isWritten: Bool) -> Self {
    Self(
      Volumes.Kind.groupOfClaims,
      "A claim belongs to root, where Swarm gives a new volume the owner of the image's folder. The pod's group \(group) "
        + "(`fsGroup`) gets it, so that the process\(isWritten ? "" : ", which this image runs as a user of its own,") can write."
    )
  }

  fileprivate static func belowLostAndFound(_ path: String) -> Self {
    Self(
      Volumes.Kind.lostAndFound,
      "Storage for a claim is mostly a file system of its own, with the folder lost+found in it, and PostgreSQL makes no database "
        + "in a folder that is not empty. So `PGDATA` is `\(path)`, a folder below the mount.")
  }
}
