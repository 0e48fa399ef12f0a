package import YAML

/// A line of the pod's hosts file.
package struct HostAlias: Hashable, Sendable, Writable {
  package var ip: String
  package var hostnames: [String]

  package init(ip: String, hostnames: [String]) {
    self.ip = ip
    self.hostnames = hostnames
  }

  package func write(to w: inout Writer) {
    w.field("ip", ip)
    w.field("hostnames", hostnames)
  }
}

/// What is added to the pod's resolver configuration.
package struct DNSConfig: Hashable, Sendable, Writable {
  package struct Option: Hashable, Sendable, Writable {
    package var name: String
    package var value: String?

    package init(name: String, value: String? = nil) {
      self.name = name
      self.value = value
    }

    package func write(to w: inout Writer) {
      w.field("name", name)
      w.field("value", value)
    }
  }

  package var nameservers: [String]
  package var searches: [String]
  package var options: [Option]

  package init(nameservers: [String] = [], searches: [String] = [], options: [Option] = []) {
    self.nameservers = nameservers
    self.searches = searches
    self.options = options
  }

  package func write(to w: inout Writer) {
    w.field("nameservers", nameservers)
    w.field("searches", searches)
    w.list("options", options)
  }
}
