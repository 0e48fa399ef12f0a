package import Diagnostics
package import Images
import Validation
package import YAML

/// What a scanner's report says of one image, and who runs it.
package struct ScanSummary: Sendable {
  package let path: String
  package let report: ScanReport
  /// The report on the same image before, where it is compared, and its file.
  package let before: (path: String, report: ScanReport)?
  /// The services that run the image; empty where no stack is given, or none does.
  package let services: [String]

  package init(
    path: String, report: ScanReport, before: (path: String, report: ScanReport)?,
    services: [String]
  ) {
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
    var text = "\(visible(name)) (\(path), \(visible(report.scanner))): \(counts)"
    if !services.isEmpty { text += "; runs in \(services.joined(separator: ", "))" }
    text += "\n"
    if let (path, old) = before {
      for severity in [ScanReport.Severity.critical, .high] {
        let (before, now) = (old.count(severity), report.count(severity))
        text += "  \(severity.name): before (\(path)) \(before), now \(now): "
        text += "\(ImageSummary.change(before, now))\n"
      }
    }
    let worst = report.vulnerabilities.filter { $0.severity >= .high }
    for entry in worst.prefix(Self.shown) {
      text += "  \(entry.severity.name)  \(visible(entry.id))  "
      text += visible("\(entry.package) \(entry.version)")
      text += entry.isFixable ? ", mended in \(visible(entry.fixedVersion))\n" : "\n"
    }
    if worst.count > Self.shown {
      text += "  and \(worst.count - Self.shown) more that are high or critical\n"
    }
    return text
  }

  private var name: String { report.images.first ?? path }

  /// What is said of it in the list of findings; nil where nothing was found.
  package var diagnostic: Diagnostic? {
    if report.vulnerabilities.isEmpty { return nil }
    var packages: [String] = []
    for entry in report.vulnerabilities where entry.isFixable && packages.count < 3 {
      let text = "\(entry.package) \(entry.fixedVersion)"
      if !packages.contains(text) { packages.append(text) }
    }
    return Diagnostic(
      "image/vulnerabilities", report.count(from: .high) > 0 ? .warning : .note,
      at: SourceMark(file: 0, line: 0, column: 0),
      visible("\(name) has known vulnerabilities: \(counts)"),
      hint: packages.isEmpty
        ? "none has a version that mends it yet: leave out the packages that the service does not need"
        : visible("rebuild on an updated base; it begins with \(packages.joined(separator: ", "))"))
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
      if let (path, old) = before {
        document.set(
          "before",
          .object { entry in
            entry.set("report", path)
            entry.set("vulnerabilities", Self.counts(old))
            entry.set(
              "criticalChange",
              ImageSummary.percent(old.count(.critical), report.count(.critical)))
          })
      }
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
