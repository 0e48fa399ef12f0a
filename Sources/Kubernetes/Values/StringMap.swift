package import YAML

/// Strings by key, kept sorted by the bytes of the keys. Meant for a few entries, such as labels.
package struct StringMap: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  package struct Entry: Hashable, Sendable {
    package var key: String
    package var value: String
  }

  private var entries: [Entry] = []

  package init() {}

  package init(dictionaryLiteral elements: (String, String)...) {
    for (key, value) in elements { self[key] = value }
  }

  /// The value under a key; nil removes it.
  package subscript(key: String) -> String? {
    get {
      let place = firstIndex(notBefore: key)
      return place < entries.count && entries[place].key == key ? entries[place].value : nil
    }
    set {
      let place = firstIndex(notBefore: key)
      let exists = place < entries.count && entries[place].key == key
      switch (newValue, exists) {
      case (let value?, true): entries[place].value = value
      case (let value?, false): entries.insert(Entry(key: key, value: value), at: place)
      case (nil, true): entries.remove(at: place)
      case (nil, false): break
      }
    }
  }

  /// Adds entries; their values win.
  package mutating func merge(_ other: StringMap) {
    if entries.isEmpty {
      entries = other.entries
    } else {
      for entry in other.entries { self[entry.key] = entry.value }
    }
  }

  /// String's own order is that of its Unicode scalars, which for normalised text is the order of the bytes.
  private func firstIndex(notBefore key: String) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension StringMap: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { entries.count }
  package subscript(position: Int) -> Entry { entries[position] }
}

extension StringMap: Writable {
  package func write(to w: inout Writer) {
    for entry in entries { w.entry(entry.key, entry.value) }
  }
}

extension Labels: Writable {
  package func write(to w: inout Writer) { map.write(to: &w) }
}

extension Annotations: Writable {
  package func write(to w: inout Writer) { map.write(to: &w) }
}
