package import Diagnostics

package enum NodeCache: Rule {
  package static let name = "node-cache"
  package static let title = "The caches of npm and yarn left behind"
  package static let about = """
    npm keeps all that it downloads in `~/.npm`, yarn in its cache folder: often as much as `node_modules` itself. In a stage
    whose files are only copied from it does no harm. The fix clears the cache in the same layer.
    """
  package static let severity = Diagnostic.Severity.note
  package static let hadolint = ["DL3060"]
  package static let examples = [
    RuleExample(
      bad: "FROM node:24-slim\nRUN npm ci --omit=dev\n",
      good: "FROM node:24-slim\nRUN npm ci --omit=dev \\\n    && npm cache clean --force\n",
      isFixed: true),
    RuleExample(
      bad: "FROM node:24-slim\nRUN yarn install --production\n",
      good: "FROM node:24-slim\nRUN yarn install --production \\\n    && yarn cache clean\n",
      isFixed: true),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs where subject.isInImage(run) {
      let commands = run.script.commands
      if run.instruction.flags.contains(where: {
        $0.name == "mount" && $0.value.contains("type=cache")
      }) {
        continue
      }
      guard
        let install = commands.first(where: {
          $0.name == "npm" && $0.arguments.contains { ["install", "i", "ci"].contains($0) }
            || $0.name == "yarn"
              && ($0.arguments.isEmpty
                || $0.arguments.first { !$0.hasPrefix("-") } == "install"
                || $0.arguments.allSatisfy { $0.hasPrefix("-") })
        })
      else { continue }
      let isClean = commands.contains {
        $0.name == install.name && $0.arguments.starts(with: ["cache", "clean"])
          || $0.name == "npm" && $0.arguments.contains("cache") && $0.arguments.contains("clean")
          || $0.name == "rm"
            && $0.arguments.contains { $0.contains(".npm") || $0.contains("cache") }
      }
      if isClean { continue }
      let clean = install.name == "npm" ? "npm cache clean --force" : "yarn cache clean"
      findings.add(
        install.span, "the cache of \(install.name) stays in this layer",
        hint: "end this RUN with: && \(clean)",
        edits: run.isTrigger ? [] : CleanUp.append(clean, to: run.instruction, subject))
    }
  }
}
