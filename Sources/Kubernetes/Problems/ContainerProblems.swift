// What is checked in a container (kubernetes pkg/apis/core/validation `validateContainerCommon`).

extension ProblemList {
  mutating func check(_ container: Container, of pod: PodSpec, at place: () -> String) {
    expect(
      container.name.isLabel, "\(place()).name", "\(container.name) is no RFC 1123 label")
    expect(
      !container.image.isEmpty && !container.image.utf8.contains { $0 <= 0x20 }, "\(place()).image",
      "the image's name is empty or holds blanks")
    checkPorts(of: container, at: place)
    checkEnvironment(of: container, at: place)
    checkMounts(of: container, at: place)
    check(container.resources) { "\(place()).resources" }
    checkProbes(of: container, at: place)
    checkLifecycle(of: container, in: pod, at: place)
    check(container.securityContext, of: pod) { "\(place()).securityContext" }
  }

  /// `validateContainerPorts`. The same port twice is only a warning there; it is a mistake of ours.
  private mutating func checkPorts(of container: Container, at place: () -> String) {
    for (index, port) in container.ports.enumerated() {
      func path() -> String { "\(place()).ports[\(index)]" }
      let earlier = container.ports[..<index]
      if let name = port.name {
        expect(PortName.isValid(name.rawValue), "\(path()).name", "\(name) is no port name")
        expect(
          !earlier.contains { $0.name == name }, "\(path()).name",
          "another port has the name \(name)")
      }
      expect(
        !earlier.contains {
          $0.containerPort == port.containerPort && $0.protocol ?? .tcp == port.protocol ?? .tcp
            && $0.hostPort == port.hostPort && $0.hostIP == port.hostIP
        }, path(), "\(port.containerPort)/\((port.protocol ?? .tcp).rawValue) is there twice")
      if let address = port.hostIP {
        expect(IPAddress.isValid(address), "\(path()).hostIP", "\(address) is no IP address")
      }
    }
  }

  private mutating func checkEnvironment(of container: Container, at place: () -> String) {
    var seen: Set<String> = []
    for (index, variable) in container.env.enumerated() {
      func path() -> String { "\(place()).env[\(index)]" }
      expect(
        isVariableName(variable.name), "\(path()).name",
        "\(variable.name) is no name of a variable")
      expect(
        seen.insert(variable.name).inserted, "\(path()).name", "\(variable.name) is there twice")
      switch variable.source {
      case .value(let value):
        // The container could not be started.
        expect(!value.utf8.contains(0), "\(path()).value", "the value holds a NUL")
      case .fieldRef(let field):
        expect(
          Self.isFieldPath(field), "\(path()).valueFrom.fieldRef.fieldPath",
          "\(field) is no field that a variable can have")
      case .resourceFieldRef(let resource, _, _):
        // `validContainerResourceFieldPathExpressions`
        expect(
          ["cpu", "memory", "ephemeral-storage"].contains {
            resource == "limits.\($0)" || resource == "requests.\($0)"
          }, "\(path()).valueFrom.resourceFieldRef.resource",
          "\(resource) is no resource of a container")
      case .secretKeyRef(let name, let key, _), .configMapKeyRef(let name, let key, _):
        check(name: name) { "\(path()).valueFrom" }
        expect(Self.isDataKey(key), "\(path()).valueFrom", "\(key) is no key of its data")
      }
    }
  }

  /// `IsEnvVarName`: `[-._a-zA-Z][-._a-zA-Z0-9]*`; from 1.32 on (`RelaxedEnvironmentVariableValidation`) all printable
  /// ASCII but `=`.
  private func isVariableName(_ name: String) -> Bool {
    if minor >= 32 {
      return !name.isEmpty && name.utf8.allSatisfy { 0x20...0x7E ~= $0 && $0 != UInt8(ascii: "=") }
    }
    guard let first = name.utf8.first, !(0x30...0x39 ~= first) else { return false }
    return Self.isDataKey(name)
  }

  /// `validEnvDownwardAPIFieldPathExpressions`.
  static func isFieldPath(_ path: String) -> Bool {
    switch path {
    case "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
      "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP",
      "status.podIPs":
      return true
    default: return subscriptedKey(path)
    }
  }

  /// `metadata.labels['KEY']` or `metadata.annotations['KEY']`.
  static func subscriptedKey(_ path: String) -> Bool {
    for prefix in ["metadata.labels['", "metadata.annotations['"]
    where path.hasPrefix(prefix) && path.hasSuffix("']") {
      return LabelKey.isValid(String(path.dropFirst(prefix.count).dropLast(2)))
    }
    return false
  }

  private mutating func checkMounts(of container: Container, at place: () -> String) {
    for (index, mount) in container.volumeMounts.enumerated() {
      func path() -> String { "\(place()).volumeMounts[\(index)]" }
      // The server asks for no slash; a container runtime does. Over `/` there would be no image left.
      let isWindows = Self.isWindowsPath(mount.mountPath)
      expect(
        isWindows || mount.mountPath.hasPrefix("/") && mount.mountPath != "/",
        "\(path()).mountPath", "\(mount.mountPath) is no absolute path below /")
      expect(
        isWindows || !mount.mountPath.contains(":"), "\(path()).mountPath",
        "it must not hold a colon")
      expect(
        !container.volumeMounts[..<index].contains { $0.mountPath == mount.mountPath },
        "\(path()).mountPath", "something else is mounted at \(mount.mountPath)")
      if let subPath = mount.subPath {
        expect(
          Self.isRelativePath(subPath), "\(path()).subPath",
          "\(subPath) is no relative path without ..")
      }
      if let expression = mount.subPathExpr {
        expect(
          Self.isRelativePath(expression), "\(path()).subPathExpr",
          "\(expression) is no relative path without ..")
        expect(mount.subPath == nil, "\(path()).subPathExpr", "is not for a mount with a subPath")
      }
      expect(
        mount.mountPropagation != .bidirectional || container.securityContext.privileged == true,
        "\(path()).mountPropagation", "Bidirectional needs a privileged container")
    }
  }

  /// `C:\data`, `C:/data` or `\\.\pipe\name`.
  private static func isWindowsPath(_ path: String) -> Bool {
    let bytes = Array(path.utf8.prefix(3))
    guard bytes.count == 3 else { return false }
    return bytes.starts(with: [0x5C, 0x5C])
      || 0x61...0x7A ~= bytes[0] | 0x20 && bytes[1] == 0x3A
        && (bytes[2] == 0x5C || bytes[2] == 0x2F)
  }

  /// `validateLocalDescendingPath`, and not empty.
  static func isRelativePath(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
  }
}
