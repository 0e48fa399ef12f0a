// ConfigMaps and Secrets (kubernetes pkg/apis/core/validation `ValidateConfigMap`, `ValidateSecret`). Messages
// hold keys and sizes, never a value.

extension ProblemList {
  /// `IsConfigMapKey`: `[-._a-zA-Z0-9]+`, at most 253, not `.` and not beginning with `..`.
  package static func isDataKey(_ key: String) -> Bool {
    guard !key.isEmpty, key.utf8.count <= 253, key != ".", !key.hasPrefix("..") else {
      return false
    }
    return key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  /// Keys of both parts, each once, and `MaxSecretSize` bytes of values together.
  fileprivate mutating func check(_ texts: StringMap, _ bytes: ByteMap, _ names: (String, String)) {
    var size = 0
    for entry in texts {
      size += entry.value.utf8.count
      expect(Self.isDataKey(entry.key), names.0, "\(entry.key) is no key")
      expect(
        bytes[entry.key] == nil, names.1, "\(entry.key) is in \(names.0) too")
    }
    for entry in bytes.entries {
      size += entry.bytes.count
      expect(Self.isDataKey(entry.key), names.1, "\(entry.key) is no key")
    }
    expect(size <= 1 << 20, "", "\(size) bytes of data; the limit is 1048576")
  }
}

extension ConfigMap {
  package func findProblems(_ found: inout ProblemList) {
    found.check(data, binaryData, ("data", "binaryData"))
  }
}

extension Secret {
  package func findProblems(_ found: inout ProblemList) {
    found.check(stringData, data, ("stringData", "data"))
    let needed =
      switch type {
      case .tls: ["tls.crt", "tls.key"]
      case .dockerConfig: [".dockerconfigjson"]
      case .opaque, nil: [String]()
      }
    for key in needed {
      found.expect(
        data[key] != nil || stringData[key] != nil, "data",
        "a Secret of type \(type!.rawValue) needs \(key)")
    }
  }
}
