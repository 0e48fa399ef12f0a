import Swarm

/// What is known of where images come from.
enum OfficialImages {
  /// An image of Docker Hub's official library: no user or organisation in its name.
  static func isOfficial(_ reference: ImageReference) -> Bool {
    guard reference.registry == nil || reference.registry == "docker.io" else { return false }
    let parts = reference.repository.split(separator: "/")
    return parts.count == 1 || parts.count == 2 && parts[0] == "library"
  }

  /// The name of an official image; nil for any other.
  static func name(_ reference: ImageReference) -> String? {
    guard isOfficial(reference) else { return nil }
    return reference.repository.split(separator: "/").last.map(String.init)
  }

  /// Registries that only their owners fill.
  static let vendorRegistries: Set<String> = [
    "mcr.microsoft.com", "registry.access.redhat.com", "registry.redhat.io", "registry.k8s.io",
    "cgr.dev", "container-registry.oracle.com", "docker.elastic.co", "nvcr.io", "dhi.io",
  ]

  /// Publishers on Docker Hub that are verified or sponsored there, as far as they are known here.
  static let publishers: Set<String> = [
    "amazon", "amazonlinux", "apache", "atlassian", "bitnami", "chainguard", "circleci", "cimg",
    "confluentinc", "curlimages", "datadog", "docker", "dockersamples", "elastic", "envoyproxy",
    "fluent", "gitea", "gitlab", "grafana", "hashicorp", "jenkins", "jetbrains", "keycloak",
    "kong", "linuxserver", "microsoft", "minio", "mozilla", "newrelic", "nginxinc", "nvidia",
    "openresty", "oracle", "otel", "portainer", "prom", "rancher", "redhat", "redis", "selenium",
    "snyk", "sonarsource", "ubuntu", "vmware", "jupyter", "tonistiigi", "crazymax", "alpine",
  ]

  /// Official images that hold a language or a system and start what they are told: their entrypoint, where they have one,
  /// only hands over.
  static let plain: Set<String> = [
    "alpine", "amazoncorretto", "amazonlinux", "archlinux", "buildpack-deps", "busybox", "clojure",
    "debian", "eclipse-temurin", "elixir", "erlang", "fedora", "golang", "haskell", "ibmjava",
    "julia", "node", "openjdk", "oraclelinux", "perl", "pypy", "python", "ruby", "rust", "swift",
    "ubuntu", "scratch", "bash", "rockylinux", "almalinux", "maven", "gradle",
  ]

  /// Whether what a stage begins with starts what it is told and nothing else.
  static func startsWhatItIsTold(_ base: String?) -> Bool {
    guard let base else { return false }
    if base.lowercased() == "scratch" { return true }
    guard let reference = try? ImageReference(base) else { return false }
    if let name = name(reference) { return plain.contains(name) }
    return reference.registry == "mcr.microsoft.com" && reference.repository.hasPrefix("dotnet/")
  }
}
