import Delivery
import Foundation
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// Every row of the mapping's tables is shown by a fixture.
///
/// `testdata/semantics.txt` lists the rows: the table and the row, the fixture that shows it, and words that its goldens hold,
/// in the report or in the manifests, separated by ` | `. A row may have several lines.
@Suite struct SemanticsTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let row: String
    let fixture: String
    let words: [String]
    var testDescription: String { "\(row) (\(fixture))" }
  }

  static let rows: [Row] = {
    let text = (try? Testdata.text("semantics.txt")) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let parts = line.components(separatedBy: " | ")
      return Row(
        row: parts[0], fixture: parts.count > 1 ? parts[1] : "", words: Array(parts.dropFirst(2)))
    }
  }()

  @Test func theListIsThere() {
    #expect(Set(Self.rows.map(\.row)).count > 80)
  }

  @Test(arguments: rows)
  func isShownByItsFixture(_ row: Row) throws {
    #expect(Fixture.all.contains { $0.path == row.fixture }, "there is no fixture \(row.fixture)")
    #expect(!row.words.isEmpty, "nothing says what the fixture shows")
    let shown = ["expected.yaml", "report.txt"]
      .compactMap { try? Testdata.text("\(row.fixture)/\($0)") }.joined()
    for word in row.words {
      #expect(shown.contains(word), "\(row.fixture) does not show: \(word)")
    }
  }
}
