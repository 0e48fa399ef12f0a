/// Where a key of a stack file can stand.
package enum KnownKeys {
  /// The first name on a path that no stack file can have there, and those that it can have; nil where the path is right, or
  /// leads to where names are free.
  ///
  /// `*` stands for a name that is free, `[]` for an item of a list.
  package static func misspelt(_ path: [String]) -> (position: Int, candidates: [String])? {
    var structure = Schema.root
    var position = 0
    while position < path.count {
      let name = path[position]
      if name.hasPrefix("x-") { return nil }
      guard let index = structure.index(of: name) else {
        return (position, structure.keys.map(\.name))
      }
      position += 1
      switch structure.keys[index].form {
      case .section(let inner):
        structure = inner
        position += 1
      case .structure(let inner): structure = inner
      case .structures(let inner):
        structure = inner
        if position < path.count, path[position] == "[]" { position += 1 }
      case .build: structure = Schema.build
      case .logging: structure = Schema.logging
      case .ports, .mounts, .fileReferences:
        guard position + 1 < path.count, path[position] == "[]" else { return nil }
        structure =
          switch structure.keys[index].form {
          case .ports: Schema.portMapping
          case .mounts: Schema.mount
          default: Schema.fileReference
          }
        position += 1
      default: return nil
      }
    }
    return nil
  }

  /// The paths of all keys that have a name, in the schema's order; `*` and `[]` as above.
  package static func endingIn(_ name: String) -> [[String]] {
    var found: [[String]] = []
    collect(name, in: Schema.root, below: [], into: &found)
    return found
  }

  private static func collect(
    _ name: String, in structure: Structure, below path: [String], into found: inout [[String]]
  ) {
    for key in structure.keys {
      let path = path + [key.name]
      if key.name == name { found.append(path) }
      switch key.form {
      case .section(let inner): collect(name, in: inner, below: path + ["*"], into: &found)
      case .structure(let inner): collect(name, in: inner, below: path, into: &found)
      case .structures(let inner): collect(name, in: inner, below: path + ["[]"], into: &found)
      case .build: collect(name, in: Schema.build, below: path, into: &found)
      case .logging: collect(name, in: Schema.logging, below: path, into: &found)
      case .ports: collect(name, in: Schema.portMapping, below: path + ["[]"], into: &found)
      case .mounts: collect(name, in: Schema.mount, below: path + ["[]"], into: &found)
      case .fileReferences:
        collect(name, in: Schema.fileReference, below: path + ["[]"], into: &found)
      default: break
      }
    }
  }
}
