package import YAML

/// An ExternalSecret of the External Secrets Operator: where a Secret's values are fetched from. It holds no value itself.
///
/// Source: external-secrets.io, API `external-secrets.io/v1`.
package struct ExternalSecret: Object {
  package static let apiVersion = "external-secrets.io/v1"
  package static let kind = "ExternalSecret"

  /// One entry of the Secret.
  package struct Entry: Hashable, Sendable, Writable {
    /// The entry's key in the Secret.
    package var secretKey: String
    /// The name of the value in the store.
    package var remoteKey: String
    /// The field of that value; nil for the whole.
    package var property: String?

    package init(secretKey: String, remoteKey: String, property: String? = nil) {
      self.secretKey = secretKey
      self.remoteKey = remoteKey
      self.property = property
    }

    package func write(to w: inout Writer) {
      w.field("secretKey", secretKey)
      w.field("remoteRef") { w in
        w.field("key", remoteKey)
        w.field("property", property)
      }
    }
  }

  /// The Secret that the operator writes has the same name.
  package var metadata: ObjectMeta
  /// The ClusterSecretStore.
  package var store: ObjectName
  package var entries: [Entry]

  package init(metadata: ObjectMeta, store: ObjectName, entries: [Entry]) {
    self.metadata = metadata
    self.store = store
    self.entries = entries
  }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.field("refreshInterval", "1h")
      w.field("secretStoreRef") { w in
        w.field("kind", "ClusterSecretStore")
        w.field("name", store)
      }
      w.field("target") { w in
        w.field("name", metadata.name)
        w.field("creationPolicy", "Owner")
      }
      w.list("data", entries)
    }
  }
}
