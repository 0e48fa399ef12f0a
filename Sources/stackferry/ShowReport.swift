import ArgumentParser
import Delivery
import Ledger
import Mapping
import Report
import Disk
import Swarm
import Validation
import YAML

/// `stackferry report`: the dry run.
struct ShowReport: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, markdown, html, json, sarif, junit
  }

  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Show what a migration would keep, change, and lose; write nothing.",
    discussion: """
      Examples:
        stackferry report -c stack.yml shop
        stackferry report -c stack.yml shop --format html > migration.html
        stackferry report -c stack.yml shop --template ours.mustache > summary.txt

      A template is Mustache without partials. It is given what --format json prints (docs/report.schema.json), and \
      `sections`, the findings service by service.
      """)

  @OptionGroup(title: "Input Options") var input: StackArguments
  @OptionGroup(title: "Mapping Options") var choices: MigrationArguments

  @Argument(help: "The stack's name, as with `docker stack deploy`. Default: the folder's name.")
  var stack: String?

  @Option(help: "How to print it.")
  var format = Format.text

  @Option(
    help: ArgumentHelp("Render a Mustache template of your own.", valueName: "file"),
    completion: .file())
  var template: String?

  @Flag(
    help: "Write a file of answers with today's choices, to --answers FILE or stackferry.yaml.")
  var writeAnswers = false

  func run() throws {
    if writeAnswers { return try writeTheAnswers() }
    if let template { return try render(template) }
    let migrated = try Migrated(input, choices, name: stack)
    switch format {
    case .text:
      try Terminal.out(
        TextReport(migrated.report, color: Terminal.hasColor(1), verbose: input.verbose).render())
    case .markdown:
      try Terminal.out(MarkdownReport(migrated.report).render())
    case .html:
      try Terminal.out(HTMLReport(migrated.report, toolVersion: Stackferry.number).render())
    case .json:
      try Terminal.out(
        ReportDocument(migrated.report, toolVersion: Stackferry.number).json.bytes)
    case .sarif:
      try Terminal.out(
        SARIFReport(
          migrated.report, toolVersion: Stackferry.number,
          states: Acceptances(migrated.report).states
        ).json.bytes)
    case .junit:
      try Terminal.out(
        JUnitReport(migrated.report, states: Acceptances(migrated.report).states).render())
    }
  }

  private func render(_ path: String) throws {
    let bytes: [UInt8]
    switch FileSystem.read(path) {
    case .success(let content): bytes = content
    case .failure(let problem): throw Terminal.failure(problem)
    }
    let template: MustacheTemplate
    do throws(MustacheTemplate.Problem) {
      template = try MustacheTemplate(String(decoding: bytes, as: UTF8.self))
    } catch {
      Terminal.note("stackferry: error: \(path):\(error.line): \(error.message)")
      throw ExitCode(Status.input)
    }
    let migrated = try Migrated(input, choices, name: stack)
    try Terminal.out(
      template.render(TemplateDocument(migrated.report, toolVersion: Stackferry.number).json))
  }

  private func writeTheAnswers() throws {
    let path = choices.answers ?? "stackferry.yaml"
    guard FileSystem.kind(path) == .missing else {
      Terminal.note(
        "stackferry: error: \(path) is there already\n  = hint: edit it, or move it away first")
      throw ExitCode(Status.input)
    }
    var choices = choices
    choices.answers = nil
    let migrated = try Migrated(input, choices, name: stack)
    let text = Answers.template(migrated.report)
    if let problem = FileSystem.write(Array(text.utf8), to: path, mode: 0o666, isNew: true) {
      throw Terminal.failure(problem)
    }
    if !input.quiet {
      Terminal.note("\(path) written; edit it, and give it to every command: --answers \(path)")
    }
  }
}
