import ArgumentParser
import Delivery
import Diagnostics
import Images
import Stack
import Swarm

/// The audit's archives and scan reports.
extension Audit {
  /// Archives and scan reports that were given, compared with those of before, and what is wrong with the images.
  func archives(_ stacks: [Swarm.Stack], ignored: Set<String>) throws -> (
    images: [ImageSummary], files: [AuditReport.File], scans: [ScanSummary]
  ) {
    var oldImages: [ImageContents] = []
    var oldScans: [ScanReport] = []
    for path in before {
      if isScanReport(path) {
        oldScans += try scans(path)
      } else {
        oldImages += try ImageArchives.read(path)
      }
    }
    var summaries: [ImageSummary] = []
    var files: [AuditReport.File] = []
    for path in image {
      for contents in try ImageArchives.read(path) {
        // With one of each there is no doubt, whatever they are called.
        var old = oldImages.first { Self.areOfOneImage($0.names, contents.names) }
        if oldImages.count == 1, image.count == 1 { old = oldImages[0] }
        summaries.append(ImageSummary(path: path, image: contents, before: old))
        let uses = services(running: contents.names, in: stacks).map { ServiceUse($0) }
        var sources = Sources()
        _ = sources.add(SourceFile(path: path, bytes: []))
        files.append(
          AuditReport.File(
            path: path, services: uses.map(\.name), sources: sources,
            diagnostics: contents.diagnostics(uses: uses).filter { !ignored.contains($0.slug) },
            fixable: 0))
      }
    }
    var reports: [ScanSummary] = []
    for path in scanReport {
      for report in try scans(path) {
        var old = oldScans.first { Self.areOfOneImage($0.images, report.images) }
        if oldScans.count == 1, scanReport.count == 1 { old = oldScans[0] }
        reports.append(
          ScanSummary(
            path: path, report: report, before: old,
            services: services(running: report.images, in: stacks).map(\.name)))
      }
    }
    return (summaries, files, reports)
  }

  /// Whether some of the names differ at most in their version.
  private static func areOfOneImage(_ left: [String], _ right: [String]) -> Bool {
    left.contains { name in
      right.contains { other in
        guard let first = try? ImageReference(name), let second = try? ImageReference(other) else {
          return false
        }
        return first.registry == second.registry && first.repository == second.repository
      }
    }
  }

  /// JSON, and no archive: told by the first byte.
  private func isScanReport(_ path: String) -> Bool {
    if FileSystem.kind(path) == .directory { return false }
    var first: UInt8 = 0
    _ = FileSystem.stream(path, limit: 1) { piece throws(Never) in first = piece.first ?? 0 }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  private func scans(_ path: String) throws -> [ScanReport] {
    switch FileSystem.read(path) {
    case .failure(let problem): throw Terminal.failure(problem)
    case .success(let bytes):
      do throws(ScanProblem) { return try ScanReport.read(bytes) } catch {
        throw Terminal.failure(FileProblem(path: path, reason: error.text))
      }
    }
  }
}
