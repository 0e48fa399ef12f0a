import Swarm

/// All practices for stacks. A test compares this list with the folder.
package enum Practices {
  package static let all: [any Practice.Type] = [
    UnpinnedImage.self,
    NoLimits.self,
    NoServiceHealthcheck.self,
    SecretValue.self,
    LogRotation.self,
    WritableRoot.self,
    DockerSocket.self,
    AnonymousVolume.self,
  ]

  /// What all of them find in one stack, service by service.
  package static func check(_ facts: StackFacts) -> [PracticeFinding] {
    var result: [PracticeFinding] = []
    for service in facts.stack.services {
      for practice in all {
        var findings = PracticeFindings(practice)
        practice.check(service, facts, &findings)
        result += findings.all
      }
    }
    return result
  }
}
