package import Swarm

extension DeclaredImage {
  /// What the image declares: all of it, with what its base declares.
  ///
  /// - Parameter path: The archive's name for messages.
  package func facts(path: String) -> ImageFacts {
    var facts = ImageFacts(.archive, path: path)
    facts.isComplete = true
    func declared<Value>(_ value: Value, _ text: String) -> ImageFacts.Declared<Value> {
      ImageFacts.Declared(value, ImageFacts.Evidence(visible(text), place: path))
    }
    for text in config.ports {
      for port in ImageFacts.Port.all(text) {
        let name = port.transport == .tcp ? String(port.number) : text
        facts.ports.append(declared(port, "EXPOSE \(name)"))
      }
    }
    if !config.user.isEmpty {
      facts.hasUser = true
      facts.user = declared(visible(config.user), "USER \(config.user)")
      let user = User(config.user)
      if case .id = user.user {
        // A group by name is looked up in the image, where Kubernetes looks for none.
        if case .name? = user.group {
          facts.identity = User(String(config.user.prefix { $0 != ":" }))
        } else {
          facts.identity = user
        }
      }
    }
    facts.check = config.healthcheck.flatMap(Self.check).map { declared($0, "HEALTHCHECK CMD …") }
    facts.volumes = config.volumes.map(cleanPath).map {
      declared(visible($0), "VOLUME \($0)")
    }
    facts.stopSignal = config.stopSignal.map { declared($0, "STOPSIGNAL \($0)") }
    facts.shell = config.shell.isEmpty ? nil : config.shell
    facts.entrypoint = config.entrypoint
    facts.command = config.command
    return facts
  }

  private static func check(_ written: ImageConfig.Healthcheck) -> ImageFacts.Check? {
    let words = Array(written.test.dropFirst())
    var check: ImageFacts.Check
    switch written.test.first {
    case "CMD" where !words.isEmpty: check = ImageFacts.Check(.exec(words))
    case "CMD-SHELL" where !words.isEmpty: check = ImageFacts.Check(.shell(words[0]))
    default: return nil
    }
    func time(_ nanoseconds: Int) -> Duration? {
      nanoseconds > 0 ? .nanoseconds(nanoseconds) : nil
    }
    check.interval = time(written.interval)
    check.timeout = time(written.timeout)
    check.startPeriod = time(written.startPeriod)
    check.startInterval = time(written.startInterval)
    check.retries = written.retries > 0 ? written.retries : nil
    return check
  }
}

extension ImageEvidence {
  /// Stacks with what is known of the images in an archive. It goes before a Dockerfile: it is what runs.
  ///
  /// - Returns: The stacks, and whether any of their services runs one of the images.
  package static func archive(
    _ images: [DeclaredImage], path: String, of stacks: [Swarm.Stack]
  ) -> (stacks: [Swarm.Stack], isUsed: Bool) {
    var stacks = stacks
    var isUsed = false
    // Of an image for several platforms the first that fits is as good as any.
    for image in images.reversed() {
      let found = image.facts(path: path)
      for (number, stack) in stacks.enumerated() {
        let uses = services(running: image.names, in: [stack])
        guard !uses.isEmpty else { continue }
        isUsed = true
        var facts: [String: ImageFacts] = [:]
        for service in stack.services { facts[service.name] = service.imageFacts }
        for service in uses {
          var own = found
          own.audit = service.imageFacts?.audit
          facts[service.name] = own
        }
        stacks[number] = stack.withImages(facts)
      }
    }
    return (stacks, isUsed)
  }
}
