import Kubernetes
package import Ledger
package import YAML

/// Addresses of Docker's own bridges: in a Swarm they are the node that a task runs on, and in a pod nobody.
package enum DockerBridge {
  /// docker0 and docker_gwbridge, as Docker sets them up unless told otherwise. Source: moby `daemon/libnetwork/ipamutils`.
  private static let addresses = ["172.17.0.1", "172.18.0.1"]

  /// In a word of a command.
  static let inCommand: FindingKind = .manual("command/docker-bridge", .changesWhoGetsIn)
  /// In the value of a variable.
  static let inEnvironment: FindingKind = .manual("environment/docker-bridge", .changesWhoGetsIn)

  /// Settles a value that holds such an address, as a whole word.
  package static func look(
    in text: String, of node: Node, _ kind: FindingKind, _ context: inout ServiceContext,
    as field: String
  ) {
    look(in: text, of: node, kind, context.workload, &context.ledger, as: field)
  }

  /// As above, for features that do not list the kind yet.
  package static func look(
    in text: String, of node: Node, _ feature: String, _ workload: Workload,
    _ ledger: inout Ledger, as field: String
  ) {
    look(
      in: text, of: node, feature == "command" ? inCommand : inEnvironment, workload, &ledger,
      as: field)
  }

  private static func look(
    in text: String, of node: Node, _ kind: FindingKind, _ workload: Workload,
    _ ledger: inout Ledger, as field: String
  ) {
    guard text.utf8.contains(UInt8(ascii: "7")) else { return }
    for address in addresses where holds(text, address) {
      ledger.settle(node, .bridgeAddress(kind, address, workload), as: field)
    }
  }

  private static func holds(_ text: String, _ address: String) -> Bool {
    guard let place = text.firstRange(of: address) else { return false }
    func isPart(_ byte: UInt8?) -> Bool {
      guard let byte else { return false }
      return 0x30...0x39 ~= byte || byte == UInt8(ascii: ".")
    }
    return !isPart(text.utf8[..<place.lowerBound].last)
      && !isPart(text.utf8[place.upperBound...].first)
  }
}

extension Finding.Message {
  fileprivate static func bridgeAddress(
    _ kind: FindingKind, _ address: String, _ workload: Workload
  ) -> Self {
    let patch =
      #"{"spec":{"template":{"spec":{"containers":[{"name":"\#(workload.name)","#
      + #""env":[{"name":"NODE_IP","valueFrom":{"fieldRef":{"fieldPath":"status.hostIP"}}}]}]}}}}"#
    let object = workload.reference.lowercased()
    return Self(
      kind,
      "`\(address)` is the node itself, through a bridge of Docker's, and a pod reaches nothing there. The node's own address is in "
        + "the pod's field status.hostIP.",
      remedy: .command(
        ("kubectl -n \(workload.namespace) patch \(object) --patch \(patch)" as Command)
          .noting("then use $(NODE_IP) in its place")))
  }
}
