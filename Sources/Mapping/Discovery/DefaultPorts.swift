import Kubernetes
import Ledger

/// Ports that a text means without writing them.
package enum DefaultPorts {
  /// The port of a URL's scheme, where it names none.
  ///
  /// Source: the IANA service name registry; for databases and queues the default of their client libraries.
  package static func port(ofScheme scheme: String) -> Int? {
    switch scheme {
    case "http", "ws": 80
    case "https", "wss": 443
    case "postgres", "postgresql", "pgsql", "postgis", "psycopg2", "asyncpg": 5432
    case "mysql", "mysql2", "mariadb", "pymysql", "mysqldb": 3306
    case "redis", "valkey", "rediss": 6379
    case "mongodb": 27017
    case "amqp": 5672
    case "amqps": 5671
    case "nats": 4222
    case "mqtt": 1883
    case "mqtts": 8883
    case "ldap": 389
    case "ldaps": 636
    case "ftp": 21
    case "ssh", "sftp": 22
    case "smtp": 25
    case "smtps": 465
    case "imap": 143
    case "imaps": 993
    case "memcached", "memcache": 11211
    case "bolt", "neo4j": 7687
    case "sqlserver", "mssql": 1433
    case "cassandra": 9042
    case "couchdb": 5984
    case "rtmp": 1935
    case "rtsp": 554
    default: nil
    }
  }

  /// The port that a program asks on its own machine in a health check.
  package static func port(ofProbe program: String) -> Int? {
    switch program {
    case "pg_isready", "psql": 5432
    case "mysqladmin", "mariadb-admin", "mysql", "mariadb": 3306
    case "redis-cli", "valkey-cli": 6379
    case "mongo", "mongosh": 27017
    default: nil
    }
  }

  /// Ports on which the protocols that use them speak UDP, or both.
  ///
  /// Source: the IANA registry; statsd, Graylog's GELF, Jaeger's agent and Consul's gossip by their documentation.
  package static func speaksUDP(_ port: Int) -> Bool {
    switch port {
    case 53, 67, 69, 123, 161, 162, 514, 1514, 1812, 1813, 2055, 3478, 4739, 5060, 5140, 5353, 5775,
      6343, 6831, 6832, 7946, 8125, 8301, 8302, 9125, 12201, 25826, 51820:
      true
    default: false
    }
  }
}
