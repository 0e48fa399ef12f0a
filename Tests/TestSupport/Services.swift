package import Diagnostics
package import Stack
package import Swarm
package import YAML

/// A stack `shop` of a text, which must be one that Docker takes.
package func stack(_ text: String) throws -> Swarm.Stack {
  var sources = Sources()
  var keys = KeyTable()
  let loaded = try loadStack(
    [InputFile(path: "stack.yml", bytes: Array(text.utf8))],
    LoadOptions(environment: [:], workingDirectory: "/stack"), into: &sources, keys: &keys,
    reading: { .failure(FileProblem(path: $0, reason: "no such file")) })
  let nothing = Swarm.Files(
    read: { .failure(FileProblem(path: $0, reason: "no such file")) }, list: { _ in [] },
    kind: { _ in .missing })
  return Swarm.Stack(name: "shop", loaded, files: nothing, folder: "/stack")
}

/// The service `web` with these keys, in flow style.
package func service(with keys: String) throws -> Swarm.Service {
  try stack("services: {web: {image: nginx, \(keys)}}").services[0]
}
