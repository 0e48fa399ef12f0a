import Ledger
import Mapping
import Report

/// Who may connect to whom, for a reader: pair by pair while that can be taken in at a glance, else network by network.
struct ReachabilityTable {
  /// Up to so many services there is a matrix.
  private static let limit = 20

  private let data: Reachability

  /// nil where there are no two services that could connect to each other.
  init?(_ data: Reachability) {
    if data.services.count < 2 { return nil }
    self.data = data
  }

  private var hasMatrix: Bool { data.services.count <= Self.limit && !isOneNetwork }

  /// Everybody is in one network, so that a matrix would say it over and over.
  private var isOneNetwork: Bool {
    data.networks.count == 1 && data.networks[0].members.count == data.services.count
  }

  // MARK: Rendering

  /// For a terminal.
  func text(heading: (String) -> String) -> String {
    var text = "\n" + heading("Who may connect to whom") + "\n"
    if hasMatrix {
      let rows = rows
      let width = max(8, rows.map(\.name.count).max() ?? 0)
      let columns = rows.indices.map { column in
        max("\(column + 1)".count, rows.map { $0.cells[column].count }.max() ?? 0)
      }
      func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
      func line(_ name: String, _ cells: [String], _ outside: String) -> String {
        let padded = zip(cells, columns).map { $0 + blanks($1 - $0.count) }
        return "  \(name)\(blanks(width + 5 - name.count))"
          + (padded + [outside]).joined(separator: "  ") + "\n"
      }
      text += line("from \u{2193} to \u{2192}", rows.indices.map { "\($0 + 1)" }, "outside")
      for (number, row) in rows.enumerated() {
        let head = "\(number + 1)"
        text += line("\(blanks(2 - head.count))\(head)  \(row.name)", row.cells, row.outside)
      }
    }
    for line in lines { text += wrapped(line, first: "  ", rest: "    ") }
    return text
  }

  var markdown: String {
    var text = "\n## Who may connect to whom\n\n"
    if hasMatrix {
      let rows = rows
      text += "| from \u{2193} to \u{2192} |"
      for number in rows.indices { text += " \(number + 1) |" }
      text += " outside |\n|---|" + String(repeating: "---|", count: rows.count + 1) + "\n"
      for (number, row) in rows.enumerated() {
        text += "| \(number + 1) \(Markdown.code(row.name)) |"
        for cell in row.cells + [row.outside] { text += " \(cell) |" }
        text += "\n"
      }
      text += "\n"
    }
    for line in lines { text += "- \(Markdown.escaped(line))\n" }
    return text
  }

  // MARK: The matrix

  /// Rows connect to columns.
  private var rows: [(name: String, cells: [String], outside: String)] {
    data.services.indices.map { row in
      (
        name(row),
        data.services.indices.map { $0 == row ? "" : cell(from: row, to: $0) },
        outside(data.services[row].outside)
      )
    }
  }

  private func cell(from source: Int, to target: Int) -> String {
    switch data.way(from: source, to: target) {
    case .networks(let networks): networks.map(letter).joined()
    case .node: "node"
    case .published: "port"
    case nil: "-"
    }
  }

  private func outside(_ outside: Reachability.Outside) -> String {
    switch outside {
    case .everything: "all"
    case .names: "DNS"
    case .nothing: "-"
    }
  }

  /// `a` … `z`, then numbers in parentheses, so that several networks can stand together.
  private func letter(_ network: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return network < letters.count
      ? String(letters[network]) : "(\(network + 1))"
  }

  // MARK: Words

  /// What the signs of the matrix mean, or, without one, who is in which network.
  private var lines: [String] {
    var lines: [String] = []
    if isOneNetwork {
      lines.append(
        "All \(data.services.count) services are in \(description(0)): each reaches each on every port."
      )
    } else {
      for (number, network) in data.networks.enumerated() {
        let head = hasMatrix ? "\(letter(number)): " : ""
        let members = hasMatrix ? "" : ": \(list(network.members))"
        lines.append("\(head)\(description(number))\(members)")
      }
    }
    lines += special
    return lines
  }

  private func description(_ network: Int) -> String {
    let network = data.networks[network]
    return "network \(network.name)" + (network.isInternal ? " (internal)" : "")
  }

  private var special: [String] {
    var lines: [String] = []
    let published = data.services.indices.filter { !data.services[$0].ports.isEmpty }
    if !published.isEmpty {
      let shown = published.prefix(Self.limit).map { number in
        "\(name(number)) \(ports(data.services[number].ports))"
      }
      lines.append(
        "port: published ports only, as from outside: \(joined(shown, of: published.count))")
    }
    let onHost = data.services.indices.filter { data.services[$0].isOnHost }
    if !onHost.isEmpty {
      lines.append(
        "node: on the network of its node, where no policy applies: \(list(onHost))")
    }
    let closed = data.services.indices.filter { data.services[$0].outside == .names }
    if !closed.isEmpty, !hasMatrix {
      lines.append("reach nothing outside their networks but DNS: \(list(closed))")
    }
    let sealed = data.services.indices.filter { data.services[$0].outside == .nothing }
    if !sealed.isEmpty, !hasMatrix { lines.append("reach nothing: \(list(sealed))") }
    return lines
  }

  private func ports(_ ports: [Reachability.Port]) -> String {
    joined(ports.prefix(6).map(\.description), of: ports.count)
  }

  private func list(_ services: [Int]) -> String {
    joined(services.prefix(Self.limit).map(name), of: services.count)
  }

  private func joined(_ shown: [String], of count: Int) -> String {
    shown.joined(separator: ", ") + (count > shown.count ? " and \(count - shown.count) more" : "")
  }

  /// The service's name, with its stack where there are several.
  private func name(_ number: Int) -> String {
    let service = data.services[number]
    return hasSeveralStacks ? "\(service.stack)/\(service.name)" : service.name
  }

  private var hasSeveralStacks: Bool {
    data.services.first?.stack != data.services.last?.stack
  }
}
