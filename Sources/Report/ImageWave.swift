import Ledger
import Mapping
import Stack
import Swarm
import YAML

/// What is to be done to the images before anything moves: the runbook's first wave.
package struct ImageWave {
  package let services: [String]
  package let step: Runbook.Step

  package static let title = "Wave 0: images"

  /// Nil where there is nothing to do.
  ///
  /// - Parameter files: The stack files as the user named them, with their stacks' names.
  package init?(
    _ images: [ImageState], nameless: [ImageState.Nameless],
    files: [(stack: String, file: String)]
  ) {
    let images = images.filter { $0.pin != .refused }
    var services: [String] = []
    var commands: [Command] = []
    var parts = ["Weeks ahead: images are what takes longest to mend, and Swarm profits as well."]
    var seen = Set<String>()
    var written = Set<Command>()
    func add(_ states: [ImageState], _ text: String, _ more: [Command]) {
      guard !states.isEmpty else { return }
      for state in states where seen.insert(" \(state.service)").inserted {
        services.append(state.service)
      }
      parts.append(text)
      for command in more where written.insert(command).inserted { commands.append(command) }
    }
    func names(_ states: [ImageState]) -> String {
      let list = states.prefix(8).map(\.service).joined(separator: ", ")
      return states.count > 8 ? "\(list) and \(states.count - 8) more" : list
    }
    let stacks = Set(files.map(\.stack))
    let flags = files.flatMap {
      stacks.count == 1
        ? ["-c", $0.file] : ["--stack", "\($0.stack)=\($0.file)"]
    }
    let audit = Command(words: ["stackferry", "audit"] + flags)

    let flawed = images.filter(\.isFlawed)
    add(
      flawed, "Mend the Dockerfiles of \(names(flawed)); --fix does what is safe.",
      [audit, "\(audit) --diff"])
    let moving = images.filter { $0.pin == .moving && !$0.isBuilt && !$0.isOnNode }
    add(
      moving, "Pin \(names(moving)): write the digest that is printed behind the name.",
      moving.map { "docker buildx imagetools inspect \($0.image)" })
    let build = images.filter { $0.isBuilt && ($0.hasNoRegistry || $0.isFlawed) }
    let toBuild = build.map(\.shortName)
    add(
      build, "Build \(names(build)) anew.",
      stacks.sorted().compactMap { stack in
        let own = files.filter { $0.stack == stack }.flatMap { ["-f", $0.file] }
        let services = zip(build, toBuild).filter { $0.0.stack == stack }.map(\.1)
        return services.isEmpty
          ? nil : Command(words: ["docker", "compose"] + own + ["build"] + services)
      })
    if !nameless.isEmpty {
      for service in nameless where seen.insert(" \(service.who)").inserted {
        services.append(service.who)
      }
      let list = nameless.prefix(8).map(\.who).joined(separator: ", ")
      let more = nameless.count > 8 ? " and \(nameless.count - 8) more" : ""
      parts.append(
        "\(list)\(more): there is `build` and no `image`, which Swarm refuses. Build, push, and write the name as `image`."
      )
      for service in nameless {
        let own = files.filter { $0.stack == service.stack }.flatMap { ["-f", $0.file] }
        // Compose names what it builds after the project and the service.
        let name = "\(service.stack.lowercased())-\(service.service)"
        let target: Command = "\"${REGISTRY:?}\"/\("\(name.lowercased()):1")"
        let project = ["docker", "compose", "-p", service.stack.lowercased()]
        commands += [
          Command(words: project + own + ["build", service.service]),
          "docker tag \(name) \(target)", "docker push \(target)",
        ]
      }
    }
    let push = images.filter { $0.hasNoRegistry && ($0.isBuilt || $0.isOnNode) }
    add(
      push,
      "The names of \(names(push)) hold no registry, which means Docker Hub, or one of the Swarm's nodes. Unless the cluster finds "
        + "them there, push them to a registry of its own, named in REGISTRY, and write the new names into the stack.",
      push.flatMap { state in
        let target: Command = "\"${REGISTRY:?}\"/\(state.path)"
        let pull: [Command] = state.isBuilt ? [] : ["docker pull \(state.image)"]
        return pull + ["docker tag \(state.image) \(target)", "docker push \(target)"]
      })
    let mended = build.filter { !$0.hasNoRegistry }
    add(
      mended, "Push \(names(mended)) under a new tag, and deploy it to the Swarm first.",
      mended.map { "docker push \($0.image)" })
    guard !services.isEmpty else { return nil }
    self.services = services
    step = Runbook.Step(
      title: Self.title, text: parts.joined(separator: " "), commands: commands, checks: [])
  }
}
