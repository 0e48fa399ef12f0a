package import Diagnostics
package import Swarm
import YAML

package enum SecretValue: Practice {
  package static let name = "secret-value"
  package static let title = "A secret in an environment value"
  package static let about = """
    A password in `environment` stands in the stack file, in its history, in `docker service inspect`, and in the pod's
    manifest. Make it a secret of the stack and let the service read `/run/secrets/NAME`; most official images take the path in
    a variable that ends in `_FILE`. A value that comes from a variable (`${DB_PASSWORD}`) is no better once it is deployed,
    but at least not in the file.
    """
  package static let severity = Diagnostic.Severity.error
  package static let examples = [
    PracticeExample(
      bad: "image: postgres:17\nenvironment: {POSTGRES_PASSWORD: hunter2}",
      good: "image: postgres:17\nenvironment: {POSTGRES_PASSWORD_FILE: /run/secrets/password}"),
    PracticeExample(
      bad: "image: shop:1\nenvironment: ['DATABASE_URL=postgres://shop:hunter2@db/shop']",
      good: "image: shop:1\nenvironment: ['DATABASE_URL=postgres://shop@db/shop']"),
  ]

  package static func check(
    _ service: Service, _ stack: borrowing StackFacts, _ findings: inout PracticeFindings
  ) {
    for entry in service["environment"]?.entries ?? [] {
      guard let value = entry.value.text else { continue }
      let isNamed = SecretWords.isSecret(entry.key) && SecretWords.isValue(value)
      let hasLogin = SecretInURL.secret(Array(value.utf8)) != nil
      guard isNamed || hasLogin else { continue }
      findings.add(
        service, entry.value.id,
        isNamed
          ? "\(entry.key) of \(service.name) is a secret, written as it is"
          : "the URL in \(entry.key) of \(service.name) holds a password",
        hint:
          "docker secret create \(service.name)_\(entry.key.lowercased()) -, and read it from /run/secrets",
        secretName: entry.key)
    }
  }
}
