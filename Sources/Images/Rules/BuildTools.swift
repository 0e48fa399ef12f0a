package import Diagnostics
import Swarm

package enum BuildTools: Rule {
  package static let name = "build-tools"
  package static let title = "Compilers and build tools in the image"
  package static let about = """
    An SDK, a compiler or a build tool in the image that runs is several hundred megabytes for one start of the build, and gives
    an intruder a workshop. Build in a stage of its own (`FROM … AS build`) and copy the result into a base that can only run
    it: `eclipse-temurin:21-jre` for Java, `gcr.io/distroless/static` or `scratch` for Go, `-slim` for Node and Python,
    `dotnet/aspnet` for .NET.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: "FROM golang:1.27\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\nCMD [\"/app\"]\n",
      good: """
        FROM golang:1.27 AS build
        WORKDIR /src
        COPY . .
        RUN CGO_ENABLED=0 go build -o /app
        FROM gcr.io/distroless/static:nonroot
        COPY --from=build /app /app
        CMD ["/app"]

        """),
    RuleExample(
      bad: """
        FROM python:3.13-slim
        RUN apt-get update && apt-get install -y --no-install-recommends build-essential

        """,
      good: """
        FROM python:3.13-slim
        RUN apt-get update && apt-get install -y --no-install-recommends gcc \\
            && pip install --no-cache-dir psycopg2 && apt-get purge -y gcc

        """),
  ]

  /// Bases that build, and the base that only runs what they build.
  private static let builders: [String: String] = [
    "golang": "scratch or gcr.io/distroless/static", "rust": "debian:12-slim or scratch",
    "maven": "eclipse-temurin:21-jre", "gradle": "eclipse-temurin:21-jre",
    "gcc": "debian:12-slim", "buildpack-deps": "debian:12-slim", "haskell": "debian:12-slim",
    "swift": "swift:slim or scratch",
  ]

  private static let packages: Set<String> = [
    "build-essential", "build-base", "gcc", "g++", "make", "cmake", "clang", "autoconf", "automake",
    "musl-dev", "python-dev", "python3-dev", "maven", "gradle", "golang", "golang-go", "cargo",
    "rustc", "default-jdk", "openjdk-8-jdk", "openjdk-11-jdk", "openjdk-17-jdk", "openjdk-21-jdk",
    "gcc-c++", "libc6-dev", "libc-dev", "pkg-config", "git-core",
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    guard subject.target >= 0 else { return }
    let root = subject.dockerfile.stages[subject.dockerfile.lineage(subject.target)[0]]
    if let word = root.written, let base = root.base, let reference = try? ImageReference(base) {
      let name = OfficialImages.name(reference)
      if let name, let runner = builders[name] {
        findings.add(
          word.span, "the image that runs is built on \(name), which is there to build",
          hint: "end with a stage FROM \(runner), and COPY --from the result")
      } else if reference.registry == "mcr.microsoft.com", reference.repository.hasSuffix("/sdk") {
        findings.add(
          word.span, "the image that runs holds the .NET SDK",
          hint: "end with a stage FROM mcr.microsoft.com/dotnet/aspnet, and COPY --from the result")
      } else if let name, ["openjdk", "eclipse-temurin", "amazoncorretto"].contains(name),
        reference.tag?.contains("jdk") == true
      {
        findings.add(
          word.span, "the image that runs holds the Java compiler",
          hint: "end with a stage FROM eclipse-temurin:21-jre, and COPY --from the result")
      }
    }
    for run in subject.runs where subject.isInImage(run) {
      let commands = run.script.commands
      for command in commands {
        let isInstall =
          AptLists.isInstall(command) || command.runs(["apk"], "add")
          || command.runs(["yum", "dnf", "microdnf"], "install")
        guard isInstall else { continue }
        let found = command.words.filter { packages.contains(Self.bare($0.text)) }
        guard let first = found.first else { continue }
        // A group of packages that the same RUN removes again.
        let isRemoved = commands.contains {
          AptLists.programs.contains($0.name)
            && $0.arguments.contains { ["purge", "remove", "autoremove"].contains($0) }
            || $0.runs(["apk"], "del")
            || ["yum", "dnf", "microdnf"].contains($0.name)
              && $0.arguments.contains { ["remove", "erase", "autoremove"].contains($0) }
        }
        if isRemoved { continue }
        findings.add(
          first.span, "build tools stay in the image: \(found.map(\.text).joined(separator: ", "))",
          hint: "install them in a build stage, or remove them in the same RUN")
        break
      }
    }
  }

  private static func bare(_ package: String) -> String {
    String(package.prefix { $0 != "=" && $0 != "~" && $0 != ">" && $0 != ":" })
  }
}
