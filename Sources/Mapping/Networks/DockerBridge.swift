import Kubernetes
import Ledger
import YAML

/// Addresses of Docker's own bridges: in a Swarm they are the node that a task runs on, and in a pod nobody.
enum DockerBridge {
  /// docker0 and docker_gwbridge, as Docker sets them up unless told otherwise. Source: moby `daemon/libnetwork/ipamutils`.
  private static let addresses = ["172.17.0.1", "172.18.0.1"]

  /// In a word of a command.
  static let inCommand: FindingKind = .manual("command/docker-bridge", .changesWhoGetsIn)
  /// In the value of a variable.
  static let inEnvironment: FindingKind = .manual("environment/docker-bridge", .changesWhoGetsIn)

  /// Settles a value that holds such an address, as a whole word.
  static func look(
    in text: String, of node: Node, _ kind: FindingKind, _ context: inout ServiceContext,
    as field: String
  ) {
    guard text.utf8.contains(UInt8(ascii: "7")) else { return }
    for address in addresses where holds(text, address) {
      context.settle(node, .bridgeAddress(kind, address, context.workload), as: field)
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

extension Command {
  /// Tells the containers of a workload the address of their node, in the variable NODE_IP.
  static func tellNodeAddress(_ workload: Workload) -> Command {
    let template =
      #"{"template":{"spec":{"containers":[{"name":"\#(workload.name)","#
      + #""env":[{"name":"NODE_IP","valueFrom":{"fieldRef":{"fieldPath":"status.hostIP"}}}]}]}}}"#
    let patch =
      workload.kind == .cronJob
      ? #"{"spec":{"jobTemplate":{"spec":\#(template)}}}"# : #"{"spec":\#(template)}"#
    return
      "kubectl -n \(workload.namespace) patch \(workload.reference.lowercased()) --patch \(patch)"
  }
}

extension Finding.Message {
  fileprivate static func bridgeAddress(
    _ kind: FindingKind, _ address: String, _ workload: Workload
  ) -> Self {
    Self(
      kind,
      "`\(address)` is the node itself, through a bridge of Docker's, and a pod reaches nothing there. The node's own address is in "
        + "the pod's field status.hostIP.",
      remedy: .command(.tellNodeAddress(workload).noting("then use $(NODE_IP) in its place")))
  }
}
