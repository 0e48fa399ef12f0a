import Delivery
import Foundation
import Report
import TestSupport
import Testing

/// The pages in `docs/features` say what the features' own files say.
@Suite struct FeatureDocumentTests {
  static let folder = Testdata.root.appending(path: "docs/features")

  @Test func pagesAreUpToDate() throws {
    let pages = FeatureDocument.pages()
    #expect(pages.count > 10)
    for page in pages {
      let path = Self.folder.appending(path: page.name)
      let written = (try? Data(contentsOf: path)).map(Array.init)
      #expect(written == page.bytes, "docs/features/\(page.name) is out of date, run make docs")
    }
  }

  @Test func noPageIsLeftOver() {
    let names = Set(FeatureDocument.pages().map(\.name))
    let files = Testdata.files(below: Self.folder, endings: ["md"])
    #expect(!files.isEmpty)
    for name in files {
      #expect(names.contains(name), "docs/features/\(name) is of no feature, run make docs")
    }
  }
}
