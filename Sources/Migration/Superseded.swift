import Stack
import YAML

/// Keys that have no fate of their own, because the loader settled it: a later file replaced them, or Docker drops them.
enum Superseded {
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
        key, .inert, service == other ? .superseded(by: path) : .extended(by: other ?? "", path))
    }
    for (key, why) in loaded.omitted {
      let service = service(of: key, ledger.keys)
      ledger.subject = Subject(stack: stack, service: services.contains(service) ? service : nil)
      let isLost = why == .noFileKey || why == .composeOnly
      ledger.settle(key, isLost ? .lost : .inert, .omitted(why))
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

extension Finding.Message {
  fileprivate static func superseded(by path: String) -> Self {
    Self("loader/superseded", "A later file replaces this value: \(path).")
  }

  fileprivate static func extended(by service: String, _ path: String) -> Self {
    Self(
      "loader/superseded",
      "The service `\(service)` extends this one and replaces the value: \(path).")
  }

  fileprivate static func omitted(_ why: LoadedStack.Omission) -> Self {
    switch why {
    case .empty:
      Self(
        "loader/empty",
        "Docker does not tell an empty list, mapping or text, null, zero or `false` from a key that is not there."
      )
    case .ignored: Self("loader/ignored", "Docker accepts this key and takes no notice of it.")
    case .repeated:
      Self(
        "loader/repeated",
        "Another entry further on in the same list says it again; that one counts.")
    case .followed:
      Self(
        "loader/followed",
        "What this names has been put in its place; the report says of each of its keys what becomes of it."
      )
    case .skipped: Self("loader/skipped", "Docker skips an entry without a separator.")
    case .cannotReset:
      Self(
        "loader/cannot-reset",
        "A later file cannot switch off what an earlier one set: Docker keeps the earlier value.")
    case .noFileKey:
      Self(
        "loader/no-file-key",
        "The running service has this, and no stack file has a key for it: nothing is made of it here. Add its counterpart to "
          + "the manifests by hand if the service needs it.")
    case .composeOnly:
      Self(
        "loader/compose-only",
        "Docker Compose honours this key; the manifests do not have what it does.")
    case .laterFile: Self("loader/later-file", "Docker reads this key from the first file only.")
    }
  }
}
