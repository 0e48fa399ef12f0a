import ArgumentParser
import Ledger
import Mapping
import Stack
import YAML

/// `stackferry config`: the resolved stack, as `docker stack config` prints it.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the resolved stack, as `docker stack config` does.",
    discussion: """
      Variables are replaced, files merged, short forms written out. Accepts what `docker stack config` accepts; what \
      `docker stack deploy` would refuse later is a warning.
      """)

  @OptionGroup(title: "Input Options") var input: StackArguments

  func run() throws {
    let loaded = try input.load(strictReferences: false)
    for (_, stack, _) in loaded.stacks {
      var writer = Writer()
      if loaded.stacks.count > 1 { writer.document() }
      writer.write(configDocument(stack))
      try Terminal.out(writer.bytes)
    }
  }
}
