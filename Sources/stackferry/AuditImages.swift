import ArgumentParser
import Delivery
import Diagnostics
import Disk
import Images
import Mapping
import Stack
import Swarm
import YAML

/// The audit's archives and scan reports.
struct AuditedImages {
  private(set) var images: [ImageSummary] = []
  private(set) var files: [AuditReport.File] = []
  private(set) var scans: [ScanSummary] = []
  /// Services that no report is about, with their images; empty where no report was given.
  private(set) var unscanned: [String] = []
  /// Services whose image brings a health check.
  private(set) var checked: Set<String> = []

  /// Reads what was given, in its order, and finds out who runs it and which is the one before another.
  init(
    archives: [String], reports: [String], stacks: [Swarm.Stack], ignored: Set<String>
  ) throws {
    var contents: [(path: String, image: ImageContents)] = []
    var versions: [ImageVersion] = []
    for (number, path) in archives.enumerated() {
      for image in try ImageArchives.read(path) {
        contents.append((path, image))
        versions.append(
          ImageVersion(
            names: image.names, file: number, platform: image.config.platform,
            isRun: !services(running: image.names, in: stacks).isEmpty))
      }
    }
    for ((path, image), succession) in zip(contents, successions(versions))
    where !succession.isReplaced {
      let uses = services(running: image.names, in: stacks).map { ServiceUse($0) }
      let names = uses.map(\.name)
      if image.config.healthcheck != nil { checked.formUnion(names) }
      images.append(
        ImageSummary(
          path: path, image: image, services: names, before: succession.before.map { contents[$0] })
      )
      add(path, names, image.diagnostics(uses: uses), ignored)
    }
    try addScans(reports, stacks, ignored)
  }

  private mutating func addScans(
    _ paths: [String], _ stacks: [Swarm.Stack], _ ignored: Set<String>
  ) throws {
    var reports: [(path: String, report: ScanReport)] = []
    var versions: [ImageVersion] = []
    for (number, path) in paths.enumerated() {
      for report in try Self.read(path) {
        reports.append((path, report))
        versions.append(
          ImageVersion(
            names: report.images, file: number,
            isRun: !services(running: report.images, in: stacks).isEmpty))
      }
    }
    for ((path, report), succession) in zip(reports, successions(versions))
    where !succession.isReplaced {
      let summary = ScanSummary(
        path: path, report: report, before: succession.before.map { reports[$0] },
        services: services(running: report.images, in: stacks).map(\.name))
      scans.append(summary)
      add(path, summary.services, summary.diagnostic.map { [$0] } ?? [], ignored)
    }
    if paths.isEmpty { return }
    for service in stacks.flatMap(\.services) {
      guard let image = service.image?.text,
        !reports.contains(where: { $0.report.images.contains { namesSameImage($0, image) } })
      else { continue }
      unscanned.append("\(service.name) (\(visible(image)))")
    }
  }

  private mutating func add(
    _ path: String, _ services: [String], _ diagnostics: [Diagnostic], _ ignored: Set<String>
  ) {
    var sources = Sources()
    _ = sources.add(SourceFile(path: path, bytes: []))
    files.append(
      AuditReport.File(
        path: path, services: services, sources: sources,
        diagnostics: diagnostics.filter { !ignored.contains($0.slug) }, fixable: 0))
  }

  private static func read(_ path: String) throws -> [ScanReport] {
    switch FileSystem.read(path) {
    case .failure(let problem): throw Terminal.failure(problem)
    case .success(let bytes):
      do throws(ScanProblem) { return try ScanReport.read(bytes) } catch {
        throw Terminal.failure(FileProblem(path: path, reason: error.text))
      }
    }
  }
}
