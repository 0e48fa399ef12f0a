package import Diagnostics

package enum DevelopmentDependencies: Rule {
  package static let name = "development-dependencies"
  package static let title = "Development dependencies in the image"
  package static let about = """
    `npm install` installs test runners, bundlers and linters beside what the service needs: often more than half of
    `node_modules`, and most of what a scanner complains about. Build with them in a stage of its own, and give the image only
    what runs: `npm ci --omit=dev`, `yarn install --production`, `composer install --no-dev`, `bundle install` without the
    groups for development, no `requirements-dev.txt`.
    """
  package static let severity = Diagnostic.Severity.note
  package static let examples = [
    RuleExample(
      bad: "FROM node:24-slim\nRUN npm install && npm cache clean --force\n",
      good: "FROM node:24-slim\nRUN npm ci --omit=dev && npm cache clean --force\n"),
    RuleExample(
      bad: "FROM php:8.4-fpm\nRUN composer install\n",
      good: "FROM php:8.4-fpm\nRUN composer install --no-dev\n"),
    RuleExample(
      bad: "FROM python:3.13-slim\nRUN pip install --no-cache-dir -r requirements-dev.txt\n",
      good: "FROM python:3.13-slim\nRUN pip install --no-cache-dir -r requirements.txt\n"),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs where subject.isInImage(run) {
      if isProduction(subject, before: run) { continue }
      for command in run.script.commands {
        guard let option = missing(command) else { continue }
        let prunes = run.script.commands.contains { $0.runs(["npm"], "prune") }
        if prunes { break }
        findings.add(
          command.span, "this installs development dependencies too", hint: "write: \(option)")
        break
      }
    }
  }

  /// The command that leaves them out; nil where this one does, or installs named packages only.
  private static func missing(_ command: ShellScript.Command) -> String? {
    let verb = command.arguments.first { !$0.hasPrefix("-") } ?? ""
    let named = command.arguments.filter { !$0.hasPrefix("-") }.count > 1
    switch command.name {
    case "npm":
      guard ["install", "i", "ci"].contains(verb), !named, !command.has(option: "-g"),
        !command.has(option: "--global"), !command.has(option: "--production"),
        !command.arguments.contains(where: { $0.hasPrefix("--omit") || $0.hasPrefix("--only") })
      else { return nil }
      return "npm ci --omit=dev"
    case "yarn":
      guard verb.isEmpty || verb == "install", !command.has(option: "--production"),
        !command.has(option: "--prod")
      else { return nil }
      return "yarn install --production"
    case "composer":
      return verb == "install" && !command.has(option: "--no-dev")
        ? "composer install --no-dev" : nil
    default:
      guard PipCache.isInstall(command) else { return nil }
      let isDevelopment = command.arguments.contains {
        $0.hasSuffix(".txt") && ($0.contains("dev") || $0.contains("test"))
      }
      return isDevelopment ? "pip install --no-cache-dir -r requirements.txt" : nil
    }
  }

  /// `NODE_ENV=production` above: npm and yarn then leave them out.
  private static func isProduction(_ subject: borrowing Subject, before run: Subject.Run) -> Bool {
    for stage in subject.dockerfile.lineage(run.stage) {
      for index in subject.dockerfile.stages[stage].body where index < run.index {
        let instruction = subject.dockerfile.instructions[index]
        if instruction.keyword == .env,
          instruction.pairs.contains(where: {
            $0.name.text == "NODE_ENV" && $0.value?.text == "production"
          })
        {
          return true
        }
      }
    }
    return run.script.commands.contains { command in
      command.assignments.contains { $0.text == "NODE_ENV=production" }
    }
  }
}
