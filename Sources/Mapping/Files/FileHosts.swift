import Kubernetes
import Ledger
package import Swarm
import YAML

/// The services that read the configs and bound files of a stack, by number.
package struct FileReaders: Sendable {
  package private(set) var configs: [String: [Int]] = [:]
  package private(set) var binds: [String: [Int]] = [:]
  private var numbers: [String: Int] = [:]

  package init(_ stack: Swarm.Stack) {
    if stack.configs.isEmpty && stack.boundFiles.isEmpty { return }
    for (position, service) in stack.services.enumerated() {
      numbers[service.name] = position
      for reference in service.configReferences {
        if configs[reference.source]?.last != position {
          configs[reference.source, default: []].append(position)
        }
      }
      if stack.boundFiles.isEmpty { continue }
      for mount in service.mounts where mount.kind == .bind {
        guard let source = mount.source, stack.boundFiles[source] != nil,
          binds[source]?.last != position
        else { continue }
        binds[source, default: []].append(position)
      }
    }
  }

  package func number(of service: Swarm.Service) -> Int? { numbers[service.name] }
}

/// Rewrites the host names in the files of one stack, as the services that read them would resolve them.
package struct FileHosts: Sendable {
  package let discovery: ServiceDiscovery
  package let names: [Names]
  package let stack: Int
  /// `--no-rewrite-hosts` leaves the files as they are.
  package let isRewriting: Bool
  package let readers: FileReaders

  /// What is no text, and what nobody reads, stays as it is.
  package func rewrite(_ bytes: [UInt8], of services: [Int]?) -> (
    bytes: [UInt8], found: [HostReplacement]
  ) {
    guard let services, !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self)
    else { return (bytes, []) }
    let client = discovery.hosts.client(stack: stack, services: services)
    let (rewritten, found) = discovery.rewrite(text, .file, for: client, names)
    return (isRewriting && !found.isEmpty ? Array(rewritten.utf8) : bytes, found)
  }
}
