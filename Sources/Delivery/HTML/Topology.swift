import Ledger
import Mapping
import Report

/// A drawing of an estate as inline SVG: services as boxes, what needs what as arrows, the outside above, data stores below.
///
/// Its colours are classes of the page's style sheet, so that it is light or dark as the page is.
struct Topology {
  struct Box {
    var title: String
    var lines: [String]
    /// What is reached from outside: `80`, `shop.example`.
    var outside: [String]
    /// Positions in `networks`.
    var networks: [Int]
    var wave: Int
  }

  var boxes: [Box]
  /// Positions in `boxes`: from what needs to what is needed.
  var arrows: [(from: Int, to: Int)]
  var networks: [String]
  var label: String

  /// More boxes than this are no picture any more.
  static let maximumBoxes = 60

  private static let width = 176
  private static let gap = 28
  private static let perLine = 5
  private static let lineHeight = 15

  /// nil for an estate without services, or with too many.
  func svg() -> String? {
    guard !boxes.isEmpty, boxes.count <= Self.maximumBoxes else { return nil }
    var places = [(x: Int, y: Int, height: Int)](repeating: (0, 0, 0), count: boxes.count)
    let waves = (boxes.map(\.wave).max() ?? 0) + 1
    var y = boxes.contains { !$0.outside.isEmpty } ? 74 : 12
    var widest = 1
    for wave in (0..<waves).reversed() {
      let members = boxes.indices.filter { boxes[$0].wave == wave }
      var start = 0
      while start < members.count {
        let line = members[start..<min(start + Self.perLine, members.count)]
        widest = max(widest, line.count)
        let height = (line.map { boxes[$0].lines.count }.max() ?? 0) * Self.lineHeight + 44
        for (column, member) in line.enumerated() {
          places[member] = (12 + column * (Self.width + Self.gap), y, height)
        }
        y += height + 40
        start += Self.perLine
      }
    }
    let total = 24 + widest * (Self.width + Self.gap) - Self.gap
    var body = arrows.map { arrow(places[$0.from], places[$0.to]) }.joined()
    if boxes.contains(where: { !$0.outside.isEmpty }) {
      body +=
        "<rect class=\"outside\" x=\"12\" y=\"8\" width=\"\(total - 24)\" height=\"24\" rx=\"12\"/>"
        + text("outside", x: total / 2, y: 24, class: "middle quiet")
    }
    for (box, place) in zip(boxes, places) { body += draw(box, place) }
    y -= 24
    body += legend(&y, total)
    return "<svg viewBox=\"0 0 \(total) \(y)\" width=\"\(total)\" height=\"\(y)\" role=\"img\" "
      + "aria-label=\"\(XML.attribute(label))\">" + body + "</svg>"
  }

  private func draw(_ box: Box, _ place: (x: Int, y: Int, height: Int)) -> String {
    var result = ""
    if !box.outside.isEmpty {
      let x = place.x + Self.width - 24
      result +=
        "<path class=\"way\" d=\"M\(x) 32V\(place.y - 2)m-4 -6l4 6l4 -6\"/>"
        + text(
          Self.cut(box.outside.joined(separator: ", "), 24), x: x - 6, y: place.y - 6,
          class: "end small over")
    }
    let title = XML.text(([box.title] + box.lines + box.outside).joined(separator: "\n"))
    result +=
      "<g><title>\(title)</title><rect class=\"box\" x=\"\(place.x)\" y=\"\(place.y)\" width=\"\(Self.width)\" "
      + "height=\"\(place.height)\" rx=\"8\"/>"
    result += text(Self.cut(box.title, 20), x: place.x + 10, y: place.y + 20, class: "title")
    for (number, line) in box.lines.enumerated() {
      result += text(
        Self.cut(line, 26), x: place.x + 10, y: place.y + 37 + number * Self.lineHeight,
        class: "small")
    }
    for (number, network) in box.networks.prefix(12).enumerated() {
      result +=
        "<circle class=\"net n\(network % 8)\" cx=\"\(place.x + 14 + number * 13)\" "
        + "cy=\"\(place.y + place.height - 9)\" r=\"4.5\"/>"
    }
    return result + "</g>"
  }

  private func arrow(
    _ from: (x: Int, y: Int, height: Int), _ to: (x: Int, y: Int, height: Int)
  ) -> String {
    let startX = from.x + Self.width / 2
    let endX = to.x + Self.width / 2 + (from.x == to.x ? 0 : (from.x < to.x ? -14 : 14))
    if from.y == to.y {
      let y = from.y + from.height
      return
        "<path class=\"edge\" d=\"M\(startX) \(y)C\(startX) \(y + 26) \(endX) \(y + 26) \(endX) \(y + 2)m-4 6l4 -6l4 6\"/>"
    }
    if from.y > to.y {
      let end = to.y + to.height + 2
      let middle = (from.y + end) / 2
      return
        "<path class=\"edge\" d=\"M\(startX) \(from.y)C\(startX) \(middle) \(endX) \(middle) \(endX) \(end)m-4 6l4 -6l4 6\"/>"
    }
    let start = from.y + from.height
    let middle = (start + to.y) / 2
    return
      "<path class=\"edge\" d=\"M\(startX) \(start)C\(startX) \(middle) \(endX) \(middle) \(endX) \(to.y - 2)m-4 -6l4 6l4 -6\"/>"
  }

