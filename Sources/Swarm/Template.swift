import YAML

/// A value that Swarm puts into a template when a task starts, so that nobody knows it beforehand.
///
/// Source: swarmkit `template/context.go`. What is known beforehand (`.Service.Name`, `.Service.Labels`) is text.
package enum TaskValue: String, Sendable, Hashable, CaseIterable {
  case serviceID = ".Service.ID"
  case nodeID = ".Node.ID"
  case nodeHostname = ".Node.Hostname"
  case architecture = ".Node.Platform.Architecture"
  case operatingSystem = ".Node.Platform.OS"
  case taskID = ".Task.ID"
  case taskName = ".Task.Name"
  /// From one; the node's ID in global services.
  case taskSlot = ".Task.Slot"
}

/// A stretch of an expanded template.
package enum TemplatePart: Sendable, Hashable {
  case text(String)
  case value(TaskValue)
}

/// A Go template of a service, expanded as far as it can be before a task runs.
///
/// Swarm expands environment values, the hostname, configs with a template driver, the sources and targets of mounts and the labels and driver options of
/// volumes; nothing else. Source: swarmkit `template/expand.go`.
package struct Template: Sendable {
  /// Why `parts` is not the whole truth.
  package enum Problem: Sendable, Hashable {
    /// Docker refuses the service, or its tasks, with this reason. `parts` is the text as written.
    case refused(String)
    /// The text depends on a condition that differs from task to task; `parts` takes the `else` way.
    case perTask(condition: String)
    /// A construct that is not read here, such as `range`. `parts` is the text as written.
    case unreadable(String)
  }

  /// Neighbouring texts are joined; empty for the empty text.
  package let parts: [TemplatePart]
  package let problem: Problem?
  /// Every value that the template mentions, in conditions too.
  package let mentioned: [TaskValue]

  init(_ parts: [TemplatePart], problem: Problem? = nil, mentioned: [TaskValue] = []) {
    self.parts = parts
    self.problem = problem
    self.mentioned = mentioned
  }

  /// The text, where it is the same for all tasks.
  package var staticText: String? {
    switch parts.count {
    case 0: ""
    case 1: if case .text(let text) = parts[0] { text } else { nil }
    default: nil
    }
  }

  /// Whether any template is in a text at all.
  package static func isIn(_ text: String) -> Bool {
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "{") && previous == byte { return true }
      previous = byte
    }
    return false
  }
}

extension Service {
  /// Expands a text that Swarm takes for a template.
  ///
  /// `lookUp` gives the values of the functions `secret`, `config` and `env`, which templates in configs and secrets may
  /// call with one text; nil from it means that the value is not known here.
  package func expand(
    _ text: String, lookUp: ((_ function: String, _ name: String) -> String?)? = nil
  ) -> Template {
    guard Template.isIn(text) else { return Template(text.isEmpty ? [] : [.text(text)]) }
    var parser = TemplateParser(text)
    let tree: [TemplateNode]
    do {
      tree = try parser.parse()
    } catch {
      return Template([.text(text)], problem: error.problem, mentioned: parser.mentioned)
    }
    var evaluator = TemplateEvaluator(self, slot: nil, lookUp: lookUp)
    do {
      var parts = try evaluator.expand(tree)
      if evaluator.condition != nil, case .replicated(1) = mode.value {
        // The only task of a service has slot 1.
        evaluator = TemplateEvaluator(self, slot: "1", lookUp: lookUp)
        parts = try evaluator.expand(tree)
      }
      return Template(
        parts, problem: evaluator.condition.map { .perTask(condition: $0) },
        mentioned: parser.mentioned)
    } catch {
      return Template([.text(text)], problem: error.problem, mentioned: parser.mentioned)
    }
  }
}
