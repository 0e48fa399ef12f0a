package import Diagnostics

package enum FilesNotOwned: Rule {
  package static let name = "files-not-owned"
  package static let title = "The working folder is not the user's"
  package static let about = """
    `WORKDIR` and `COPY` make folders and files that belong to root, whatever `USER` says. A program that runs as another user
    can read them and cannot write there: no cache, no upload, no lock file beside the code. That is well where it is meant, and
    a crash at the first write where it is not. On Swarm a named volume took over the owner of the image's folder when it was
    new and empty; a Kubernetes volume belongs to root, or to `fsGroup`, so the owner must be settled in the manifest too.
    """
  package static let severity = Diagnostic.Severity.note
  package static let examples = [
    RuleExample(
      bad: "FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER 1000\n",
      good: "FROM node:24-slim\nWORKDIR /app\nCOPY --chown=1000:1000 . .\nUSER 1000\n")
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    guard subject.unprivilegedUser != nil, let folder = subject.last(.workdir)?.words.first?.text
    else { return }
    var bare: [Instruction] = []
    for instruction in subject.dockerfile.history(subject.target) {
      switch instruction.keyword {
      case .copy, .add:
        if instruction.flag("chown") != nil { return }
        if let target = instruction.words.last?.text, Self.lies(target, in: folder) {
          bare.append(instruction)
        }
      case .run:
        // Whoever changes owners has thought of it.
        if instruction.script.commands.contains(where: {
          $0.name == "chown" || $0.name == "install" || $0.name == "chmod"
        }) {
          return
        }
      default: break
      }
    }
    guard let last = bare.last else { return }
    findings.add(
      last.headSpan,
      "what is copied to \(folder) belongs to root, and the image's user cannot write",
      hint: "where it must: \(last.keyword.rawValue) --chown=UID:GID …")
  }

  private static func lies(_ target: String, in folder: String) -> Bool {
    !target.hasPrefix("/") || target == folder || target.hasPrefix(folder + "/")
  }
}
