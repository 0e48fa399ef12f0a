package import Diagnostics
import Stack
package import Swarm
import YAML

/// What is known of the images that stacks run.
package enum ImageEvidence {
  /// Places of messages hold so many files; those behind are named, and not quoted.
  private static let maximumFiles = 3000

  /// Reads the Dockerfiles that a stack's services are built from, as far as they lie in the stack's folder, and puts them
  /// among the sources so that their lines can be quoted.
  package static func dockerfiles(
    of stack: Swarm.Stack, files: Files, sources: inout Sources
  ) -> Swarm.Stack {
    guard stack.services.contains(where: { $0.node["build"] != nil }) else { return stack }
    var facts: [String: ImageFacts] = [:]
    let folder = stack.folder.isEmpty ? "" : stack.folder + "/"
    for build in builds(of: stack, folder: folder) {
      let path = shown(build.path, folder)
      let found = read(build, path, folder, files, &sources)
      for use in build.uses { facts[use.name] = found }
    }
    for service in stack.services {
      guard facts[service.name] == nil, let build = service.node["build"] else { continue }
      if let text = build["dockerfile_inline"]?.text {
        let arguments = buildArguments(build)
        let subject = Subject(
          Dockerfile(path: "dockerfile_inline", bytes: Array(text.utf8), arguments: arguments),
          target: build["target"]?.text)
        facts[service.name] = subject.facts(
          path: "dockerfile_inline", file: nil, arguments: arguments)
      } else if let context = build["context"]?.text ?? build.text {
        facts[service.name] = unread(withoutLogin(context), "it is not in the stack's folder")
      }
    }
    return stack.withImages(facts)
  }

  private static func read(
    _ build: Build, _ path: String, _ folder: String, _ files: Files, _ sources: inout Sources
  ) -> ImageFacts {
    guard build.path.hasPrefix(folder), !build.path.hasPrefix("../"), build.path != ".." else {
      return unread(path, "it is not in the stack's folder")
    }
    let bytes: [UInt8]
    switch files.read(build.path) {
    case .success(let content): bytes = content
    case .failure(let problem): return unread(path, problem.reason.lowercased())
    }
    let isInside = (build.context + "/").hasPrefix(folder) && !build.context.hasPrefix("../")
    let subject = build.subject(bytes, shown: path, files: files, readsContext: isInside)
    if let error = subject.dockerfile.problems.first(where: { $0.severity == .error }) {
      return unread(path, "line \(error.mark.line): \(error.summary)")
    }
    if let target = build.target, subject.dockerfile.stage(target: target) == nil {
      return unread(path, "it has no stage `\(target)`")
    }
    let audit = DockerfileAudit(subject)
    let number = sources.files.count < maximumFiles ? sources.add(audit.source) : nil
    var facts = subject.facts(path: path, file: number, arguments: build.arguments)
    func count(_ severity: Diagnostic.Severity) -> Int {
      audit.findings.count { $0.severity == severity }
    }
    facts.audit = ImageFacts.Audit(
      errors: count(.error), warnings: count(.warning), notes: count(.note))
    return facts
  }

  private static func unread(_ path: String, _ reason: String) -> ImageFacts {
    var facts = ImageFacts(.dockerfile, path: path)
    facts.problem = reason
    return facts
  }

  /// From the stack's folder, so that messages do not differ between machines.
  private static func shown(_ path: String, _ folder: String) -> String {
    if path.hasPrefix(folder) { return String(path.dropFirst(folder.utf8.count)) }
    // Outside of it: up from the folder to what both have in common.
    let (ours, theirs) = (folder.split(separator: "/"), path.split(separator: "/"))
    let common = zip(ours, theirs).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: ours.count - common)
    return (up + theirs.dropFirst(common).map(String.init)).joined(separator: "/")
  }

  /// A repository's address without the password that may stand in it.
  private static func withoutLogin(_ context: String) -> String {
    guard let scheme = context.firstRange(of: "://") else { return context }
    let rest = context[scheme.upperBound...]
    let host = rest.prefix { $0 != "/" }
    guard let at = host.lastIndex(of: "@") else { return context }
    return context[..<scheme.upperBound] + String(rest[rest.index(after: at)...])
  }
}
