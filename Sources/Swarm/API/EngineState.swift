package import YAML

extension Stack {
  /// All that the engine holds for the stack: services, networks, secrets and configs, each list in the order of the
  /// names. What is external is not the stack's, and networks that no service uses are not created.
  package var engineState: JSON {
    let used = Set(services.flatMap { $0.networkAttachments.map(\.network) })
    let created = networks.filter { !$0.isExternal && used.contains($0.key) }
    func list<Element>(
      _ elements: [Element], name: (Element) -> String, _ value: (Element) -> JSON
    ) -> JSON {
      .array(
        elements.sorted { name($0).utf8.lexicographicallyPrecedes(name($1).utf8) }.map(value))
    }
    func spec(_ value: JSON) -> JSON { .object { $0.set("Spec", value) } }
    return .object { state in
      state.set("Services", list(services, name: \.fullName) { spec(specification(of: $0)) })
      state.set("Networks", list(created, name: \.name) { specification(of: $0) })
      for (key, objects) in [("Secrets", secrets), ("Configs", configs)] {
        state.set(
          key,
          list(objects.filter { !$0.isExternal }, name: \.name) { spec(specification(of: $0)) })
      }
    }
  }
}
