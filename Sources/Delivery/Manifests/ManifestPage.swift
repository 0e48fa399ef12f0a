import Kubernetes
import Validation

/// The documentation of the checks of manifests: docs/manifests.md, and what `stackferry explain manifest/…` prints.
package enum ManifestPage {
  package static var markdown: String {
    var text = """
      # Checks of manifests

      `stackferry validate --manifests PATH` says whether Kubernetes would accept the manifests in a folder, in a file, or on standard
      input (`-`): offline, for the version of `--kubernetes`, whoever wrote them. YAML with any number of documents, JSON and `List`s are
      read as kubectl reads them (YAML 1.1, in which `yes` is a boolean).

      ```sh
      stackferry validate --manifests-only --manifests deploy/ --kubernetes 1.32
      kustomize build overlays/live | stackferry validate --manifests-only --manifests -
      ```

      - **Fields**: every kind of Kubernetes' own API from 1.\(oldestMinor) to 1.\(newestMinor), from the published schemas: unknown and missing
        fields, types, words, fields that came or went with a version. `make test-manifests` changes manifests field by field and compares
        the verdicts with another validator.
      - **Rules**: what the API server checks in code: names, labels, selectors, ports, probes, volumes and their mounts, resources,
        privileges, schedules, data. The same rules hold for everything that `convert` writes.
      - **Between manifests**: objects that are there twice, selectors that choose no pod (a warning), references to what is not among
        the manifests (a note, shown with `--verbose`).

      Errors fail; warnings do with `--strict`. Kinds that are not known are counted and named, not checked. HTTPRoutes, Traefik's routes and
      middlewares and ExternalSecrets are checked in part. Charts and templates of Helm, kustomizations and their patches are left alone and
      named: render them first. Lines that may hold a secret are not quoted.

      What only a cluster knows is not checked: admission webhooks and policies, custom definitions, quotas in use, fields that may not
      change any more, feature gates.

      | finding | |
      |---|---|

      """
    for rule in ManifestRule.allCases {
      text += "| [`\(rule.slug)`](#\(rule.slug.filter { $0 != "/" })) | \(rule.title) |\n"
    }
    for rule in ManifestRule.allCases {
      text += "\n## \(rule.slug)\n\n\(rule.title).\n\n\(rule.about)\n"
    }
    return text
  }

  /// The slugs of all that the checks can find.
  package static var slugs: [String] { ManifestRule.allCases.map { $0.slug } }

  /// What is known of a finding; nil for other slugs.
  package static func explanation(_ slug: String) -> String? {
    guard let rule = ManifestRule.allCases.first(where: { $0.slug == slug }) else { return nil }
    return "\(rule.slug)\n\n\(rule.title).\n\n\(rule.about)\n"
  }
}
