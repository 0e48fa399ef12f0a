import ArgumentParser

/// The command line. Each command is a file of its own; this one only lists them.
@main
struct Stackferry: ParsableCommand {
  /// Of the program, by the rules of semver.org.
  static let number = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "stackferry",
    abstract: "Move a Docker Swarm stack to Kubernetes, with an account of every key.",
    usage: """
      stackferry convert  -c stack.yml shop            write manifests and a report to kubernetes/shop
      stackferry report   -c stack.yml shop            show the report, write nothing
      stackferry validate -c stack.yml shop            for CI: pass or fail
      stackferry audit    -c stack.yml                 what to mend in images and stack first
      stackferry init-ci  github -c stack.yml shop     write the CI job that does it
      stackferry explain  deploy.update_config.order   what becomes of a key, and why
      """,
    discussion: """
      stackferry reads what `docker stack deploy` reads, understands it as Swarm does, and writes Kubernetes manifests. \
      Every key of the stack ends in the report as one of:

        kept     means the same in Kubernetes
        adapted  same intent; the report says how the behaviour differs
        decide   there is a choice; a default was taken, an option changes it
        manual   needs a step outside the manifests; the report gives the command
        lost     has no counterpart; the report says what you lose
        inert    Swarm ignored it too

      Exit status: 0 fine; 1 the verdict is "fail"; 2 the input cannot be used (every error is printed with its place); \
      64 wrong usage; 70 a fault of stackferry's own.
      """,
    version: "stackferry \(number)",
    subcommands: [
      Convert.self, ShowReport.self, Validate.self, Config.self, Model.self, Capture.self,
      Audit.self, Explain.self, InitCI.self, DocumentFeatures.self, DocumentManual.self,
    ]
  )
}
