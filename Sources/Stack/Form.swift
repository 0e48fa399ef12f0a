import YAML

/// What Docker makes of a value: the YAML types that its schema admits, the long form that its loader turns them into,
/// and how a later file's value joins an earlier one's.
///
/// Source: docker/cli `cli/compose/schema/data` and `cli/compose/types`. Values that Go would hold as zero are absent
/// from the canonical document unless the form says otherwise.
enum Form: Sendable {
  /// Text.
  case string
  /// Text, one of these.
  case choice([String])
  /// Text; the schema also admits a number, which the loader then refuses (`shm_size`).
  case stringOrNumber
  /// Text or null (`pid`).
  case stringOrNull
  case flag
  /// A flag whose `false` counts (`init`).
  case optionalFlag
  case unsigned
  /// A number whose zero counts. `schema` is what the schema asks for.
  case optionalUnsigned(schema: Number)
  /// An unsigned 32-bit number; higher bits are cut off without a word, as Go's reflection does.
  case port
  /// A file mode: any number; zero counts.
  case fileMode
  case signed(schema: Number, minimum: Int = .min, zeroCounts: Bool = false)
  /// A 32-bit float.
  case ratio
  case duration
  /// A duration whose zero counts.
  case optionalDuration
  /// A size in bytes, as text of digits.
  case size
  case strings(unique: Bool = false)
  /// One text, or a list of different ones.
  case stringOrStrings
  /// A command line: one text that is split, or a list.
  case words
  /// `healthcheck.test`.
  case test
  /// `KEY=value` list or mapping. `keepsNull`: a key without value differs from one with an empty value.
  case pairs(keepsNull: Bool)
  /// A mapping to text, numbers written as text.
  case options(nullable: Bool)
  /// Host and address pairs.
  case hosts
  /// `expose`: texts and numbers.
  case exposed
  case ports
  case mounts
  /// References to secrets or configs.
  case fileReferences
  case serviceNetworks
  case ulimits
  case build
  case external
  case logging
  case structure(Structure)
  case structures(Structure)
  /// A top-level section: names and what they stand for.
  case section(Structure)
  /// Known to the schema, but not to the loader's structures: read by nobody.
  case unread(schema: Number)
  /// `version`.
  case version

  enum Number: Sendable {
    case integer
    case number
    case integerOrString
  }
}

/// A mapping with known keys, in the order in which Docker prints them.
struct Structure: Sendable {
  /// What becomes of a key that is not in the table.
  enum UnknownKeys: Sendable {
    case refused
    /// Accepted and not read, from this minor version on.
    case ignored(since: Int)
  }

  /// What becomes of `x-` keys.
  enum Extensions: Sendable {
    /// Unknown like any other.
    case none
    /// Kept, from this minor version on.
    case kept(since: Int)
    /// Kept when the object is `external`, else dropped.
    case keptWhenExternal(since: Int)
  }

  let keys: [Key]
  /// Docker holds a pointer: an empty mapping differs from an absent one.
  var isPointer = false
  var allowsNull = false
  var unknown = UnknownKeys.refused
  var extensions = Extensions.none
  /// Keys that must be there.
  var required: [String] = []
  /// What Docker prints for keys that are absent or empty.
  var defaults: [Entry] = []

  func index(of name: String) -> Int? {
    for position in keys.indices where keys[position].name == name { return position }
    return nil
  }
}

/// A key that a mapping may have.
struct Key: Sendable {
  let name: String
  /// The minor version of the schema that introduced it; 3.`since`.
  let since: Int
  let form: Form
  /// The loader reads the key, but the schema does not know it, so that null is as good as absent.
  let isUnchecked: Bool

  init(_ name: String, _ form: Form, since: Int = 0, isUnchecked: Bool = false) {
    self.name = name
    self.since = since
    self.form = form
    self.isUnchecked = isUnchecked
  }
}
