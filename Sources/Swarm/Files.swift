package import Stack

/// How the file system beside the stack is read. The caller does the input and output.
package struct Files: Sendable {
  /// What a path is.
  package enum Kind: Sendable { case file, directory, missing }

  /// What is in a directory.
  package struct Entry: Sendable {
    package let name: String
    /// Whether it is a directory itself, and not a link to one.
    package let isFolder: Bool
    package let isLink: Bool

    package init(name: String, isFolder: Bool, isLink: Bool = false) {
      self.name = name
      self.isFolder = isFolder
      self.isLink = isLink
    }
  }

  /// The bytes of a regular file.
  package var read: @Sendable (String) -> Result<[UInt8], FileProblem>
  /// What is in a directory, sorted by name.
  package var entries: @Sendable (String) -> [Entry]
  /// What a path leads to.
  package var kind: @Sendable (String) -> Kind

  package init(
    read: @escaping @Sendable (String) -> Result<[UInt8], FileProblem>,
    entries: @escaping @Sendable (String) -> [Entry],
    kind: @escaping @Sendable (String) -> Kind
  ) {
    self.read = read
    self.entries = entries
    self.kind = kind
  }

  /// A file system without links; `list` gives the sorted names in a directory.
  package init(
    read: @escaping @Sendable (String) -> Result<[UInt8], FileProblem>,
    list: @escaping @Sendable (String) -> [String],
    kind: @escaping @Sendable (String) -> Kind
  ) {
    self.init(
      read: read,
      entries: { folder in
        list(folder).map {
          Entry(name: $0, isFolder: kind(folder == "." ? $0 : "\(folder)/\($0)") == .directory)
        }
      }, kind: kind)
  }

  /// No file exists: for tests and for input without a folder.
  package static let none = Files(
    read: { .failure(FileProblem(path: $0, reason: "no such file")) }, list: { _ in [] },
    kind: { _ in .missing })
}
