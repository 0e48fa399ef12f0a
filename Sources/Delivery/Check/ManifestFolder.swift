import Diagnostics
package import Stack
package import Swarm
import YAML

extension ManifestCheck {
  /// Checks a file, or all YAML and JSON in a folder and those below it, in the order of their names.
  ///
  /// Folders of charts, patches of kustomizations, and hidden folders are left alone.
  ///
  /// - Returns: What could not be read.
  package mutating func check(at path: String, _ files: Files) -> [FileProblem] {
    switch files.kind(path) {
    case .missing: return [FileProblem(path: path, reason: "no such file or directory")]
    case .file: return read(path, files)
    case .directory: return walk(path, files, depth: 0)
    }
  }

  private static let depthLimit = 32

  private mutating func read(_ path: String, _ files: Files) -> [FileProblem] {
    switch files.read(path) {
    case .success(let bytes):
      check(path, bytes)
      return []
    case .failure(let problem): return [problem]
    }
  }

  private mutating func walk(_ folder: String, _ files: Files, depth: Int) -> [FileProblem] {
    if depth > Self.depthLimit {
      return [FileProblem(path: folder, reason: "is more than \(Self.depthLimit) folders deep")]
    }
    let entries = files.entries(folder)
    let names = entries.map(\.name)
    if names.contains("Chart.yaml") {
      leaveAlone(
        folder, "a chart of Helm: render it, and check the result with --manifests -")
      return []
    }
    let base = folder == "." ? "" : folder.hasSuffix("/") ? folder : folder + "/"
    var patches = Set<String>()
    for name in names where Self.kustomizations.contains(name) {
      leaveAlone(base + name, Self.kustomizationReason)
      patches = Self.patches(base + name, files)
    }
    var problems: [FileProblem] = []
    for entry in entries
    where !entry.name.hasPrefix(".") && !Self.kustomizations.contains(entry.name) {
      let name = entry.name
      let path = base + name
      if entry.isFolder {
        problems += walk(path, files, depth: depth + 1)
      } else if entry.isLink, files.kind(path) == .directory {
        leaveAlone(path, "a link to a folder, which kubectl does not go through either")
      } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.hasSuffix(".json") {
        if patches.contains(name) {
          leaveAlone(path, "a part of a kustomization, no whole object")
        } else {
          problems += read(path, files)
        }
      }
    }
    return problems
  }

  private static let kustomizations: Set<String> = [
    "kustomization.yaml", "kustomization.yml", "Kustomization",
  ]

  /// The files that a kustomization merges into others, or reads values from.
  private static func patches(_ path: String, _ files: Files) -> Set<String> {
    guard case .success(let bytes) = files.read(path) else { return [] }
    var sources = Sources()
    let file = sources.add(SourceFile(path: path, bytes: bytes))
    guard let root = Document.stream(file, in: sources).documents.first else { return [] }
    var names: [String?] = []
    for list in ["patches", "patchesJson6902"] {
      names += (root[list]?.items ?? []).map { $0["path"]?.text }
    }
    for list in ["patchesStrategicMerge", "configurations", "transformers", "crds"] {
      names += (root[list]?.items ?? []).map(\.text)
    }
    for list in ["configMapGenerator", "secretGenerator"] {
      for generator in root[list]?.items ?? [] {
        for key in ["files", "envs"] {
          // `name=file`, or the file alone.
          names += (generator[key]?.items ?? []).map {
            $0.text?.split(separator: "=").last.map(String.init)
          }
        }
      }
    }
    names += (root["helmCharts"]?.items ?? []).map { $0["valuesFile"]?.text }
    return Set(
      names.compactMap { name in
        name.map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 }
      })
  }
}
