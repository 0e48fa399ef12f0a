import Kubernetes

/// What can be wrong with a manifest; a rule for each topic. The slugs never change.
package enum ManifestRule: String, Sendable, CaseIterable {
  case unknownField = "unknown-field"
  case type
  case missingField = "missing-field"
  case value
  case quantity
  case duplicateItem = "duplicate-item"
  case removedAPI = "removed-api"
  case newerVersion = "newer-version"
  case name
  case label
  case selector
  case container
  case environment
  case volume
  case probe
  case port
  case resources
  case security
  case scheduling
  case update
  case data
  case storage
  case schedule
  case address
  case route
  case network
  case scaling
  case access
  case size
  case duplicateObject = "duplicate-object"
  case danglingReference = "dangling-reference"
  case noObject = "no-object"

  package var slug: String { "manifest/\(rawValue)" }

  /// One line, as a title.
  package var title: String {
    switch self {
    case .unknownField: "A field that Kubernetes does not know"
    case .type: "A value of another type than the field's"
    case .missingField: "A field that must be there"
    case .value: "A word or number that the field does not take"
    case .quantity: "An amount that cannot be read"
    case .duplicateItem: "Two items that Kubernetes takes for one"
    case .removedAPI: "An API version that the target no longer serves"
    case .newerVersion: "A kind or field that the target does not have yet"
    case .name: "A name that Kubernetes refuses"
    case .label: "A label or annotation that Kubernetes refuses"
    case .selector: "A selector that chooses nothing, or the wrong pods"
    case .container: "A container that cannot run"
    case .environment: "An environment variable that Kubernetes refuses"
    case .volume: "A volume or mount that does not fit"
    case .probe: "A probe or hook that Kubernetes refuses"
    case .port: "A port that is out of range, twice there, or not possible here"
    case .resources: "Requests and limits that do not fit"
    case .security: "Privileges that contradict each other"
    case .scheduling: "Rules for the choice of a node that Kubernetes refuses"
    case .update: "An update strategy that Kubernetes refuses"
    case .data: "Data that no ConfigMap or Secret can hold"
    case .storage: "A volume or claim that Kubernetes refuses"
    case .schedule: "A schedule that cannot be read"
    case .address: "An address that cannot be read"
    case .route: "A route that Kubernetes refuses"
    case .network: "A network policy that Kubernetes refuses, or that has no effect"
    case .scaling: "Bounds of scaling or disruption that contradict each other"
    case .access: "A role or binding that Kubernetes refuses"
    case .size: "An object that is too large"
    case .duplicateObject: "An object that is there twice"
    case .danglingReference: "A reference to something that is not among the manifests"
    case .noObject: "A document that is no Kubernetes object"
    }
  }

  /// What the rule is about and what to do, for `stackferry explain`.
  package var about: String {
    switch self {
    case .unknownField:
      """
      The API server refuses the object (kubectl asks for strict checks), or, asked not to be strict, drops the field without a \
      word. Mostly it is a slip of the pen or a field at the wrong level: the near name is given. A field of a newer version of \
      Kubernetes is `manifest/newer-version`.
      """
    case .type:
      """
      The value is read as YAML 1.1: `yes`, `no`, `on`, `off` and `y` are booleans, `8080` is a number, `0123` one in octal. Where \
      Kubernetes takes text (values of variables, labels, annotations, of ConfigMaps), such a word is put in quotes. A port by \
      number takes no quotes.
      """
    case .missingField:
      "Kubernetes has no default for the field, so the object is refused without it."
    case .value:
      "The field takes some words only, in exactly this letter case, or a number within bounds; the message lists them."
    case .quantity:
      """
      An amount is a number with an optional unit: `n`, `u`, `m`, `k`, `M`, `G`, `T`, `P`, `E`, or `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei`. \
      `512MB` and `2g` are not among them: write `512M` and `2G`.
      """
    case .duplicateItem:
      """
      The items of some lists are told apart by a field (containers by their name, ports by number and protocol). Of two equal ones \
      one is lost on the next `kubectl apply`, where the object is not refused at once.
      """
    case .removedAPI:
      "The target version no longer serves this API version of the kind; the message names the one that took its place."
    case .newerVersion:
      """
      The kind or field came with a later version than --kubernetes asks for. Older servers refuse it, or drop it without a word. \
      Fields behind a feature gate that is off by default are taken for there.
      """
    case .name:
      """
      Names are lower-case letters, digits and `-`, some kinds allow dots; a Service's begins with a letter up to 1.35. At most 63 \
      characters for what becomes a host name or label, 52 where a controller adds to it, else 253.
      """
    case .label:
      """
      A key is an optional domain and slash, then at most 63 of letters, digits, `-`, `_`, `.`; a value is the same or empty. \
      Annotations have such keys and any text, 256 KiB together.
      """
    case .selector:
      """
      A workload's selector must choose the pods of its own template. A Service or PodDisruptionBudget whose selector matches no pod \
      template of the manifests is only warned of: the pods may come from elsewhere.
      """
    case .container:
      "What every container needs: a legal and unique name, an image, settings that its pod allows."
    case .environment:
      """
      A variable has a name, and either a value or one `valueFrom`. Up to 1.31 names are letters, digits, `-`, `_`, `.`, not beginning \
      with a digit. A variable that is there twice counts by its last value, and is a warning.
      """
    case .volume:
      """
      A volume has one source; a mount names a volume of its pod (or a claim template of its StatefulSet) and an absolute path that \
      nothing else is mounted at.
      """
    case .probe:
      "A probe or hook has exactly one way to ask: exec, httpGet, tcpSocket or grpc, and positive times."
    case .port:
      """
      Ports are 1 to 65535. Several ports of a Service need names. A port's name has at most 15 characters, one of them a letter. A \
      node port is 30000 to 32767, and there once in the cluster; a host port is there once on a node.
      """
    case .resources:
      "A request is not above its limit; resources other than cpu, memory and ephemeral-storage need a domain and whole numbers."
    case .security: "Settings of `securityContext` that the server or the kubelet refuses together."
    case .scheduling:
      "Affinities, tolerations and spread constraints in a form that the server refuses."
    case .update:
      "`maxSurge` and `maxUnavailable` must let a roll-out go on; shares are at most 100%."
    case .data:
      """
      Keys are letters, digits, `-`, `_`, `.`; values of `data` in a Secret are base64 (`stringData` takes plain text); all values \
      together are at most 1 MiB.
      """
    case .storage:
      "Access modes, sizes and sources of volumes and claims in a form that the server refuses."
    case .schedule:
      "Five fields as in cron, or `@daily` and its like; the zone is a field of its own, `timeZone`."
    case .address: "IPv4 without leading zeros, or IPv6; networks as `10.0.0.0/8`."
    case .route:
      "Hosts, paths and path types of Ingresses and HTTPRoutes in a form that the server refuses."
    case .network: "Peers, ports and policy types of NetworkPolicies."
    case .scaling:
      "`minReplicas` is not above `maxReplicas`; a budget has either `minAvailable` or `maxUnavailable`."
    case .access:
      "A binding refers to a role by kind, name and API group; a ServiceAccount is named with its namespace."
    case .size: "etcd stores at most 1.5 MiB in one object."
    case .duplicateObject:
      "The same kind, namespace and name in two documents: the later one wins over the earlier, on every apply."
    case .danglingReference:
      """
      The manifests refer to a ConfigMap, Secret, claim, ServiceAccount or Service that is not among them. That is fine where the \
      cluster has it already, and a note, not a failure.
      """
    case .noObject:
      "A document without `apiVersion` and `kind` is nothing that `kubectl apply` takes."
    }
  }
}
