package import Diagnostics
package import YAML

/// A stack as Docker understands it.
package struct LoadedStack: Sendable {
  /// Why a key that was written is not in the canonical document.
  package enum Omission: Hashable, Sendable {
    /// An empty list, mapping or string, a null, zero or `false`: Docker does not tell it from an absent key.
    case empty
    /// Docker accepts the key and takes no notice of it.
    case ignored
    /// The same place says something else further on in the same list.
    case repeated
    /// An entry without a separator that Docker skips (`extra_hosts: [name]`).
    case skipped
    /// A later file cannot switch off what an earlier one set, or set it to nothing.
    case cannotReset
    /// Docker reads this key of the first file only.
    case laterFile
    /// A running Swarm has it, and no stack file has a key for it.
    case noFileKey
    /// What the key names is in the document in its place: `extends`, `include`.
    case followed
    /// Docker Compose honours the key, and a stack file has no word for it.
    case composeOnly
  }

  /// The canonical document: `version`, `services`, `networks`, `volumes`, `secrets`, `configs`, `x-*`, everything in
  /// long form and in the order in which `docker stack config` prints it.
  package var root: Node
  package var warnings: [Diagnostic]
  /// Keys that another one replaced: a later file's, or that of a service which extends theirs. A key stands for all below
  /// it, and no leaf of it is in `root` or stands here twice.
  package var superseded: [(key: KeyID, by: KeyID)]
  /// Every other leaf that is not in `root`, once.
  package var omitted: [(key: KeyID, why: Omission)]
  /// The leaves that stand in more than one service, because one extends another.
  package var shared: Set<KeyID> = []
  /// The texts, as written, of values that variables were put into, by place: messages quote these, never the values.
  package var templates: [SourceMark: String]
  /// The numbers that this stack's files have in the key table.
  package var keys: Range<Int32>
  /// Whose rules the files were read by: with Compose's, keys that Swarm ignores were honoured where they ran.
  package var dialect = LoadOptions.Dialect.swarm
  /// What `docker compose config` prints; nil in Swarm's dialect.
  var printed: Node?
}

extension LoadedStack {
  /// A stack that comes from elsewhere than files, in the loader's form.
  package init(root: Node, warnings: [Diagnostic], keys: Range<Int32>) {
    self.init(
      root: root, warnings: warnings, superseded: [], omitted: [], templates: [:],
      keys: keys)
  }
}
