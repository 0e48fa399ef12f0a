package import Diagnostics

package enum BuildCaches: Rule {
  package static let name = "build-caches"
  package static let title = "Caches of Maven, Gradle, Go, Cargo and Composer in the image"
  package static let about = """
    A build in the image's own stage leaves the tool's store of downloads behind: `~/.m2`, `~/.gradle`, `/go/pkg/mod`,
    `~/.cargo`, `~/.composer`, hundreds of megabytes that the service never reads. Build in a stage of its own and copy the
    result out of it, or keep the store in a cache mount: `RUN --mount=type=cache,target=/root/.m2 mvn package`.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: "FROM maven:3.9-eclipse-temurin-21\nCOPY . .\nRUN mvn package\n",
      good: """
        FROM maven:3.9-eclipse-temurin-21 AS build
        COPY . .
        RUN mvn package
        FROM eclipse-temurin:21-jre
        COPY --from=build target/app.jar /app.jar

        """),
    RuleExample(
      bad: "FROM golang:1.27\nCOPY . .\nRUN go build -o /app .\n",
      good:
        "FROM golang:1.27\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go build -o /app .\n"
    ),
  ]

  private static func store(_ command: ShellScript.Command) -> String? {
    let verbs = Set(command.arguments)
    func any(_ names: [String]) -> Bool { !verbs.isDisjoint(with: names) }
    switch command.name {
    case "mvn", "mvnw":
      return any(["package", "install", "verify", "compile", "deploy", "dependency:go-offline"])
        ? "/root/.m2" : nil
    case "gradle", "gradlew":
      return any(["build", "assemble", "jar", "bootJar", "shadowJar", "installDist"])
        ? "/root/.gradle" : nil
    case "go": return any(["build", "install", "get", "mod"]) ? "/go/pkg/mod" : nil
    case "cargo": return any(["build", "install", "fetch"]) ? "/usr/local/cargo/registry" : nil
    case "composer": return any(["install", "update", "require"]) ? "/root/.composer" : nil
    default: return nil
    }
  }

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs where subject.isInImage(run) {
      if run.instruction.flags.contains(where: {
        $0.name == "mount" && $0.value.contains("type=cache")
      }) {
        continue
      }
      for command in run.script.commands {
        guard let store = store(command) else { continue }
        let isRemoved = run.script.commands.contains {
          $0.name == "rm"
            && $0.arguments.contains { $0.contains(store.split(separator: "/").last!) }
            || $0.arguments.first == "clean-cache" || $0.arguments.first == "clear-cache"
            || $0.name == "go" && $0.arguments.first == "clean"
        }
        if isRemoved { break }
        findings.add(
          command.span, "what \(command.name) downloads stays in this layer",
          hint: "build in a stage of its own, or write: RUN --mount=type=cache,target=\(store) …")
        break
      }
    }
  }
}
