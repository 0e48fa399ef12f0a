package import Stack

/// How the file system beside the stack is read. The caller does the input and output.
package struct Files: Sendable {
  /// What a path is.
  package enum Kind: Sendable { case file, directory, missing }

  /// The bytes of a file.
  package var read: @Sendable (String) -> Result<[UInt8], FileProblem>
  /// The names in a directory, sorted.
  package var list: @Sendable (String) -> [String]
  package var kind: @Sendable (String) -> Kind

  package init(
    read: @escaping @Sendable (String) -> Result<[UInt8], FileProblem>,
    list: @escaping @Sendable (String) -> [String],
    kind: @escaping @Sendable (String) -> Kind
  ) {
    self.read = read
    self.list = list
    self.kind = kind
  }

  /// No file exists: for tests and for input without a folder.
  package static let none = Files(
    read: { .failure(FileProblem(path: $0, reason: "no such file")) }, list: { _ in [] },
    kind: { _ in .missing })
}
