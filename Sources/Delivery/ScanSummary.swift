package import Images
package import YAML

/// What a scanner's report says of one image, and who runs it.
package struct ScanSummary: Sendable {
  package let path: String
  package let report: ScanReport
  /// The report on the same image before, where it is compared.
  package let before: ScanReport?
  /// The services that run the image; empty where no stack is given, or none does.
  package let services: [String]

  package init(path: String, report: ScanReport, before: ScanReport?, services: [String]) {
    self.path = path
    self.report = report
    self.before = before
    self.services = services
  }

  private static let severities: [ScanReport.Severity] = [
    .critical, .high, .medium, .low, .unknown,
  ]
  private static let shown = 10

  /// For a terminal, without colour.
  package var text: String {
    var text = "\(report.images.first ?? path) (\(path), \(report.scanner)): \(counts)"
    if !services.isEmpty { text += "; runs in \(services.joined(separator: ", "))" }
    text += "\n"
    if let before {
      let (old, new) = (before.count(.critical), report.count(.critical))
      text += "  critical before \(old), now \(new): \(ImageSummary.change(old, new))\n"
    }
    let worst = report.vulnerabilities.filter { $0.severity >= .high }
    for entry in worst.prefix(Self.shown) {
      text += "  \(entry.severity.name)  \(entry.id)  \(entry.package) \(entry.version)"
      text += entry.isFixable ? ", a fixed version is known\n" : "\n"
    }
    if worst.count > Self.shown {
      text += "  and \(worst.count - Self.shown) more that are high or critical\n"
    }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          ($0.value < 0x20 && $0 != "\n") || $0.value == 0x7F ? "\u{FFFD}" : $0
        }))
  }

  /// `2 critical (1 fixable), 5 high (5 fixable)`.
  private var counts: String {
    let parts = Self.severities.compactMap { severity -> String? in
      let count = report.count(severity)
      if count == 0 { return nil }
      let fixable = report.fixable(severity)
      return "\(count) \(severity.name)" + (fixable > 0 ? " (\(fixable) fixable)" : "")
    }
    return parts.isEmpty ? "nothing found" : parts.joined(separator: ", ")
  }

  /// For other programs.
  package var json: JSON {
    .object { document in
      document.set("report", path)
      document.set("scanner", report.scanner)
      document.set("images", .strings(report.images))
      document.set("services", .strings(services))
      document.set("vulnerabilities", Self.counts(report))
      if let before { document.set("before", Self.counts(before)) }
    }
  }

  private static func counts(_ report: ScanReport) -> JSON {
    .object { counts in
      for severity in severities {
        counts.set(
          severity.name,
          .object { entry in
            entry.set("found", report.count(severity))
            entry.set("fixable", report.fixable(severity))
          })
      }
    }
  }
}
