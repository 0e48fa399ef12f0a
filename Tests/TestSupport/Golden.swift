package import Foundation

/// A text kept under `testdata` that an output must equal, byte for byte.
///
/// With `STACKFERRY_RECORD=1` in the environment the file is written instead, and the test fails in
/// that run: a recorded text proves nothing until somebody has read it.
package enum Golden {
  /// An output that is not what its golden says; thrown so that the test fails with this text.
  package struct Mismatch: Error, CustomStringConvertible {
    package let description: String
  }

  /// Whether this run records goldens.
  package static var records: Bool {
    ProcessInfo.processInfo.environment["STACKFERRY_RECORD"] == "1"
  }

  /// Compares an output with the file at a path below `testdata`; throws a `Mismatch` that shows the first
  /// lines that differ.
  package static func check(_ actual: String, _ path: String) throws {
    if let problem = try difference(actual, path) { throw Mismatch(description: problem) }
  }

  /// What is wrong with an output, or nil: `#expect(try Golden.difference(text, path) == nil)`.
  package static func difference(_ actual: String, _ path: String) throws -> String? {
    try difference(actual, Testdata.url(path), path: path, recording: records)
  }

  /// The rule behind `difference`, for any file and with the choice to record as an argument.
  package static func difference(
    _ actual: String, _ file: URL, path: String, recording: Bool
  ) throws -> String? {
    let expected = (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) }
    // Equal strings may differ in bytes (Unicode's canonical equivalence), so the bytes decide.
    if let expected, expected.utf8.elementsEqual(actual.utf8) { return nil }
    if recording {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: file)
      return "testdata/\(path): recorded, read it and run again"
    }
    guard let expected else {
      return "testdata/\(path) is not there; run once with STACKFERRY_RECORD=1 to record it"
    }
    return "testdata/\(path): \(firstDifference(expected, actual))"
  }

  /// The first line that differs, with two lines before it.
  private static func firstDifference(_ expected: String, _ actual: String) -> String {
    let wanted = lines(expected)
    let got = lines(actual)
    var index = 0
    while index < wanted.count, index < got.count, wanted[index].utf8.elementsEqual(got[index].utf8)
    {
      index += 1
    }
    var text = "differs in line \(index + 1)"
    for line in wanted[max(0, index - 2)..<index] { text += "\n    \(line)" }
    text += "\n  - \(index < wanted.count ? wanted[index] : "(no line)")"
    text += "\n  + \(index < got.count ? got[index] : "(no line)")"
    return text + "\n  (- as recorded, + as it is now; STACKFERRY_RECORD=1 records it anew)"
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
