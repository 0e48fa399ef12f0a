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