  private func legend(_ y: inout Int, _ total: Int) -> String {
    guard !networks.isEmpty else { return "" }
    var result = ""
    var x = 18
    y += 14
    for (number, network) in networks.enumerated().prefix(24) {
      let name = Self.cut(network, 24)
      let width = name.count * 8 + 30
      if x + width > total, x > 18 {
        x = 18
        y += 20
      }
      result +=
        "<circle class=\"net n\(number % 8)\" cx=\"\(x)\" cy=\"\(y - 4)\" r=\"4.5\"/>"
        + text(name, x: x + 10, y: y, class: "small")
      x += width
    }
    y += 12
    return result
  }

  private func text(_ text: String, x: Int, y: Int, class name: String) -> String {
    "<text class=\"\(name)\" x=\"\(x)\" y=\"\(y)\">\(XML.text(text))</text>"
  }

  private static func cut(_ text: String, _ length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }
}

extension Topology {
  /// The estate as it is in the Swarm, and as it will be.
  static func beforeAndAfter(_ report: Report) -> (Topology, Topology) {
    let dependencies = report.dependencies
    var wave = [Int](repeating: 0, count: dependencies.services.count)
    for (number, members) in dependencies.waves.enumerated() {
      for member in members { wave[member] = number }
    }
    let reachability = report.reachability
    var networks: [Subject: [Int]] = [:]
    for service in reachability.services {
      networks[Subject(stack: service.stack, service: service.name)] = service.networks
    }
    var before: [Box] = []
    var after: [Box] = []
    for (position, glance) in report.glances.enumerated() {
      func row(_ topic: String) -> (before: [String], after: [String]) {
        glance.rows.first { $0.topic == topic }.map { ($0.before, $0.after) } ?? ([], [])
      }
      let volumes = row("Volumes")
      let own = networks[Subject(stack: glance.stack, service: glance.service)] ?? []
      before.append(
        Box(
          title: glance.service,
          lines: row("Workload").before + lines(volumes.before),
          outside: row("Ports").before.map { String($0.prefix { $0 != " " }) },
          networks: own, wave: wave[position]))
      let ports = row("Ports").after
      // `Deployment/web, 2 pods` is a title and a line.
      let name = glance.object.drop { $0 != "/" }.dropFirst()
      let services = row("Names").after.map { "Service \($0)" }
      after.append(
        Box(
          title: name.isEmpty ? "(left out)" : String(name),
          lines: row("Workload").after.map { $0.replacing("/\(name)", with: "") }
            + services.prefix(3)
            + lines(volumes.after), outside: ports.compactMap(outside),
          networks: own, wave: wave[position]))
    }
    var arrows: [(from: Int, to: Int)] = []
    for (position, service) in dependencies.services.enumerated() {
      arrows += service.needs.map { (position, $0) }
    }
    let names = reachability.networks.map { $0.isInternal ? "\($0.name) (internal)" : $0.name }
    return (
      Topology(
        boxes: before, arrows: arrows, networks: names, label: "The estate in the Swarm"),
      Topology(
        boxes: after, arrows: arrows, networks: names, label: "The estate in Kubernetes")
    )
  }

  /// What is mounted, without where; at most three lines.
  private static func lines(_ mounts: [String]) -> [String] {
    let sources = mounts.map {
      $0.split(separator: " ").prefix { $0 != "→" }.joined(separator: " ")
    }
    return sources.count > 3
      ? sources.prefix(2) + ["and \(sources.count - 2) more mounts"] : sources
  }

  /// Of a line such as `web-published (LoadBalancer): 80 → 8080`, what is seen from outside.
  private static func outside(_ line: String) -> String? {
    if line.hasPrefix("node port ") {
      return line.split(separator: " ").dropFirst(2).first.map(String.init)
    }
    guard
      let kind = ["(LoadBalancer): ", "(NodePort): ", "(Ingress): "].first(where: line.contains),
      let range = line.firstRange(of: kind)
    else { return nil }
    let rest = line[range.upperBound...]
    // A host and its paths, or ports.
    if kind.hasPrefix("(Ingress)") { return String(rest.prefix { $0 != " " && $0 != "," }) }
    return rest.count > 20 ? rest.prefix(19) + "…" : String(rest)
  }
}
