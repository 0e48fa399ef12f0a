import Kubernetes
import Ledger
package import Swarm
import YAML

/// Images of programs that keep other services' data: they start first, and their volumes are moved first.
package enum DataStores {
  /// The last part of the repository. A name stands for what begins with it and goes on with a dash as well
  /// (`redis-stack`, `mariadb-galera`), since vendors name their builds so.
  private static let names: Set<String> = [
    "arangodb", "cassandra", "clickhouse", "cockroach", "consul", "couchbase", "couchdb",
    "crate", "dgraph", "dragonfly", "elasticsearch", "etcd", "influxdb", "kafka", "keydb",
    "mariadb", "memcached", "minio", "mongo", "mongodb", "mssql", "mysql", "nats", "neo4j",
    "opensearch", "oracle", "percona", "pgvector", "postgis", "postgres", "postgresql", "pulsar",
    "questdb", "rabbitmq", "redis", "rethinkdb", "scylla", "solr", "timescaledb", "valkey",
    "vault", "victoria-metrics", "zookeeper",
  ]

  /// Clients and watchers of such programs, whose images carry their names.
  private static let companions = [
    "exporter", "commander", "express", "admin", "backup", "ui", "client", "proxy", "dashboards",
    "operator", "sentinel-check", "manager", "bootstrap", "init", "migrate",
  ]

  package static func contains(_ service: Swarm.Service) -> Bool {
    guard let text = service.node["image"]?.text, let image = try? ImageReference(text) else {
      return false
    }
    let name = image.repository.split(separator: "/").last.map(String.init) ?? ""
    let words = name.split { $0 == "-" || $0 == "_" }.map(String.init)
    guard !words.contains(where: { companions.contains($0) }) else { return false }
    if names.contains(name) { return true }
    guard let first = words.first else { return false }
    return names.contains(first)
  }
}
