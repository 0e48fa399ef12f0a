import Kubernetes
internal import YAML

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

  /// Keys of both parts, and `MaxSecretSize` bytes of values together.
  private mutating func checkData(_ manifest: Field, texts: String, bytes: String) {
    var size = 0
    for (part, isEncoded) in [(texts, false), (bytes, true)] {
      for entry in manifest.entries(part) {
        checkKey(entry)
        guard let text = entry.value.text else { continue }
        size += isEncoded ? Base64.decode(text.utf8.span)?.count ?? 0 : text.utf8.count
      }
    }
    expect(
      size <= 1 << 20, .size, at: Field.Spot(place: .root, mark: manifest.mark, length: 0),
      "\(size) bytes of data; the limit is 1048576")
  }

  private mutating func checkKey(_ entry: (key: String, value: Field)) {
    expect(
      Self.isDataKey(entry.key), .data, at: entry.value.keySpot, "\(entry.key) is no key")
  }

  package mutating func checkConfigMap(_ manifest: Field) {
    checkData(manifest, texts: "data", bytes: "binaryData")
    let texts = Set(manifest.entries("data").map(\.key))
    for entry in manifest.entries("binaryData") {
      expect(
        !texts.contains(entry.key), .data, at: entry.value.keySpot, "\(entry.key) is in data too")
    }
  }

  package mutating func checkSecret(_ manifest: Field) {
    checkData(manifest, texts: "stringData", bytes: "data")
    let needed: [String] =
      switch manifest.text("type") {
      case "kubernetes.io/tls": ["tls.crt", "tls.key"]
      case "kubernetes.io/dockerconfigjson": [".dockerconfigjson"]
      case "kubernetes.io/dockercfg": [".dockercfg"]
      case "kubernetes.io/ssh-auth": ["ssh-privatekey"]
      default: []
      }
    for key in needed {
      expect(
        manifest["data"]?[key] != nil || manifest["stringData"]?[key] != nil, .data,
        at: manifest.at("data"), "a Secret of type \(manifest.text("type") ?? "") needs \(key)")
    }
    let texts = Set(manifest.entries("stringData").map(\.key))
    for entry in manifest.entries("data") {
      warn(
        unless: !texts.contains(entry.key), .data, at: entry.value.keySpot,
        "\(entry.key) is in stringData too, which wins")
    }
  }
}
