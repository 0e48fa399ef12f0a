package import Swarm
import YAML

/// Whether two names are of one image: `nginx:1.27`, `docker.io/library/nginx:1.27`, or the same digest.
package func namesSameImage(_ left: String, _ right: String) -> Bool {
  guard let first = try? ImageReference(left), let second = try? ImageReference(right) else {
    return left == right && !left.isEmpty
  }
  guard repository(first) == repository(second) else { return false }
  if let digest = first.digest, let other = second.digest { return digest == other }
  return (first.tag ?? "latest") == (second.tag ?? "latest")
}

private func repository(_ reference: ImageReference) -> String {
  let registry = reference.registry ?? "docker.io"
  let isHub = registry == "docker.io" || registry == "index.docker.io"
  let path =
    isHub && !reference.repository.contains("/")
    ? "library/\(reference.repository)" : reference.repository
  return "\(isHub ? "docker.io" : registry)/\(path)"
}

/// The services of stacks that run an image of one of these names.
package func services(running names: [String], in stacks: [Swarm.Stack]) -> [Service] {
  stacks.flatMap(\.services).filter { service in
    guard let image = service.image?.text else { return false }
    return names.contains { namesSameImage($0, image) }
  }
}

/// An image or a report among several, of which some are about the same image before and after.
package struct ImageVersion: Sendable {
  package let names: [String]
  /// Which of the files it is from: what one file holds are not before and after.
  package let file: Int
  /// `linux/amd64`; empty where it is not known.
  package let platform: String
  /// A service of the stack runs it.
  package let isRun: Bool

  package init(names: [String], file: Int, platform: String = "", isRun: Bool) {
    self.names = names
    self.file = file
    self.platform = platform
    self.isRun = isRun
  }
}

/// Which of several is the one before another, in the order in which they were given.
///
/// Two of one repository and platform are the same image before and after. So are two without any doubt: they are all there
/// is, and one of them has no name. The one before is of no further interest, unless the stack runs it and not the other.
package func successions(_ versions: [ImageVersion]) -> [(before: Int?, isReplaced: Bool)] {
  let repositories = versions.map { version in
    Set(version.names.compactMap { try? ImageReference($0) }.map(repository))
  }
  var result = versions.map { _ in (before: Int?.none, isReplaced: false) }
  for (number, version) in versions.enumerated() {
    for other in versions.indices.prefix(number).reversed()
    where versions[other].file != version.file && versions[other].platform == version.platform {
      let isAlone =
        versions.count == 2 && (repositories[other].isEmpty || repositories[number].isEmpty)
      guard isAlone || !repositories[other].isDisjoint(with: repositories[number]) else { continue }
      result[number].before = other
      result[other].isReplaced = !versions[other].isRun || version.isRun
      break
    }
  }
  return result
}
