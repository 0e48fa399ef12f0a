import Kubernetes
import Ledger
import Swarm

/// A host name that was found in a value of a service.
package struct HostReplacement: Sendable, Hashable {
  package let from: String
  package let to: String
  /// Nothing but the name itself says that it is a host, so it was left as it is.
  package var isDoubtful = false
  /// A domain name that is an alias: certificates and routes go by it, so it is never rewritten. `to` is the service's whole name.
  package var isDomain = false
  /// A name that only Swarm's DNS can have, of a service that is not here; `to` is empty.
  package var isUnknown = false
}

extension HostNames {
  package typealias Replacement = HostReplacement
}

extension ServiceDiscovery {
  /// What a name is in Kubernetes, for pods in the namespace of the one who asks.
  package func address(
    of meaning: HostNames.Meaning, for client: HostNames.Client, _ names: [Names]
  )
    -> String?
  {
    guard let target = meaning.targets.first else { return nil }
    if target.stack != client.stack,
      let known = foreign[client.stack][meaning.name], known.target == target, !meaning.isTasks
    {
      return meaning.name
    }
    guard let name = objectName(of: meaning, names) else { return nil }
    return names[target.stack].namespace == names[client.stack].namespace
      ? name.rawValue : "\(name).\(names[target.stack].namespace).svc"
  }

  private func objectName(of meaning: HostNames.Meaning, _ names: [Names]) -> ObjectName? {
    guard let target = meaning.targets.first else { return nil }
    if meaning.form == .alias {
      if let group = aliases[target.stack].group(meaning.name, network: meaning.network),
        let service = group.service,
        !meaning.isTasks || group.members.count > 1
      {
        return service
      }
    }
    if meaning.isTasks, let tasks = services[target.stack][target.service].tasks { return tasks }
    return names[target.stack].objectName(number: target.service)
  }

  /// Rewrites the names of services in a text, whole words only.
  package func rewrite(
    _ text: String, _ source: HostWords.Source, for client: HostNames.Client, _ names: [Names]
  ) -> (text: String, replacements: [HostReplacement]) {
    var replacements: [HostReplacement] = []
    var edits: [(range: Range<Int>, to: String)] = []
    HostWords.find(in: text, source, hosts, wantsUnknown: client.hasOutsideNetwork) {
      token, bytes in
      let isAlone = token.range.count == bytes.count
      guard token.isHost || isAlone && source.mayHoldNames else { return }
      let word = String(decoding: bytes[token.range], as: UTF8.self)
      guard let meaning = hosts.meaning(of: bytes[token.range], to: client),
        let address = address(of: meaning, for: client, names)
      else {
        let isInSwarm = client.hasOutsideNetwork && !client.settled.contains(word.lowercased())
        if isInSwarm, token.isHost, word.contains("_"), !word.contains(".") {
          let unknown = HostReplacement(from: word, to: "", isUnknown: true)
          if !replacements.contains(unknown) { replacements.append(unknown) }
        }
        return
      }
      guard address != word.lowercased() else { return }
      let isDomain = meaning.form == .alias && meaning.name.contains(".")
      let ending = address.contains(".") ? "" : ".\(names[client.stack].namespace).svc"
      let replacement = HostReplacement(
        from: word, to: isDomain ? "\(address)\(ending).cluster.local" : address,
        isDoubtful: !token.isHost, isDomain: isDomain)
      if !replacements.contains(replacement) { replacements.append(replacement) }
      if token.isHost, !replacement.isDomain { edits.append((token.range, address)) }
    }
    if edits.isEmpty { return (text, replacements) }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 16 * edits.count)
    var place = 0
    for edit in edits {
      result += bytes[place..<edit.range.lowerBound]
      result += Array(edit.to.utf8)
      place = edit.range.upperBound
    }
    result += bytes[place...]
    return (String(decoding: result, as: UTF8.self), replacements)
  }
}

extension HostWords.Source {
  /// Whether a text that is nothing but a name may be one: variables, not labels or whole files.
  fileprivate var mayHoldNames: Bool {
    switch self {
    case .value(let name): name.map { HostHints.mayHoldName($0) } ?? false
    case .command, .file: false
    }
  }
}
