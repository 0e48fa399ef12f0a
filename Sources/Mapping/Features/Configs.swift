import Kubernetes
package import Ledger
import Swarm
import YAML

/// Configs become ConfigMaps.
package enum Configs: Feature {
  package static let name = "configs"
  package static let title = "Configs"
  package static let about = """
    A Swarm config is a file that the managers keep and that appears in a task's container: at `/NAME` unless the service \
    gives a `target`, owned by root, with mode 0444. It never changes; to change it, teams deploy it under a new name.

    Each config becomes a ConfigMap with `immutable: true` whose name ends in a hash of the content. New content is a new \
    ConfigMap, the pod template names it, and the pods are replaced: what the new name did in Swarm. Old ConfigMaps stay \
    until they are deleted, so that an undo of the rollout still finds them. The key is the name of the file. Content that \
    is not UTF-8 goes into `binaryData`. A config may hold 1 MiB; what is larger is refused before anything is written, \
    and every missing file is named at once. With `--allow-missing` a missing file becomes a finding, and the ConfigMap is \
    to be made by hand.

    Every reference is a mount of one file (`subPath`), so that the image's own files beside it stay. Swarm's mode 0444 is \
    written out, because Kubernetes' own default is 0644. `mode` is kept. Files belong to root in Kubernetes: `uid` and \
    `gid` matter only where not everyone may read the file, and there the pod gets the group as `fsGroup`. Where that does \
    not make the file readable, the finding is `manual`.

    `template_driver: golang` is expanded when all that it uses has one value for all tasks of a service: \
    `{{.Service.Name}}`, labels, `env`, `config`, `secret`. What takes in a secret becomes a Secret. What differs from \
    task to task is left to you, with the reason.

    An external config is referred to by its name and is to be made by hand, unless another stack of the same run makes \
    it: then this stack gets its own copy. Labels become annotations.
    """
  package static let owns: [KeyPattern] = ["services.*.configs.**", "configs.**"]
  package static let examples: [Example] = [
    Example(
      "An external config",
      stack: """
        services:
          web:
            image: nginx:1.27
            configs:
              - source: site
                target: /etc/nginx/conf.d/site.conf
        configs:
          site:
            external: true
        """,
      kubernetes: """
        volumeMounts:
          - name: config-site
            mountPath: /etc/nginx/conf.d/site.conf
            subPath: site
            readOnly: true
        """,
      findings: ["configs/external"])
  ]

  enum Kind {
    static let files = FileKinds(of: .config)
  }

  package static let kinds: [FindingKind] = Kind.files.all + HostKinds.configs.all

  package static func map(_ context: inout StackContext) { FileObjects.write(.config, &context) }

  package static func map(_ context: inout ServiceContext) {
    FileMounts.mount(context.service.configReferences, .config, &context)
  }
}
