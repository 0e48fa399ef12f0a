import Kubernetes
internal import YAML

// What is checked in a pod's specification (kubernetes pkg/apis/core/validation `ValidatePodSpec`).

extension ProblemList {
  /// - Parameters:
  ///   - claims: A StatefulSet's claim templates, which are volumes too.
  ///   - restart: The restart policies of the kind; `Always` is the default.
  ///   - isTemplate: Not so for a Pod of its own.
  package mutating func checkPod(
    _ pod: Field, claims: [Field] = [], restart: [String], isTemplate: Bool
  ) {
    if let containers = pod["containers"], containers.node.items?.isEmpty == true {
      add(.container, at: containers.keySpot, "a pod needs a container")
    }
    let policy = pod.text("restartPolicy") ?? "Always"
    // Another word is none at all, which is said elsewhere.
    expect(
      restart.contains(policy) || !["Always", "OnFailure", "Never"].contains(policy), .value,
      at: pod.at("restartPolicy"),
      "\(policy) is not possible here, only " + restart.joined(separator: " or "))
    checkNumber(pod, "terminationGracePeriodSeconds", to: .max)
    checkNumber(pod, "activeDeadlineSeconds", from: 1)
    // `ValidatePodTemplateSpecForReplicaSet` and its like for the other kinds.
    expect(
      pod["activeDeadlineSeconds"] == nil || !isTemplate || !restart.contains("Always"), .value,
      at: pod.at("activeDeadlineSeconds"), "only Jobs may have it")
    if isTemplate, let ephemeral = pod["ephemeralContainers"] {
      add(.container, at: ephemeral.keySpot, "are for pods that run, not for templates")
    }
    let starters = pod.items("initContainers")
    let containers = pod.items("containers")
    for container in starters {
      check(container, of: pod)
      // `validateInitContainers`: a sidecar alone may have them.
      guard container["restartPolicy"] == nil else { continue }
      for name in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
        expect(
          container[name] == nil, .probe, at: container[name]?.keySpot ?? container.spot,
          "an init container has neither probes nor lifecycle",
          hint: "restartPolicy: Always makes it a sidecar, which may")
      }
    }
    for container in containers {
      check(container, of: pod)
      if minor < 34 {
        expect(
          container["restartPolicy"] == nil, .container, at: container.at("restartPolicy"),
          "only an init container may have it")
      }
    }
    checkContainerNames(starters, containers)
    checkHostPorts(of: pod, containers)
    checkVolumes(of: pod, claims: claims)
    checkNames(of: pod)
    checkScheduling(of: pod)
    checkSecurity(of: pod)
    checkSystem(of: pod, starters + containers)
  }

  /// One name for both lists; within one list equal names are duplicate items already.
  private mutating func checkContainerNames(_ starters: [Field], _ containers: [Field]) {
    let taken = Set(starters.compactMap { $0.text("name") })
    for container in containers {
      guard let name = container.text("name"), taken.contains(name) else { continue }
      add(.container, at: container.at("name"), "an init container has the name \(name)")
    }
  }

  /// `validateLinux`, `validateWindows`: a pod that names its system has none of the other's settings.
  private mutating func checkSystem(of pod: Field, _ containers: [Field]) {
    let own = pod["securityContext"]
    switch pod["os"]?.text("name") {
    case "linux":
      for context in [own] + containers.map({ $0["securityContext"] }) {
        guard let options = context?["windowsOptions"] else { continue }
        add(.security, at: options.keySpot, "is not for a pod of Linux")
      }
    case "windows":
      for name in [
        "runAsUser", "runAsGroup", "fsGroup", "fsGroupChangePolicy", "supplementalGroups",
        "sysctls", "seccompProfile", "seLinuxOptions", "appArmorProfile",
      ] {
        guard let setting = own?[name] else { continue }
        add(.security, at: setting.keySpot, "a pod of Windows may not have it")
      }
      for name in ["hostPID", "hostIPC", "shareProcessNamespace"] {
        guard let setting = pod[name] else { continue }
        add(.security, at: setting.keySpot, "a pod of Windows shares no namespaces")
      }
      for container in containers {
        for name in [
          "runAsUser", "runAsGroup", "privileged", "capabilities", "readOnlyRootFilesystem",
          "allowPrivilegeEscalation", "seccompProfile", "seLinuxOptions", "procMount",
        ] {
          guard let setting = container["securityContext"]?[name] else { continue }
          add(.security, at: setting.keySpot, "a container of Windows may not have it")
        }
      }
    default: break
    }
  }

  /// `AccumulateUniqueHostPorts`: a host port is taken once for each protocol and address.
  private mutating func checkHostPorts(of pod: Field, _ containers: [Field]) {
    let isOnHost = pod.bool("hostNetwork") == true
    var taken: Set<String> = []
    for port in containers.flatMap({ $0.items("ports") }) {
      guard let number = port.int("hostPort") ?? (isOnHost ? port.int("containerPort") : nil),
        number > 0
      else { continue }
      // `checkHostNetworkPorts`
      if isOnHost, let inside = port.int("containerPort") {
        expect(
          number == inside, .port, at: port.at("hostPort"),
          "must be the container's port on the host's network")
      }
      let transport = port.text("protocol") ?? "TCP"
      expect(
        taken.insert("\(number)/\(transport)/\(port.text("hostIP") ?? "")").inserted, .port,
        at: port.at("hostPort"), "\(number)/\(transport) is used twice")
    }
  }

  private mutating func checkNames(of pod: Field) {
    for field in ["hostname", "subdomain"] {
      guard let name = pod.text(field), !name.isEmpty else { continue }
      expect(ObjectName.isLabel(name), .name, at: pod.at(field), "\(name) is no RFC 1123 label")
    }
    for alias in pod.items("hostAliases") {
      if let address = alias.text("ip") {
        expect(
          IPAddress.isValid(address), .address, at: alias.at("ip"), "\(address) is no IP address")
      }
      for item in alias.items("hostnames") {
        guard let name = item.text else { continue }
        expect(
          ObjectName.isSubdomain(name), .name, at: item.spot, "\(name) is no RFC 1123 subdomain")
      }
    }
    for secret in pod.items("imagePullSecrets") { checkReference(secret, "name") }
    if pod.text("serviceAccountName") != "" { checkReference(pod, "serviceAccountName") }
    if pod.text("priorityClassName") != "" { checkReference(pod, "priorityClassName") }
    checkReference(pod, "runtimeClassName")
    checkDNS(of: pod)
  }

  /// `validatePodDNSConfig`; the limits are `MaxDNSNameservers`, `MaxDNSSearchPaths` and
  /// `MaxDNSSearchListChars`.
  private mutating func checkDNS(of pod: Field) {
    let config = pod["dnsConfig"]
    let servers = config?.items("nameservers") ?? []
    if pod.text("dnsPolicy") == "None", servers.isEmpty {
      var spot = pod.at("dnsPolicy")
      spot.place = .field(.field(pod.place, "dnsConfig"), "nameservers")
      add(.address, at: spot, "dnsPolicy None needs a name server")
    }
    guard let config else { return }
    expect(
      servers.count <= 3, .address, at: config.at("nameservers"),
      "\(servers.count) name servers; the limit is 3")
    for server in servers {
      guard let text = server.text else { continue }
      expect(IPAddress.isValid(text), .address, at: server.spot, "\(text) is no IP address")
    }
    let searches = config.items("searches")
    expect(
      searches.count <= 32, .address, at: config.at("searches"),
      "\(searches.count) search domains; the limit is 32")
    let length = searches.reduce(max(0, searches.count - 1)) {
      $0 + ($1.text?.utf8.count ?? 0)
    }
    expect(
      length <= 2048, .address, at: config.at("searches"), "\(length) characters; the limit is 2048"
    )
    for search in searches {
      guard let text = search.text else { continue }
      expect(
        ObjectName.isSubdomain(text.hasSuffix(".") ? String(text.dropLast()) : text), .address,
        at: search.spot, "\(text) is no domain name")
    }
    for option in config.items("options") {
      expect(
        option.text("name")?.isEmpty == false, .address, at: option.at("name"),
        "an option needs a name")
    }
  }
}
