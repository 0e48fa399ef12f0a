import ArgumentParser
import Delivery
import Ledger
import Mapping
import Report
import Disk

/// `stackferry document-features`: writes the pages of docs/features, and docs/audit.md beside them; `make docs` calls it.
struct DocumentFeatures: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a documentation page for each feature.", shouldDisplay: false)

  @Argument(help: "The folder to write.")
  var folder: String

  func run() throws {
    for page in FeatureDocument.pages() {
      if let problem = FileSystem.write(
        page.bytes, to: "\(folder)/\(page.name)", mode: 0o666, makesFolders: true)
      {
        throw Terminal.failure(problem)
      }
    }
    for (name, text) in [("audit", AuditPage.markdown), ("manifests", ManifestPage.markdown)] {
      if let problem = FileSystem.write(
        Array(text.utf8), to: "\(folder)/../\(name).md", mode: 0o666)
      {
        throw Terminal.failure(problem)
      }
    }
  }
}
