extension [any Object] {
  /// Everything that is wrong with the objects, each by itself and all together, in their order, for the newest version.
  package var problems: [Problem] { problems(minor: newestMinor) }

  /// As above, for an API server of version 1.`minor`.
  package func problems(minor: Int) -> [Problem] {
    var all: [Problem] = []
    var identities: Set<ObjectReference> = []
    var nodePorts: [NodePort: ObjectReference] = [:]
    for object in self {
      all += object.problems(minor: minor)
      let reference = object.reference
      if !identities.insert(reference).inserted {
        all.append(Problem(object: reference, path: "", message: "is there twice"))
      }
      guard let service = object as? Service else { continue }
      for (index, port) in service.ports.enumerated() {
        guard let number = port.nodePort else { continue }
        // The port allocator takes a number once in a cluster for each protocol.
        let key = NodePort(number: number, transport: port.protocol ?? .tcp)
        let owner = nodePorts.updateValue(reference, forKey: key)
        if let owner, owner != reference {
          all.append(
            Problem(
              object: reference, path: "spec.ports[\(index)].nodePort",
              message: "\(owner) has \(number) too"))
        }
      }
    }
    return all
  }
}

private struct NodePort: Hashable {
  var number: PortNumber
  var transport: TransportProtocol
}
