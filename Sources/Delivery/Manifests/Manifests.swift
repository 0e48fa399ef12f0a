import Kubernetes
import Ledger
package import Mapping
import Report
import YAML

/// The manifests on disk: one file an object, named so that the names sort in the order in which they must be applied.
package func manifestFiles(_ migration: Migration) -> [OutputFile] {
  var files: [OutputFile] = []
  var taken = Set<String>()
  for stack in migration.stacks {
    for object in stack.objects {
      var writer = Writer()
      object.write(to: &writer)
      let kind = object.reference.kind
      let stem = "\(applyOrder(kind))-\(kind.lowercased())-\(object.metadata.name)"
      // Several stacks share a folder only when their namespaces differ.
      let qualified =
        migration.stacks.count > 1 && kind != "Namespace" ? "\(stem).\(stack.namespace)" : stem
      var name = qualified
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(qualified)-\(number)"
        number += 1
      }
      files.append(
        OutputFile(name: name + ".yaml", bytes: writer.bytes, isSecret: kind == "Secret"))
    }
  }
  return files
}

/// The report beside the manifests.
package let reportName = "report.md"

/// Whether a file of the output folder could have this name: that of the report, or one of those above.
package func isOutputName(_ name: String) -> Bool {
  if name == reportName { return true }
  let parts = name.utf8.split(
    separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
  guard parts.count == 3, name.hasSuffix(".yaml") else { return false }
  return parts[0].count == 2 && parts[0].allSatisfy { 0x30...0x39 ~= $0 }
    && !parts[1].isEmpty && parts[1].allSatisfy { 0x61...0x7A ~= $0 }
    && parts[2].allSatisfy {
      0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
    }
}

/// All objects as one stream, in the order in which they must be applied.
package func manifestStream(_ migration: Migration) -> [UInt8] {
  var stream: [UInt8] = []
  writeManifests(migration) { stream += $0 }
  return stream
}

/// Writes all objects as one stream, in the order in which they must be applied, about a megabyte at a time: the stream of
/// a large estate is several times the size of its stack files.
package func writeManifests<Failure: Error>(
  _ migration: Migration, to output: ([UInt8]) throws(Failure) -> Void
) throws(Failure) {
  var ordered: [(order: String, stack: Int, index: Int)] = []
  for (number, stack) in migration.stacks.enumerated() {
    for (index, object) in stack.objects.enumerated() {
      ordered.append((applyOrder(object.reference.kind), number, index))
    }
  }
  ordered.sort { ($0.order, $0.stack, $0.index) < ($1.order, $1.stack, $1.index) }
  var writer = Writer()
  for (position, entry) in ordered.enumerated() {
    writer.document(isFirst: position == 0)
    migration.stacks[entry.stack].objects[entry.index].write(to: &writer)
    if writer.bytes.count > 1 << 20 { try output(writer.takeBytes()) }
  }
  try output(writer.takeBytes())
}

/// Two digits: what others refer to comes first. Policies come before the pods that they select, so that no pod ever runs
/// without its policy.
private func applyOrder(_ kind: String) -> String {
  switch kind {
  case "Namespace": "00"
  case "NetworkPolicy": "10"
  case "ConfigMap": "20"
  case "Secret", "ExternalSecret": "21"
  case "PersistentVolume": "30"
  case "PersistentVolumeClaim": "31"
  case "Service": "40"
  case "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob": "50"
  case "Ingress": "60"
  default: "70"
  }
}
