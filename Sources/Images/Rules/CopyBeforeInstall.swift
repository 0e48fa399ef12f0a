package import Diagnostics

package enum CopyBeforeInstall: Rule {
  package static let name = "copy-before-install"
  package static let title = "The whole source is copied before dependencies are installed"
  package static let about = """
    A changed comment in any file then installs all dependencies again, and gives a new large layer that every node pulls.
    Copy the lists of dependencies first (`package*.json`, `requirements.txt`, `pom.xml`, `go.mod`), install, and copy the
    source after that: a new version of the service is then a layer of a few megabytes, on Swarm and on Kubernetes.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: "FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\n",
      good: "FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n"),
    RuleExample(
      bad: "FROM python:3.13-slim\nADD . /app\nRUN pip install -r /app/requirements.txt\n",
      good: """
        FROM python:3.13-slim
        COPY requirements.txt /app/
        RUN pip install -r /app/requirements.txt
        COPY . /app

        """),
  ]

  private static func installs(_ command: ShellScript.Command) -> Bool {
    let verb = command.arguments.first { !$0.hasPrefix("-") } ?? ""
    switch command.name {
    case "npm", "pnpm": return ["install", "i", "ci"].contains(verb)
    case "yarn": return verb.isEmpty || verb == "install"
    case "bundle", "composer", "poetry", "pipenv": return verb == "install"
    case "uv": return verb == "sync"
    case "go": return command.arguments.starts(with: ["mod", "download"])
    case "dotnet": return verb == "restore"
    default:
      return PipCache.isInstall(command)
        && command.arguments.contains { $0 == "-r" || $0.hasPrefix("--requirement") }
    }
  }

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for (number, _) in subject.bases {
      var whole: Instruction?
      for index in subject.dockerfile.stages[number].body {
        let instruction = subject.dockerfile.instructions[index]
        switch instruction.keyword {
        case .copy, .add:
          if instruction.flag("from") == nil,
            instruction.words.dropLast().contains(where: { $0.text == "." || $0.text == "./" })
          {
            whole = whole ?? instruction
          }
        case .run:
          guard let copy = whole, let install = instruction.script.commands.first(where: installs)
          else { continue }
          findings.add(
            copy.headSpan,
            "every change of the source repeats \(install.name) \(install.arguments.first ?? "")",
            hint: "copy the lists of dependencies first, install, and copy the rest after it")
          whole = nil
        default: break
        }
      }
    }
  }
}
