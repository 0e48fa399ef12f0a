/// A file to be written into the output folder.
package struct OutputFile: Sendable {
  /// Relative to the folder, without separators.
  package let name: String
  package let bytes: [UInt8]
  /// Holds secret values: readable by the owner only.
  package let isSecret: Bool

  package init(name: String, bytes: [UInt8], isSecret: Bool = false) {
    self.name = name
    self.bytes = bytes
    self.isSecret = isSecret
  }
}
