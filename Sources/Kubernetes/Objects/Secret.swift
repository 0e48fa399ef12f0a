package import YAML

/// A Secret. Printing one shows its name only.
package struct Secret: Object, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  package static let apiVersion = "v1"
  package static let kind = "Secret"
  package var metadata: ObjectMeta
  package var type: SecretType?
  package var data: ByteMap
  package var stringData: StringMap
  package var immutable: Bool?

  package init(
    metadata: ObjectMeta, type: SecretType? = nil, data: ByteMap = ByteMap(),
    stringData: StringMap = [:], immutable: Bool? = nil
  ) {
    self.metadata = metadata
    self.type = type
    self.data = data
    self.stringData = stringData
    self.immutable = immutable
  }

  package enum SecretType: String, Sendable {
    case opaque = "Opaque"
    case tls = "kubernetes.io/tls"
    case dockerConfig = "kubernetes.io/dockerconfigjson"
  }

  package var description: String { reference.description }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }

  package func writeFields(to w: inout Writer) {
    w.field("type", type)
    w.field("data", data)
    w.field("stringData", stringData)
    w.field("immutable", immutable)
  }
}
