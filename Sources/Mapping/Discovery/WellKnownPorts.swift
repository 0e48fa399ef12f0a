package import Kubernetes
import Ledger
package import Swarm
import YAML

/// The ports on which widely used images listen unless they are told otherwise. Data, with the source of every row.
package enum WellKnownPorts {
  package struct Row: Sendable {
    /// Repositories without registry, tag and Docker's own `library/`.
    package let images: [String]
    package let tcp: [Int]
    package let udp: [Int]
    /// Where it listens is mostly written in a file of the user's: the row counts only where none is mounted.
    package let isByConfiguration: Bool
    package let source: String

    package init(
      _ images: [String], _ tcp: [Int], udp: [Int] = [], isByConfiguration: Bool = false,
      _ source: String
    ) {
      self.images = images
      self.tcp = tcp
      self.udp = udp
      self.isByConfiguration = isByConfiguration
      self.source = source
    }

    package var ports: [Listener] {
      tcp.compactMap { Listener($0) } + udp.compactMap { Listener($0, .udp) }
    }
  }

  /// The row of a service's image; nil where there is none, or a file of the service may say otherwise.
  package static func row(of service: Swarm.Service) -> Row? {
    guard let text = service.image?.text, let row = row(ofImage: text) else { return nil }
    if row.isByConfiguration {
      let hasFiles =
        !(service.node["configs"]?.items?.isEmpty ?? true)
        || service.mounts.contains { $0.kind == .bind || $0.target.hasPrefix("/etc") }
      if hasFiles || service.node["command"]?.items?.isEmpty == false { return nil }
    }
    return row
  }

  /// The row of an image, whatever a service changes of it.
  package static func row(ofImage text: String) -> Row? {
    repository(text).flatMap { numbers[$0] }.map { rows[$0] }
  }

  /// The repository of an image, without its registry and `library/`.
  private static func repository(_ image: String) -> String? {
    guard let reference = try? ImageReference(image) else { return nil }
    let path = reference.repository
    return path.hasPrefix("library/") ? String(path.dropFirst(8)) : path
  }

  private static let numbers: [String: Int] = {
    var numbers: [String: Int] = [:]
    for (number, row) in rows.enumerated() {
      for image in row.images { numbers[image] = number }
    }
    return numbers
  }()

  package static let rows: [Row] = [
    // Databases.
    Row(
      [
        "postgres", "postgis/postgis", "timescale/timescaledb", "bitnami/postgresql",
        "pgvector/pgvector", "timescale/timescaledb-ha", "supabase/postgres",
      ], [5432], "postgres: EXPOSE of its Dockerfile"),
    Row(
      ["mysql", "mysql/mysql-server", "bitnami/mysql"], [3306, 33060],
      "mysql: EXPOSE of its Dockerfile (33060 is the X protocol)"),
    Row(
      ["mariadb", "linuxserver/mariadb", "bitnami/mariadb", "percona"], [3306],
      "mariadb: EXPOSE of its Dockerfile"),
    Row(["mongo", "bitnami/mongodb"], [27017], "mongo: EXPOSE of its Dockerfile"),
    Row(["mongo-express"], [8081], "mongo-express: EXPOSE of its Dockerfile"),
    Row(
      ["redis", "bitnami/redis", "valkey/valkey", "eqalpha/keydb", "redis/redis-stack-server"],
      [6379], "redis: EXPOSE of its Dockerfile"),
    Row(
      ["memcached", "bitnami/memcached"], [11211], udp: [11211],
      "memcached: EXPOSE of its Dockerfile; protocol.txt"),
    Row(["couchdb"], [4369, 5984, 9100], "couchdb: EXPOSE of its Dockerfile"),
    Row(
      ["cassandra"], [7000, 7001, 7199, 9042, 9160], "cassandra: EXPOSE of its Dockerfile"),
    Row(["neo4j"], [7473, 7474, 7687], "neo4j: EXPOSE of its Dockerfile"),
    Row(["influxdb"], [8086, 8088], "influxdb: EXPOSE of its Dockerfile and documentation"),
    Row(
      ["clickhouse", "clickhouse/clickhouse-server", "yandex/clickhouse-server"],
      [8123, 9000, 9004, 9005, 9009], "ClickHouse: network ports in its documentation"),
    Row(["rethinkdb"], [8080, 28015, 29015], "rethinkdb: EXPOSE of its Dockerfile"),
    Row(["arangodb"], [8529], "arangodb: EXPOSE of its Dockerfile"),
    Row(["cockroachdb/cockroach"], [8080, 26257], "CockroachDB: default ports"),
    Row(
      ["elasticsearch", "elasticsearch/elasticsearch", "elasticsearch/elasticsearch-oss"],
      [9200, 9300], "Elasticsearch: EXPOSE of its Dockerfile"),
    Row(
      ["opensearchproject/opensearch"], [9200, 9300, 9600, 9650],
      "OpenSearch: EXPOSE of its Dockerfile"),
    Row(
      ["kibana", "kibana/kibana", "kibana/kibana-oss", "opensearchproject/opensearch-dashboards"],
      [5601], "Kibana: EXPOSE of its Dockerfile"),
    Row(["solr"], [8983], "solr: EXPOSE of its Dockerfile"),
    Row(["getmeili/meilisearch"], [7700], "Meilisearch: EXPOSE of its Dockerfile"),
    Row(["typesense/typesense"], [8107, 8108], "Typesense: server configuration"),
    Row(["qdrant/qdrant"], [6333, 6334, 6335], "Qdrant: EXPOSE of its Dockerfile, cluster port"),
    Row(["mcr/mssql/server", "mssql/server"], [1433], "SQL Server on Linux: documentation"),
    // Queues and coordination.
    Row(
      ["rabbitmq", "bitnami/rabbitmq"],
      [1883, 4369, 5671, 5672, 8883, 15671, 15672, 15674, 15675, 15691, 15692, 25672, 61613],
      "rabbitmq: EXPOSE of its Dockerfile; ports of its plugins in the networking guide"),
    Row(["nats"], [4222, 6222, 8222], "nats: EXPOSE of its Dockerfile"),
    Row(["nats-streaming"], [4222, 8222], "nats-streaming: EXPOSE of its Dockerfile"),
    Row(["zookeeper"], [2181, 2888, 3888, 8080], "zookeeper: EXPOSE of its Dockerfile"),
    Row(
      ["eclipse-mosquitto"], [1883], isByConfiguration: true,
      "eclipse-mosquitto: EXPOSE of its Dockerfile"),
    Row(
      ["emqx", "emqx/emqx"], [1883, 4370, 5369, 8083, 8084, 8883, 18083],
      "EMQX: EXPOSE of its Dockerfile"),
    Row(
      ["consul", "hashicorp/consul"], [8300, 8301, 8302, 8500, 8501, 8502, 8503, 8600],
      udp: [8301, 8302, 8600], "Consul: required ports"),
    Row(["vault", "hashicorp/vault"], [8200, 8201], "Vault: listener and cluster address"),
    Row(
      ["coreos/etcd", "bitnami/etcd", "etcd-development/etcd"], [2379, 2380],
      "etcd: EXPOSE of its Dockerfile"),
    // Web servers and proxies: where they listen is in their configuration.
    Row(
      ["nginx", "nginxinc/nginx"], [80], isByConfiguration: true,
      "nginx: EXPOSE of its Dockerfile"),
    Row(
      ["nginxinc/nginx-unprivileged"], [8080], isByConfiguration: true,
      "nginx-unprivileged: EXPOSE of its Dockerfile"),
    Row(["httpd"], [80], isByConfiguration: true, "httpd: EXPOSE of its Dockerfile"),
    Row(
      ["caddy"], [80, 443, 2019], udp: [443], isByConfiguration: true,
      "caddy: EXPOSE of its Dockerfile"),
    Row(["varnish"], [80, 8443], isByConfiguration: true, "varnish: EXPOSE of its Dockerfile"),
    Row(
      ["traefik/whoami", "containous/whoami"], [80], isByConfiguration: true,
      "whoami: EXPOSE of its Dockerfile"),
    Row(
      ["hashicorp/http-echo"], [5678], isByConfiguration: true,
      "http-echo: EXPOSE of its Dockerfile"),
    Row(["tecnativa/docker-socket-proxy"], [2375], "docker-socket-proxy: EXPOSE of its Dockerfile"),
    // Applications.
    Row(
      [
        "wordpress", "nextcloud", "drupal", "joomla", "matomo", "phpmyadmin",
        "phpmyadmin/phpmyadmin",
      ], [80], isByConfiguration: true, "the images with Apache: EXPOSE 80 of php:apache"),
    Row(["adminer"], [8080], "adminer: EXPOSE of its Dockerfile"),
    Row(["dpage/pgadmin4"], [80, 443], "pgAdmin: EXPOSE of its Dockerfile"),
    Row(["ghost"], [2368], "ghost: EXPOSE of its Dockerfile"),
    Row(["redmine"], [3000], "redmine: EXPOSE of its Dockerfile"),
    Row(["gitea/gitea"], [22, 3000], "Gitea: EXPOSE of its Dockerfile"),
    Row(["sonarqube"], [9000], "sonarqube: EXPOSE of its Dockerfile"),
    Row(["sonatype/nexus3"], [8081], "Nexus: EXPOSE of its Dockerfile"),
    Row(
      ["jenkins/jenkins", "jenkinsci/blueocean"], [8080, 50000], "Jenkins: EXPOSE of its Dockerfile"
    ),
    Row(
      ["registry"], [5000, 5001], "registry: EXPOSE of its Dockerfile; debug address of its example"
    ),
    Row(
      ["minio/minio", "bitnami/minio"], [9000, 9001], "MinIO: default ports of API and console"),
    Row(
      ["keycloak/keycloak", "jboss/keycloak"], [8080, 8443, 9000],
      "Keycloak: EXPOSE of its Dockerfile"),
    Row(["n8nio/n8n"], [5678], "n8n: EXPOSE of its Dockerfile"),
    Row(["metabase/metabase"], [3000], "Metabase: EXPOSE of its Dockerfile"),
    Row(
      ["vaultwarden/server", "bitwardenrs/server"], [80, 3012],
      "Vaultwarden: EXPOSE of its Dockerfile"),
    Row(
      ["mailhog/mailhog", "axllent/mailpit"], [1025, 8025],
      "MailHog and Mailpit: EXPOSE of their Dockerfiles"),
    Row(["selenium/hub"], [4442, 4443, 4444], "Selenium Grid: EXPOSE of its Dockerfile"),
    Row(["browserless/chrome"], [3000], "browserless: EXPOSE of its Dockerfile"),
    Row(
      ["portainer/portainer", "portainer/portainer-ce", "portainer/portainer-ee"],
      [8000, 9000, 9443], "Portainer: EXPOSE of its Dockerfile"),
    Row(["portainer/agent"], [7946, 9001], udp: [7946], "Portainer's agent: its documentation"),
    Row(["dockersamples/visualizer"], [8080], "visualizer: EXPOSE of its Dockerfile"),
    // Monitoring and logs.
    Row(
      ["prom/prometheus", "prometheus/prometheus"], [9090], "Prometheus: EXPOSE of its Dockerfile"),
    Row(
      ["prom/alertmanager", "prometheus/alertmanager"], [9093, 9094], udp: [9094],
      "Alertmanager: EXPOSE of its Dockerfile; gossip"),
    Row(
      ["prom/node-exporter", "prometheus/node-exporter"], [9100],
      "node exporter: EXPOSE of its Dockerfile"),
    Row(["prom/pushgateway"], [9091], "Pushgateway: EXPOSE of its Dockerfile"),
    Row(["prom/blackbox-exporter"], [9115], "Blackbox exporter: EXPOSE of its Dockerfile"),
    Row(
      ["prom/statsd-exporter"], [9102, 9125], udp: [9125],
      "statsd exporter: EXPOSE of its Dockerfile"),
    Row(["google/cadvisor", "cadvisor/cadvisor"], [8080], "cAdvisor: EXPOSE of its Dockerfile"),
    Row(
      ["grafana/grafana", "grafana/grafana-oss", "grafana/grafana-enterprise"], [3000],
      "Grafana: EXPOSE of its Dockerfile"),
    Row(
      ["grafana/loki"], [3100, 7946, 9095],
      "Loki: EXPOSE of its Dockerfile; server and memberlist defaults"),
    Row(["victoriametrics/victoria-metrics"], [8428], "VictoriaMetrics: EXPOSE of its Dockerfile"),
    Row(
      ["jaegertracing/all-in-one"], [4317, 4318, 5778, 9411, 14250, 14268, 14269, 16685, 16686],
      udp: [5775, 6831, 6832], "Jaeger: EXPOSE of its Dockerfile"),
    Row(["openzipkin/zipkin"], [9410, 9411], "Zipkin: EXPOSE of its Dockerfile"),
    Row(
      ["graphiteapp/graphite-statsd"], [80, 2003, 2004, 2023, 2024, 8080, 8126], udp: [8125],
      "graphite-statsd: EXPOSE of its Dockerfile"),
    Row(["oliver006/redis_exporter"], [9121], "redis_exporter: EXPOSE of its Dockerfile"),
    Row(
      ["prometheuscommunity/postgres-exporter"], [9187],
      "postgres_exporter: EXPOSE of its Dockerfile"),
  ]
}
