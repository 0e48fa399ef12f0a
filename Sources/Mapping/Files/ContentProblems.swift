package import Diagnostics
import Kubernetes
package import Ledger
import Stack
package import Swarm
package import YAML

/// A file that the stack names and that cannot be migrated.
package struct ContentProblem: Sendable {
  package var key: KeyID
  package var diagnostic: Diagnostic
}

/// The configs that cannot be read, and the configs and secrets that are too large: all of them, because each run costs the
/// user a round. Docker fails here as well. A missing secret is none: teams keep secrets out of the repository.
package func contentProblems(_ stacks: [Swarm.Stack], _ options: Options) -> [ContentProblem] {
  var problems: [ContentProblem] = []
  for stack in stacks {
    for object in stack.configs + stack.secrets {
      guard case .file(let path, let result) = object.source else { continue }
      let node = object.node["file"] ?? object.node
      // Without a `file` Docker reads the stack's folder itself.
      let isWritten =
        object.node["file"].map { $0.id != .none } ?? (object.node["environment"] != nil)
      if !isWritten {
        problems.append(
          ContentProblem(
            key: object.node.id,
            diagnostic: Diagnostic(
              "content/no-file", at: object.node.mark,
              "\(object.kind) \(object.key) has no `file` and is not external",
              hint: "add `file: ./PATH`, or `external: true`")))
        continue
      }
      switch result {
      case .failure(let problem):
        if object.kind == .secret || options.allowMissing { continue }
        problems.append(
          ContentProblem(
            key: node.id,
            diagnostic: Diagnostic(
              "content/missing-file", at: node.mark,
              "config \(object.key): \(stack.shown(path)): \(problem.reason)",
              hint: "put the file there, or use --allow-missing and make the ConfigMap by hand")))
      case .success(let bytes):
        guard bytes.count > BoundContent.maximumSize else { continue }
        problems.append(
          ContentProblem(
            key: node.id,
            diagnostic: Diagnostic(
              "content/too-large", at: node.mark,
              "\(object.kind) \(object.key): \(stack.shown(path)) has \(bytes.count) bytes, and "
                + (object.kind == .config ? "a ConfigMap" : "a Secret") + " holds 1048576",
              hint: "put the file into the image, or fetch it when the container starts")))
      }
    }
  }
  return problems
}
