import Ledger
import Stack
import YAML

/// Keys that have no fate of their own, because the loader settled it: a later file replaced them, or Docker drops them.
enum SettledByLoader {
  enum Kind {
    static let superseded: FindingKind = .inert("loader/superseded")
    static let empty: FindingKind = .inert("loader/empty")
    static let followed: FindingKind = .inert("loader/followed")
    static let ignored: FindingKind = .inert("loader/ignored")
    static let repeated: FindingKind = .inert("loader/repeated")
    static let skipped: FindingKind = .inert("loader/skipped")
    static let cannotReset: FindingKind = .inert("loader/cannot-reset")
    static let noFileKey: FindingKind = .lost("loader/no-file-key", .changesBehaviour)
    static let composeOnly: FindingKind = .lost("loader/compose-only", .changesBehaviour)
    static let laterFile: FindingKind = .inert("loader/later-file")
  }

  /// No feature's: the registry names them beside those.
  static let kinds: [FindingKind] = [
    Kind.superseded, Kind.empty, Kind.followed, Kind.ignored, Kind.repeated, Kind.skipped,
    Kind.cannotReset,
    Kind.noFileKey, Kind.composeOnly, Kind.laterFile,
  ]

  static func settle(_ loaded: LoadedStack, _ ledger: inout Ledger) {
    let stack = ledger.subject.stack
    defer { ledger.subject = Subject(stack: stack) }
    let services = Set((loaded.root["services"]?.entries ?? []).map { String?.some($0.key) })
    for (key, by) in loaded.superseded {
      let service = service(of: key, ledger.keys)
      let other = self.service(of: by, ledger.keys)
      let path = ledger.keys.path(by)
      // What a service extends may be no service of the stack.
      ledger.subject = Subject(stack: stack, service: services.contains(service) ? service : other)
      ledger.settle(
        key, service == other ? .superseded(by: path) : .extended(by: other ?? "", path))
    }
    for (key, why) in loaded.omitted {
      let service = service(of: key, ledger.keys)
      ledger.subject = Subject(stack: stack, service: services.contains(service) ? service : nil)
      ledger.settle(key, .omitted(why))
    }
  }

  /// The service that a key stands under, so that the report says it there.
  private static func service(of key: KeyID, _ keys: KeyTable) -> String? {
    var names: [String] = []
    var current = Int(key.rawValue)
    while current >= 0, keys.rows[current].parent >= 0 {
      names.append(keys.rows[current].name)
      current = Int(keys.rows[current].parent)
    }
    return names.count > 2 && names.last == "services" ? names[names.count - 2] : nil
  }
}

private typealias Kind = SettledByLoader.Kind

extension Finding.Message {
  fileprivate static func superseded(by path: String) -> Self {
    Self(Kind.superseded, "A later file replaces this value: \(path).")
  }

  fileprivate static func extended(by service: String, _ path: String) -> Self {
    Self(
      Kind.superseded,
      "The service `\(service)` extends this one and replaces the value: \(path).")
  }

  fileprivate static func omitted(_ why: LoadedStack.Omission) -> Self {
    switch why {
    case .empty:
      Self(
        Kind.empty,
        "Docker does not tell an empty list, mapping or text, null, zero or `false` from a key that is not there."
      )
    case .ignored: Self(Kind.ignored, "Docker accepts this key and takes no notice of it.")
    case .repeated:
      Self(
        Kind.repeated,
        "Another entry further on in the same list says it again; that one counts.")
    case .followed:
      Self(
        Kind.followed,
        "What this names has been put in its place; the report says of each of its keys what becomes of it."
      )
    case .skipped: Self(Kind.skipped, "Docker skips an entry without a separator.")
    case .cannotReset:
      Self(
        Kind.cannotReset,
        "A later file cannot switch off what an earlier one set: Docker keeps the earlier value.")
    case .noFileKey:
      Self(
        Kind.noFileKey,
        "The running service has this, and no stack file has a key for it: nothing is made of it here. Add its counterpart to "
          + "the manifests by hand if the service needs it.")
    case .composeOnly:
      Self(
        Kind.composeOnly,
        "Docker Compose honours this key; the manifests do not have what it does.")
    case .laterFile: Self(Kind.laterFile, "Docker reads this key from the first file only.")
    }
  }
}
