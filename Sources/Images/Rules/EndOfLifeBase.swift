package import Diagnostics
import Swarm

package enum EndOfLifeBase: Rule {
  package static let name = "end-of-life-base"
  package static let title = "Base image past its end of life"
  package static let about = """
    After its end of life a system or runtime gets no security fixes, and its package mirrors move or vanish, so that the image
    cannot even be built again. Swarm kept such images alive on the nodes' disks; a Kubernetes node that pulls one for the first
    time depends on the registry alone. The dates are a table with its sources in `EndOfLifeDates.swift`; what ended before the
    day of that table is found, whatever today is, so that the audit says the same on every machine.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(bad: "FROM debian:jessie-slim\n", good: "FROM debian:12-slim\n"),
    RuleExample(bad: "FROM node:14-alpine3.12\n", good: "FROM node:24-alpine3.22\n"),
    RuleExample(bad: "FROM openjdk:17\n", good: "FROM eclipse-temurin:17-jre\n"),
    RuleExample(
      bad: "FROM mcr.microsoft.com/dotnet/aspnet:6.0\n",
      good: "FROM mcr.microsoft.com/dotnet/aspnet:10.0\n"),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for (number, _) in subject.bases {
      let stage = subject.dockerfile.stages[number]
      guard stage.parent == nil, let word = stage.written, let base = stage.base,
        let reference = try? ImageReference(base), let end = EndOfLifeDates.end(of: reference)
      else { continue }
      findings.add(
        word.span, "\(end.what) has had no security fixes since \(end.date)",
        hint: end.successor.map { "move to \($0)" }, severity: .warning)
    }
  }
}
