import Diagnostics
import Stack
import Swarm
import YAML

/// A stack `shop` of a text, which must be one that Docker takes.
func stack(_ text: String) throws -> Swarm.Stack {
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
func service(with keys: String) throws -> Swarm.Service {
  try stack("services: {web: {image: nginx, \(keys)}}").services[0]
}
