import Kubernetes
package import Ledger
import Swarm

/// Secrets become Secrets.
package enum Secrets: Feature {
  package static let name = "secrets"
  package static let title = "Secrets"
  package static let about = """
    A Swarm secret is a file that the managers keep encrypted and that appears in a task's container in memory: at \
    `/run/secrets/NAME` unless the service gives a `target`, owned by root, with mode 0444. It never changes.

    Each secret becomes a Secret with `immutable: true`. Its value stands in that one manifest and nowhere else: not in \
    the report, the log or another manifest. The manifest's file can be read by its owner only. `--secrets omit` writes no \
    Secret at all; the report then has the command that makes each one, and with `--secrets sealed` the one that makes a \
    SealedSecret of it. `--secrets external-secrets` writes an ExternalSecret for each, external ones included, that reads \
    the engine's name of the secret (`shop_db_password`) from the ClusterSecretStore of `--secret-store`. A secret whose \
    file is not there, because the team keeps it out of the repository, is treated as with `omit`.

    The name ends in four digits of a SHA-256 over the secret's key and content, so that a new value is a new Secret and \
    the pods are replaced. Four digits are few on purpose: other manifests show the name, and a long hash would let anyone \
    who reads them try out weak passwords. Once in 65,536 changes the digits stay the same; the API server then refuses \
    the change of an immutable Secret, so that it does not pass unseen. With `--secrets omit` there is no hash, and \
    nothing of the value can be learned from the manifests.

    All that lies in `/run/secrets` becomes one projected volume at that folder; other targets are mounts of one file. \
    Many images link `/var/run` to `/run`, where Kubernetes would mount a service account's token inside the read-only \
    folder, and the pod would not start. So every pod gets `automountServiceAccountToken: false`. A Swarm task has no such \
    token either; a service that is taught to use the Kubernetes API sets it to true.

    Modes, owners, templates, labels and external secrets are treated as with [configs](configs.md). A secret of a secret \
    driver has no content in the stack; the finding names what does the same work for Kubernetes.
    """
  package static let owns: [KeyPattern] = ["services.*.secrets.**", "secrets.**"]
  package static let examples: [Example] = [
    Example(
      "A secret at its usual place",
      stack: """
        services:
          db:
            image: postgres:17
            environment:
              POSTGRES_PASSWORD_FILE: /run/secrets/db_password
            secrets:
              - db_password
        secrets:
          db_password:
            external: true
        """,
      kubernetes: """
        volumeMounts:
          - name: run-secrets
            mountPath: /run/secrets
            readOnly: true
        """,
      findings: ["secrets/external"])
  ]

  enum Kind {
    static let files = FileKinds(of: .secret)
    static let held: FindingKind = .manual("secrets/held", .keepsPodsDown)
    static let heldTemplate: FindingKind = .manual("secrets/held-template", .keepsPodsDown)
    static let externalSecret: FindingKind = .manual("secrets/external-secret", .keepsPodsDown)
    /// Also of configs whose template takes in a secret.
    static let omitted: FindingKind = .manual("secrets/omitted", .keepsPodsDown, asks: .secrets)
    static let sealed: FindingKind = .manual("secrets/sealed", .keepsPodsDown, asks: .secrets)
    static let driver: FindingKind = .manual("secrets/driver", .keepsPodsDown)
    static let optionsWithoutDriver: FindingKind = .inert("secrets/options-without-driver")
    static let firstReferenceRules: FindingKind = .inert("secrets/first-reference-rules")
  }

  package static let kinds: [FindingKind] =
    Kind.files.all + [
      Kind.held, Kind.heldTemplate, Kind.externalSecret, Kind.omitted, Kind.sealed, Kind.driver,
      Kind.optionsWithoutDriver, Kind.firstReferenceRules,
    ]

  package static func map(_ context: inout StackContext) { FileObjects.write(.secret, &context) }

  package static func map(_ context: inout ServiceContext) {
    context.workload.pod.automountServiceAccountToken = false
    FileMounts.mount(context.service.secretReferences, .secret, &context)
  }
}
