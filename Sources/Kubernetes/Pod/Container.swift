package import YAML

/// One container of a pod.
package struct Container: Sendable, Writable {
  package var name: ObjectName
  package var image: String
  package var imagePullPolicy: ImagePullPolicy?
  /// Replaces the image's entrypoint. `$(NAME)` is expanded by Kubernetes, `$$(` is a plain `$(`.
  package var command: [String] = []
  /// Replaces the image's command.
  package var args: [String] = []
  package var workingDir: String?
  package var ports: [ContainerPort] = []
  package var env: [EnvironmentVariable] = []
  package var volumeMounts: [VolumeMount] = []
  package var resources = ResourceRequirements()
  package var lifecycle = Lifecycle()
  package var livenessProbe: Probe?
  package var readinessProbe: Probe?
  package var startupProbe: Probe?
  package var securityContext = SecurityContext()
  package var stdin: Bool?
  package var tty: Bool?
  /// `.always` makes an init container a sidecar, which runs beside the others.
  package var restartPolicy: RestartPolicy?

  /// A container of this image; everything else is set by its field.
  package init(name: ObjectName, image: String) {
    self.name = name
    self.image = image
  }

  package enum ImagePullPolicy: String, Sendable {
    case always = "Always"
    case ifNotPresent = "IfNotPresent"
    case never = "Never"
  }

  package enum RestartPolicy: String, Sendable {
    case always = "Always"
  }

  package func write(to w: inout Writer) {
    w.field("name", name)
    w.field("image", image)
    w.field("imagePullPolicy", imagePullPolicy)
    w.field("restartPolicy", restartPolicy)
    w.field("command", command)
    w.field("args", args)
    w.field("workingDir", workingDir)
    w.list("ports", ports)
    w.list("env", env)
    w.list("volumeMounts", volumeMounts)
    w.field("resources", resources)
    w.field("lifecycle", lifecycle)
    w.field("livenessProbe", livenessProbe)
    w.field("readinessProbe", readinessProbe)
    w.field("startupProbe", startupProbe)
    w.field("securityContext", securityContext)
    w.field("stdin", stdin)
    w.field("tty", tty)
  }
}

/// A port on which a container listens.
package struct ContainerPort: Hashable, Sendable, Writable {
  package var name: PortName?
  package var containerPort: PortNumber
  package var hostPort: PortNumber?
  package var hostIP: String?
  package var `protocol`: TransportProtocol?

  package init(
    name: PortName? = nil, containerPort: PortNumber, hostPort: PortNumber? = nil,
    hostIP: String? = nil, protocol: TransportProtocol? = nil
  ) {
    self.name = name
    self.containerPort = containerPort
    self.hostPort = hostPort
    self.hostIP = hostIP
    self.protocol = `protocol`
  }

  package func write(to w: inout Writer) {
    w.field("name", name)
    w.field("containerPort", containerPort)
    w.field("hostPort", hostPort)
    w.field("hostIP", hostIP)
    w.field("protocol", `protocol`)
  }
}
