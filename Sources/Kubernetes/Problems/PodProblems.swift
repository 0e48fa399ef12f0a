// What is checked in a pod's specification (kubernetes pkg/apis/core/validation `ValidatePodSpec`).

extension ProblemList {
  /// - Parameters:
  ///   - claims: The names of a StatefulSet's claim templates, which are volumes too.
  ///   - restart: The restart policies of the kind; nil stands for `Always`, the default.
  mutating func check(
    _ pod: PodSpec, claims: [ObjectName] = [], restart: [PodSpec.RestartPolicy],
    at place: () -> String
  ) {
    expect(!pod.containers.isEmpty, "\(place()).containers", "a pod needs a container")
    expect(
      restart.contains(pod.restartPolicy ?? .always), "\(place()).restartPolicy",
      "\((pod.restartPolicy ?? .always).rawValue) is not possible here, only "
        + restart.map(\.rawValue).joined(separator: " or "))
    check(pod.terminationGracePeriodSeconds) { "\(place()).terminationGracePeriodSeconds" }
    check(pod.activeDeadlineSeconds, from: 1) { "\(place()).activeDeadlineSeconds" }
    // `ValidatePodTemplateSpecForReplicaSet` and its like for the other kinds.
    expect(
      pod.activeDeadlineSeconds == nil || !restart.contains(.always),
      "\(place()).activeDeadlineSeconds", "only Jobs may have it")

    var names: [ObjectName] = []
    for (index, container) in pod.initContainers.enumerated() {
      func path() -> String { "\(place()).initContainers[\(index)]" }
      check(container, of: pod, at: path)
      // `validateInitContainers`: a sidecar alone may have them.
      if container.restartPolicy == nil {
        expect(
          container.lifecycle == Lifecycle() && container.livenessProbe == nil
            && container.readinessProbe == nil && container.startupProbe == nil, path(),
          "an init container has neither probes nor lifecycle")
      }
      note(container.name, among: &names, at: path)
    }
    for (index, container) in pod.containers.enumerated() {
      func path() -> String { "\(place()).containers[\(index)]" }
      check(container, of: pod, at: path)
      expect(
        container.restartPolicy == nil, "\(path()).restartPolicy",
        "only an init container may have it")
      note(container.name, among: &names, at: path)
    }
    checkHostPorts(of: pod, at: place)
    checkVolumes(of: pod, claims: claims, at: place)
    checkNames(of: pod, at: place)
    checkScheduling(of: pod, at: place)
    checkSecurity(of: pod, at: place)
    checkSystem(of: pod, at: place)
  }

  /// `validateLinux`, `validateWindows`: a pod that names its system has none of the other's settings.
  private mutating func checkSystem(of pod: PodSpec, at place: () -> String) {
    let containers = pod.initContainers + pod.containers
    switch pod.os {
    case nil: break
    case .linux:
      expect(
        pod.securityContext.windowsOptions == nil
          && containers.allSatisfy { $0.securityContext.windowsOptions == nil },
        "\(place()).securityContext.windowsOptions", "is not for a pod of Linux")
    case .windows:
      let context = pod.securityContext
      expect(
        context.runAsUser == nil && context.runAsGroup == nil && context.fsGroup == nil
          && context.fsGroupChangePolicy == nil && context.supplementalGroups.isEmpty
          && context.sysctls.isEmpty && context.seccompProfile == nil,
        "\(place()).securityContext", "has settings that a pod of Windows may not have")
      expect(
        pod.hostPID == nil && pod.hostIPC == nil && pod.shareProcessNamespace == nil,
        "\(place())", "a pod of Windows shares no namespaces")
      for (index, container) in containers.enumerated() {
        let context = container.securityContext
        expect(
          context.runAsUser == nil && context.runAsGroup == nil && context.privileged == nil
            && context.addedCapabilities.isEmpty && context.droppedCapabilities.isEmpty
            && context.readOnlyRootFilesystem == nil && context.allowPrivilegeEscalation == nil
            && context.seccompProfile == nil, "\(place()).containers[\(index)].securityContext",
          "has settings that a container of Windows may not have")
      }
    }
  }

