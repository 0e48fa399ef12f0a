import ArgumentParser
import Basics
import Diagnostics
import Mapping
import Disk
import Stack
import Swarm
import YAML

extension StackArguments {
  /// Reads a snapshot in place of stack files: all its stacks, or the one of that name.
  func loadSnapshot(_ path: String, name: String?) throws -> Loaded {
    var loaded = Loaded()
    let bytes: [UInt8]
    switch FileSystem.read(path) {
    case .success(let read): bytes = read
    case .failure(let problem): throw Terminal.failure(problem)
    }
    if bytes.isEmpty {
      Terminal.note(
        "stackferry: error: \(path): is empty\n"
          + "  = hint: the command that should have written the snapshot may have failed; its words are above"
      )
      throw ExitCode(Status.input)
    }
    let file = loaded.sources.add(SourceFile(path: path, bytes: bytes))
    let renderer = DiagnosticRenderer(color: Terminal.hasColor(2))
    do {
      let snapshot = try Snapshot(JSONDocument.read(file, in: loaded.sources))
      var names = snapshot.stackNames
      if names.isEmpty {
        Terminal.note("stackferry: error: \(path): the snapshot has no services")
        throw ExitCode(Status.input)
      }
      if let name {
        guard names.contains(name) else {
          let known = nearest(name, among: names).map { "did you mean \"\($0)\"?" }
          Terminal.note(
            "stackferry: error: \(path): the snapshot has no stack \"\(name)\"\n  = hint: "
              + (known ?? "it has \(names.joined(separator: ", "))"))
          throw ExitCode(Status.input)
        }
        names = [name]
      }
      let illegal = names.filter { !Self.isLegal(stack: $0) }
      if !illegal.isEmpty {
        throw DiagnosticError(
          illegal.map {
            Diagnostic(
              "snapshot/stack-name", at: snapshot.mark(ofStack: $0),
              "\"\($0)\" cannot be a stack's name: letters, digits, `_` and `-`, beginning with a letter or digit",
              hint:
                "`docker stack deploy` gives no such name; name the stack to read as an argument")
          })
      }
      for name in names {
        let captured = snapshot.stack(name, keys: &loaded.keys)
        loaded.stacks.append((name, captured.loaded, ""))
        loaded.captured.append(captured)
        loaded.warnings += captured.loaded.warnings
      }
    } catch let error as DiagnosticError {
      Terminal.note(
        renderer.render(error.diagnostics, in: loaded.sources).droppingLastLineBreak)
      Terminal.note(
        "stackferry: \(error.diagnostics.count) error\(error.diagnostics.count == 1 ? "" : "s")")
      throw ExitCode(Status.input)
    }
    if !quiet, !loaded.warnings.isEmpty {
      Terminal.note(renderer.render(loaded.warnings, in: loaded.sources).droppingLastLineBreak)
    }
    return loaded
  }
}
