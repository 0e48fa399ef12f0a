package import YAML

/// What a container may use at most, and what is set aside for it.
package struct ResourceRequirements: Hashable, Sendable, Writable {
  package var limits: ResourceList
  package var requests: ResourceList

  package init(limits: ResourceList = [:], requests: ResourceList = [:]) {
    self.limits = limits
    self.requests = requests
  }

  package func write(to w: inout Writer) {
    w.field("limits", limits)
    w.field("requests", requests)
  }
}

/// Amounts by resource, sorted by name: `cpu`, `memory`, `nvidia.com/gpu`.
package struct ResourceList: Hashable, Sendable, Writable, ExpressibleByDictionaryLiteral {
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var quantity: Quantity
  }

  package private(set) var entries: [Entry] = []

  package init() {}

  package init(dictionaryLiteral elements: (String, Quantity)...) {
    for (name, quantity) in elements { self[name] = quantity }
  }

  package var isEmpty: Bool { entries.isEmpty }

  package var cpu: Quantity? {
    get { self["cpu"] }
    set { self["cpu"] = newValue }
  }

  package var memory: Quantity? {
    get { self["memory"] }
    set { self["memory"] = newValue }
  }

  /// The amount of a resource; nil removes it.
  package subscript(name: String) -> Quantity? {
    get { entries.first { $0.name == name }?.quantity }
    set {
      let place = entries.firstIndex { $0.name >= name } ?? entries.endIndex
      let exists = place < entries.endIndex && entries[place].name == name
      switch (newValue, exists) {
      case (let value?, true): entries[place].quantity = value
      case (let value?, false): entries.insert(Entry(name: name, quantity: value), at: place)
      case (nil, true): entries.remove(at: place)
      case (nil, false): break
      }
    }
  }

  package func write(to w: inout Writer) {
    for entry in entries { w.entry(entry.name, entry.quantity.description) }
  }
}
