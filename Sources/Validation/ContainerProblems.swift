import Kubernetes
internal import YAML

// What is checked in a container (kubernetes pkg/apis/core/validation `validateContainerCommon`).

extension ProblemList {
  package mutating func check(_ container: Field, of pod: Field) {
    guard container.node.entries != nil else { return }
    if let name = container.text("name") {
      expect(
        ObjectName.isLabel(name), .name, at: container.at("name"), "\(name) is no RFC 1123 label")
    }
    if let image = container.text("image") {
      expect(
        !image.isEmpty && !image.utf8.contains { $0 <= 0x20 }, .container,
        at: container.at("image"),
        "the image's name is empty or holds blanks")
    } else if container["image"] == nil {
      add(.missingField, at: container.at("image"), "image is missing")
    }
    checkPorts(of: container)
    checkEnvironment(of: container)
    checkMounts(of: container)
    if let resources = container["resources"] { checkResources(resources) }
    checkProbes(of: container)
    checkLifecycle(of: container, in: pod)
    if let context = container["securityContext"] { checkSecurity(context, of: pod) }
  }

  /// `validateContainerPorts`. The same port twice is only a warning.
  private mutating func checkPorts(of container: Field) {
    var names: Set<String> = []
    for port in container.items("ports") {
      checkNumber(port, "containerPort", from: 1, to: 65535, .port)
      // 0 stands for "unset".
      checkNumber(port, "hostPort", from: 0, to: 65535, .port)
      if let name = port.text("name"), !name.isEmpty {
        expect(PortName.isValid(name), .port, at: port.at("name"), "\(name) is no port name")
        expect(
          names.insert(name).inserted, .port, at: port.at("name"),
          "another port has the name \(name)")
      }
      if let address = port.text("hostIP"), !address.isEmpty {
        expect(
          IPAddress.isValid(address), .address, at: port.at("hostIP"), "\(address) is no IP address"
        )
      }
    }
  }

  private mutating func checkEnvironment(of container: Field) {
    for variable in container.items("env") {
      if let name = variable.text("name") {
        expect(
          isVariableName(name), .environment, at: variable.at("name"),
          "\(name) is no name of a variable")
      }
      // The container could not be started.
      expect(
        variable.text("value")?.utf8.contains(0) != true, .environment, at: variable.at("value"),
        "the value holds a NUL")
      guard let source = variable["valueFrom"] else { continue }
      expect(
        variable.text("value")?.isEmpty != false, .environment, at: source.keySpot,
        "a variable has either a value or valueFrom")
      checkSource(source)
    }
    for source in container.items("envFrom") {
      expectOne(of: ["configMapRef", "secretRef"], in: source, .environment, "the source")
      for name in ["configMapRef", "secretRef"] {
        if let reference = source[name] { checkReference(reference, "name") }
      }
      if let prefix = source.text("prefix"), !prefix.isEmpty {
        expect(
          isVariableName(prefix), .environment, at: source.at("prefix"),
          "\(prefix) begins no name of a variable")
      }
    }
  }

  /// `validateEnvVarValueFrom`.
  private mutating func checkSource(_ source: Field) {
    expectOne(
      of: ["fieldRef", "resourceFieldRef", "secretKeyRef", "configMapKeyRef", "fileKeyRef"],
      in: source, .environment, "the source")
    if let field = source["fieldRef"], let path = field.text("fieldPath") {
      expect(
        Self.isFieldPath(path), .environment, at: field.at("fieldPath"),
        "\(path) is no field that a variable can have")
    }
    if let field = source["resourceFieldRef"], let resource = field.text("resource") {
      // `validContainerResourceFieldPathExpressions`
      expect(
        ["cpu", "memory", "ephemeral-storage"].contains {
          resource == "limits.\($0)" || resource == "requests.\($0)"
        } || resource.contains(".hugepages-"), .environment, at: field.at("resource"),
        "\(resource) is no resource of a container")
    }
    for name in ["secretKeyRef", "configMapKeyRef"] {
      guard let reference = source[name] else { continue }
      if reference["name"] == nil {
        // Optional in the schemas for the sake of old clients.
        add(.missingField, at: reference.at("name"), "name is missing")
      }
      checkReference(reference, "name")
      if let key = reference.text("key") {
        expect(
          Self.isDataKey(key), .environment, at: reference.at("key"), "\(key) is no key of its data"
        )
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
  package static func isFieldPath(_ path: String) -> Bool {
    switch path {
    case "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
      "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP",
      "status.podIPs":
      return true
    default: return subscriptedKey(path)
    }
  }

  /// `metadata.labels['KEY']` or `metadata.annotations['KEY']`.
  package static func subscriptedKey(_ path: String) -> Bool {
    for prefix in ["metadata.labels['", "metadata.annotations['"]
    where path.hasPrefix(prefix) && path.hasSuffix("']") {
      return AnnotationKey.isValid(String(path.dropFirst(prefix.count).dropLast(2)))
    }
    return false
  }

  /// Equal paths are duplicate items already.
  private mutating func checkMounts(of container: Field) {
    for mount in container.items("volumeMounts") {
      if let path = mount.text("mountPath") {
        // The server asks for no slash; a container runtime does. Over `/` there would be no image left.
        let isWindows = Self.isWindowsPath(path)
        expect(
          isWindows || path.hasPrefix("/") && path != "/", .volume, at: mount.at("mountPath"),
          "\(path) is no absolute path below /")
        expect(
          isWindows || !path.contains(":"), .volume, at: mount.at("mountPath"),
          "it must not hold a colon")
      }
      for name in ["subPath", "subPathExpr"] {
        guard let path = mount.text(name), !path.isEmpty else { continue }
        expect(
          Self.isRelativePath(path), .volume, at: mount.at(name),
          "\(path) is no relative path without ..")
      }
      expect(
        mount["subPath"] == nil || mount["subPathExpr"] == nil, .volume,
        at: mount.at("subPathExpr"),
        "is not for a mount with a subPath")
      expect(
        mount.text("mountPropagation") != "Bidirectional"
          || container["securityContext"]?.bool("privileged") == true, .volume,
        at: mount.at("mountPropagation"), "Bidirectional needs a privileged container")
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
  package static func isRelativePath(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
  }
}
