package import YAML

/// A ConfigMap: files and values that are no secrets.
package struct ConfigMap: Object {
  package static let apiVersion = "v1"
  package static let kind = "ConfigMap"
  package var metadata: ObjectMeta
  package var data: StringMap
  /// What is not UTF-8.
  package var binaryData: ByteMap
  package var immutable: Bool?

  package init(
    metadata: ObjectMeta, data: StringMap = [:], binaryData: ByteMap = ByteMap(),
    immutable: Bool? = nil
  ) {
    self.metadata = metadata
    self.data = data
    self.binaryData = binaryData
    self.immutable = immutable
  }

  package func writeFields(to w: inout Writer) {
    w.field("data", data)
    w.field("binaryData", binaryData)
    w.field("immutable", immutable)
  }
}

/// Bytes by key, sorted; written in base64.
package struct ByteMap: Hashable, Sendable, Writable {
  package struct Entry: Hashable, Sendable {
    package var key: String
    package var bytes: [UInt8]
  }

  package private(set) var entries: [Entry] = []

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }

  /// The bytes under a key; nil removes them.
  package subscript(key: String) -> [UInt8]? {
    get { entries.first { $0.key == key }?.bytes }
    set {
      entries.removeAll { $0.key == key }
      guard let newValue else { return }
      let place = entries.firstIndex { $0.key > key } ?? entries.endIndex
      entries.insert(Entry(key: key, bytes: newValue), at: place)
    }
  }

  package func write(to w: inout Writer) {
    for entry in entries { w.entry(entry.key, Base64.encode(entry.bytes)) }
  }
}
