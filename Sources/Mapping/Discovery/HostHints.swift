import Ledger
import Swarm

/// Words that say that a host follows, or that none does.
package enum HostHints {
  /// Whether a variable, key or option of this name holds hosts: `DB_HOST`, `mongoUrl`, `--redis.addr`, `dbhost`.
  package static func isHost(_ name: ArraySlice<UInt8>) -> Bool {
    let last = lastPart(name)
    guard last.count > 1 else { return false }
    let word = String(decoding: last, as: UTF8.self).lowercased()
    if words.contains(word) { return true }
    return endings.contains { word.hasSuffix($0) }
  }

  /// Whether a variable of this name holds something that looks like `host:port` and is none.
  package static func isNeverHost(_ name: ArraySlice<UInt8>) -> Bool {
    switch String(decoding: lastPart(name), as: UTF8.self).lowercased() {
    case "image", "images", "tag", "tags", "version", "digest": true
    default: false
    }
  }

  /// Whether a variable of this name may hold a host although it does not say so: not where it says something else.
  package static func mayHoldName(_ name: String) -> Bool {
    let last = String(decoding: lastPart(Array(name.utf8)[...]), as: UTF8.self).lowercased()
    return !others.contains(last)
  }

  /// What names of services are often the names of as well.
  private static let others: Set<String> = [
    "db", "dbname", "database", "databases", "name", "names", "user", "username", "login", "table",
    "schema", "bucket", "topic", "topics", "queue", "prefix", "suffix", "id", "label", "role",
    "group", "env", "environment", "namespace", "project", "app", "application", "title", "type",
    "mode", "realm", "tenant", "org", "index", "key", "path", "dir", "file", "image", "images",
    "tag", "tags", "version", "digest", "network", "stack", "service", "job", "cluster", "vhost",
    "site", "package", "module", "branch", "region", "zone", "channel", "exchange", "collection",
    "keyspace", "secret", "password",
  ]

  /// Options that take a host in most programs.
  package static func isHostOption(_ option: ArraySlice<UInt8>) -> Bool {
    option.elementsEqual("-h".utf8) || option.elementsEqual("-H".utf8)
  }

  /// Programs and directives whose next word is a host.
  package static func takesHost(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count > 2, word.count < 16 else { return false }
    switch String(decoding: word, as: UTF8.self) {
    case "ping", "ping6", "nslookup", "dig", "drill", "host", "hosts", "ahosts", "ahostsv4",
      "telnet",
      "traceroute", "mtr", "ssh", "server", "fastcgi_pass", "uwsgi_pass", "scgi_pass",
      "grpc_pass", "memcached_pass", "proxy_pass", "reverse_proxy", "forward_auth":
      return true
    default: return false
    }
  }

  private static let words: Set<String> = [
    "host", "hosts", "hostname", "hostnames", "server", "servers", "addr", "addrs", "address",
    "addresses", "url", "urls", "uri", "uris", "endpoint", "endpoints", "broker", "brokers",
    "upstream", "upstreams", "backend", "backends", "peer", "peers", "seed", "seeds", "node",
    "nodes", "target", "targets", "dsn", "connect", "connection", "quorum", "master", "primary",
    "leader", "sentinel", "sentinels", "proxy", "origin", "join", "ip", "datasource", "gateway",
    "relay",
  ]

  /// Compounds without a sign between the words, such as `dbhost` and `baseurl`.
  private static let endings = [
    "host", "hosts", "hostname", "server", "url", "uri", "addr", "address",
  ]

  /// Behind the last `_`, `-` or `.`, or the last capital behind a small letter.
  private static func lastPart(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var start = name.endIndex
    while start > name.startIndex {
      let byte = name[start - 1]
      if byte == 0x5F || byte == 0x2D || byte == 0x2E { break }
      start -= 1
      if 0x41...0x5A ~= byte, start > name.startIndex, 0x61...0x7A ~= name[start - 1] { break }
    }
    return name[start...]
  }
}