  private mutating func note(
    _ name: ObjectName, among names: inout [ObjectName], at place: () -> String
  ) {
    expect(!names.contains(name), "\(place()).name", "another container has the name \(name)")
    names.append(name)
  }

  /// `AccumulateUniqueHostPorts`: a host port is taken once for each protocol and address.
  private mutating func checkHostPorts(of pod: PodSpec, at place: () -> String) {
    var taken: [ContainerPort] = []
    for (index, container) in pod.containers.enumerated() {
      for (number, port) in container.ports.enumerated() {
        guard let hostPort = port.hostPort ?? (pod.hostNetwork == true ? port.containerPort : nil)
        else { continue }
        func path() -> String { "\(place()).containers[\(index)].ports[\(number)].hostPort" }
        // `checkHostNetworkPorts`
        expect(
          pod.hostNetwork != true || hostPort == port.containerPort, path(),
          "must be the container's port on the host's network")
        let key = ContainerPort(
          containerPort: hostPort, hostIP: port.hostIP, protocol: port.protocol ?? .tcp)
        expect(
          !taken.contains(key), path(), "\(hostPort)/\(key.protocol!.rawValue) is used twice")
        taken.append(key)
      }
    }
  }

  private mutating func checkNames(of pod: PodSpec, at place: () -> String) {
    for name in [pod.hostname, pod.subdomain] {
      if let name {
        expect(
          name.isLabel, "\(place()).\(name == pod.hostname ? "hostname" : "subdomain")",
          "\(name) is no RFC 1123 label")
      }
    }
    for (index, alias) in pod.hostAliases.enumerated() {
      func path() -> String { "\(place()).hostAliases[\(index)]" }
      expect(IPAddress.isValid(alias.ip), "\(path()).ip", "\(alias.ip) is no IP address")
      for name in alias.hostnames {
        expect(
          ObjectName.isSubdomain(name), "\(path()).hostnames", "\(name) is no RFC 1123 subdomain")
      }
    }
    for (index, name) in pod.imagePullSecrets.enumerated() {
      check(name: name) { "\(place()).imagePullSecrets[\(index)].name" }
    }
    if let name = pod.serviceAccountName {
      check(name: name) { "\(place()).serviceAccountName" }
    }
    checkDNS(of: pod, at: place)
  }

  /// `validatePodDNSConfig`; the limits are `MaxDNSNameservers`, `MaxDNSSearchPaths` and
  /// `MaxDNSSearchListChars`.
  private mutating func checkDNS(of pod: PodSpec, at place: () -> String) {
    let config = pod.dnsConfig ?? DNSConfig()
    func path() -> String { "\(place()).dnsConfig" }
    expect(
      pod.dnsPolicy != DNSPolicy.none || !config.nameservers.isEmpty, "\(path()).nameservers",
      "dnsPolicy None needs a name server")
    expect(
      config.nameservers.count <= 3, "\(path()).nameservers",
      "\(config.nameservers.count) name servers; the limit is 3")
    for server in config.nameservers {
      expect(IPAddress.isValid(server), "\(path()).nameservers", "\(server) is no IP address")
    }
    expect(
      config.searches.count <= 32, "\(path()).searches",
      "\(config.searches.count) search domains; the limit is 32")
    let length = config.searches.reduce(max(0, config.searches.count - 1)) { $0 + $1.utf8.count }
    expect(length <= 2048, "\(path()).searches", "\(length) characters; the limit is 2048")
    for search in config.searches {
      expect(
        ObjectName.isSubdomain(search.hasSuffix(".") ? String(search.dropLast()) : search),
        "\(path()).searches", "\(search) is no domain name")
    }
    for option in config.options {
      expect(!option.name.isEmpty, "\(path()).options", "an option needs a name")
    }
  }

  private typealias DNSPolicy = PodSpec.DNSPolicy
}
