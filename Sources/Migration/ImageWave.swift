import Stack
import Swarm
import YAML

/// What is to be done to the images before anything moves: the runbook's first wave.
struct ImageWave {
  let services: [String]
  let step: Runbook.Step

  static let title = "Wave 0: images"

  /// Nil where there is nothing to do.
  ///
  /// - Parameter files: The stack files as the user named them, with their stacks' names.
  init?(
    _ images: [ImageState], nameless: [ImageState.Nameless],
    files: [(stack: String, file: String)]
  ) {
    let images = images.filter { $0.pin != .refused }
    var services: [String] = []
    var commands: [String] = []
    var parts = ["Weeks ahead: images are what takes longest to mend, and Swarm profits as well."]
    var seen = Set<String>()
    func add(_ states: [ImageState], _ text: String, _ more: [String]) {
      guard !states.isEmpty else { return }
      for state in states where seen.insert(" \(state.service)").inserted {
        services.append(state.service)
      }
      parts.append(text)
      for command in more where seen.insert(command).inserted { commands.append(command) }
    }
    func names(_ states: [ImageState]) -> String {
      let list = states.prefix(8).map(\.service).joined(separator: ", ")
      return states.count > 8 ? "\(list) and \(states.count - 8) more" : list
    }
    let stacks = Set(files.map(\.stack))
    let flags = files.map {
      stacks.count == 1
        ? "-c \(shellWord($0.file))" : "--stack \(shellWord("\($0.stack)=\($0.file)"))"
    }
    let audit = (["stackferry audit"] + flags).joined(separator: " ")

    let flawed = images.filter(\.isFlawed)
    add(
      flawed, "Mend the Dockerfiles of \(names(flawed)); --fix does what is safe.",
      [audit, "\(audit) --diff"])
    let moving = images.filter { $0.pin == .moving && !$0.isBuilt && !$0.isOnNode }
    add(
      moving, "Pin \(names(moving)): write the digest that is printed behind the name.",
      moving.map { "docker buildx imagetools inspect \(shellWord($0.image))" })
    let build = images.filter { $0.isBuilt && ($0.hasNoRegistry || $0.isFlawed) }
    let toBuild = build.map(\.shortName)
    add(
      build, "Build \(names(build)) anew.",
      stacks.sorted().compactMap { stack in
        let own = files.filter { $0.stack == stack }.map { "-f \(shellWord($0.file))" }
        let services = zip(build, toBuild).filter { $0.0.stack == stack }.map(\.1)
        return services.isEmpty
          ? nil
          : (["docker compose"] + own + ["build"] + services.map(shellWord))
            .joined(separator: " ")
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
        let own = files.filter { $0.stack == service.stack }.map { "-f \(shellWord($0.file))" }
        // Compose names what it builds after the project and the service.
        let name = "\(service.stack.lowercased())-\(service.service)"
        let target = "\"${REGISTRY:?}\"/\(shellWord("\(name.lowercased()):1"))"
        commands += [
          (["docker compose -p \(shellWord(service.stack.lowercased()))"] + own
            + ["build", shellWord(service.service)]).joined(separator: " "),
          "docker tag \(shellWord(name)) \(target)", "docker push \(target)",
        ]
      }
    }
    let push = images.filter { $0.hasNoRegistry && ($0.isBuilt || $0.isOnNode) }
    add(
      push,
      "The names of \(names(push)) hold no registry, which means Docker Hub, or one of the Swarm's nodes. Unless the cluster finds "
        + "them there, push them to a registry of its own, named in REGISTRY, and write the new names into the stack.",
      push.flatMap { state in
        let target = "\"${REGISTRY:?}\"/\(shellWord(state.path))"
        return (state.isBuilt ? [] : ["docker pull \(shellWord(state.image))"]) + [
          "docker tag \(shellWord(state.image)) \(target)", "docker push \(target)",
        ]
      })
    let mended = build.filter { !$0.hasNoRegistry }
    add(
      mended, "Push \(names(mended)) under a new tag, and deploy it to the Swarm first.",
      mended.map { "docker push \(shellWord($0.image))" })
    guard !services.isEmpty else { return nil }
    self.services = services
    step = Runbook.Step(
      title: Self.title, text: parts.joined(separator: " "), commands: commands, checks: [])
  }
}
