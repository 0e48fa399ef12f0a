import ArgumentParser
import Ledger
import Mapping
import Swarm
import YAML

/// `stackferry model`: what the engine would hold.
struct Model: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what `docker stack deploy` would create, as the engine would show it.",
    discussion: """
      One JSON document with the services, networks, secrets and configs of the stack, in the Engine API's field names and \
      with Docker's and Swarm's defaults written out: what `docker service inspect` and the like show after a deployment. \
      Where the engine makes up an identifier, the name stands instead; secrets have no data, as the API never gives it.

      Examples:
        stackferry model -c stack.yml shop
        stackferry model -c stack.yml shop | jq '.Services[].Spec.UpdateConfig'
      """)

  @OptionGroup(title: "Input Options") var input: StackArguments

  @Argument(help: "The stack's name, as with `docker stack deploy`. Default: the folder's name.")
  var stack: String?

  func run() throws {
    let loaded = try input.load(name: stack)
    for model in loaded.models { try Terminal.out(model.engineState.bytes) }
  }
}
