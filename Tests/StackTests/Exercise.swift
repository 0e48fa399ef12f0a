import Diagnostics
import Stack
import TestSupport
import YAML

/// Loads what is in one input, whatever it is, and checks what holds for every input.
///
/// A line `#!next` begins another stack file, a line `#!env` the content of every environment file. The fuzz target is
/// built of this file, too.
///
/// - Returns: What does not hold, or nil.
func exercise(_ input: [UInt8]) -> String? {
  var files: [[UInt8]] = [[]]
  var environmentFile: [UInt8] = []
  var isEnvironment = false
  for line in input.split(separator: 0x0A, omittingEmptySubsequences: false) {
    if line.elementsEqual("#!next".utf8) {
      if files.count == 3 { return nil }
      files.append([])
      isEnvironment = false
    } else if line.elementsEqual("#!env".utf8) {
      isEnvironment = true
    } else if isEnvironment {
      environmentFile += line + [0x0A]
    } else {
      files[files.count - 1] += line + [0x0A]
    }
  }
  // The last line break is the split's own.
  if isEnvironment { _ = environmentFile.popLast() } else { _ = files[files.count - 1].popLast() }
  return exercise(files, environmentFile, .swarm) ?? exercise(files, environmentFile, .compose)
}

private func exercise(
  _ files: [[UInt8]], _ environmentFile: [UInt8], _ dialect: LoadOptions.Dialect
) -> String? {
  let secret = "hunter2hunter2"
  var sources = Sources()
  var keys = KeyTable()
  let options = LoadOptions(
    dialect: dialect,
    environment: ["FOO": "foo", "N": "5", "EMPTY": "", "HOME": "/home/me", "SECRET": secret],
    workingDirectory: "/stack")
  let inputs = files.enumerated().map { InputFile(path: "\($0.offset).yml", bytes: $0.element) }
  do throws(DiagnosticError) {
    let stack = try loadStack(
      inputs, options, into: &sources, keys: &keys, reading: { _ in .success(environmentFile) })
    if let complaint = check(referenceProblems(stack) + stack.warnings, sources) {
      return complaint
    }
    return readsBack(configDocument(stack))
  } catch {
    if error.diagnostics.isEmpty { return "an error without a reason" }
    return check(error.diagnostics, sources)
  }
}

/// Every place lies in its file, and the message can be shown.
private func check(_ diagnostics: [Diagnostic], _ sources: Sources) -> String? {
  let texts = sources.files.map { SourceText($0.bytes) }
  for diagnostic in diagnostics {
    for mark in [diagnostic.mark] + diagnostic.notes.map(\.mark) where mark.file >= 0 {
      guard Int(mark.file) < texts.count, Int(mark.line) <= texts[Int(mark.file)].lineCount else {
        return "\(diagnostic.slug) lies outside of the text, in line \(mark.line)"
      }
      guard mark.line > 0, let line = texts[Int(mark.file)].line(Int(mark.line)) else { continue }
      let length = String(decoding: line, as: UTF8.self).unicodeScalars.count
      // Behind the end is where something is missing.
      if mark.column < 1 || mark.column > length + 2 {
        return "\(diagnostic.slug) lies outside of line \(mark.line), in column \(mark.column)"
      }
    }
  }
  let shown = DiagnosticRenderer(color: false).render(diagnostics, in: sources)
  if shown.isEmpty != diagnostics.isEmpty { return "nothing is shown" }
  return nil
}

/// What is printed reads as what was meant.
private func readsBack(_ document: Node) -> String? {
  var writer = Writer()
  writer.write(document)
  var sources = Sources()
  let file = sources.add(SourceFile(path: "written", bytes: writer.bytes))
  do throws(DiagnosticError) {
    guard let root = try Document.read(file, in: sources) else { return "nothing was written" }
    return difference(document, root, "")
  } catch {
    return "what was written cannot be read: \(error.diagnostics.first?.summary ?? "")"
  }
}

private func difference(_ meant: Node, _ read: Node, _ path: String) -> String? {
  switch (meant.content, read.content) {
  case (.scalar(let first), .scalar(let second)):
    if first.kind == .null, second.kind == .null { return nil }
    // A float such as 5.0 is printed as 5, as Docker prints it.
    let isSame = first.text == second.text && (first.kind == .string) == (second.kind == .string)
    return isSame ? nil : "\(path): \(first) became \(second)"
  case (.sequence(let first), .sequence(let second)):
    if first.count != second.count { return "\(path): the number of items" }
    for (one, other) in zip(first, second) {
      if let found = difference(one, other, path + "[]") { return found }
    }
    return nil
  case (.mapping(let first), .mapping(let second)):
    if first.count != second.count { return "\(path): the number of keys" }
    for (one, other) in zip(first, second) {
      if one.key != other.key { return "\(path): the key \(one.key) became \(other.key)" }
      if let found = difference(one.value, other.value, "\(path).\(one.key)") { return found }
    }
    return nil
  default: return "\(path): another kind of value"
  }
}
