package import Kubernetes
import Ledger
import Proxies
package import Swarm
import YAML

/// A service on its way to Kubernetes: the pod and its controller, filled in by one feature after the other.
package struct Workload: Sendable {
  package enum Kind: String, Sendable {
    case deployment = "Deployment"
    case statefulSet = "StatefulSet"
    case daemonSet = "DaemonSet"
    case job = "Job"
    case cronJob = "CronJob"
  }

  /// How pods are replaced when the template changes.
  package enum Update: Sendable {
    /// All old pods end before a new one starts.
    case recreate
    /// At most `maxUnavailable` fewer and `maxSurge` more pods than wanted. `all` stands for 100 %.
    case rolling(maxUnavailable: Amount, maxSurge: Amount)

    package enum Amount: Sendable, Equatable {
      case pods(Int)
      case all
    }
  }

  /// What a Job or the Job of a CronJob has beside its pods.
  package struct JobSettings: Sendable {
    package var completions: Int?
    package var parallelism: Int?
    package var backoffLimit: Int?
    /// Each completion has an index of its own.
    package var isIndexed = false
    /// Nothing runs until somebody resumes the Job.
    package var isSuspended = false
  }

  package struct CronSettings: Sendable {
    package var schedule: Schedule
    /// What becomes of a run that is due while the last one goes on.
    package var concurrency: CronJob.ConcurrencyPolicy
    package var timeZone: String
  }

  package let service: Swarm.Service
  /// The service's position in its stack.
  package let index: Int
  /// The object name of the controller and of the Service.
  package let name: ObjectName
  package let namespace: ObjectName
  package let stack: String
  /// The controller's own name where its kind asks for a shorter one.
  package var controllerName: ObjectName?
  /// Of a StatefulSet: the headless Service that names its pods, made where the service's own is not headless.
  package var governingService: ObjectName?

  package var kind = Kind.deployment
  /// Of Deployments and StatefulSets.
  package var replicas: Int?
  package var update: Update?
  package var minReadySeconds: Int?
  package var progressDeadlineSeconds: Int?
  package var job = JobSettings()
  package var cron: CronSettings?
  /// First slot of a StatefulSet: Swarm's slots count from one.
  package var firstOrdinal: Int?

  /// The pod. Its first container is `container`, which is put in when the objects are assembled.
  package var pod = PodSpec(containers: [])
  /// The service's own container.
  package var container: Container
  /// On the controller.
  package var annotations = Annotations()
  package var podAnnotations = Annotations()
  /// On pods, beside the selector's labels.
  package var podLabels = Labels()
  package var claimTemplates: [PersistentVolumeClaim] = []
  /// Services, claims, routes and whatever else belongs to this service alone.
  package var extras: [any Object] = []
  /// A volume of the pod can be had by one node at a time, so that an update must stop the old pod first.
  package var needsExclusiveVolumes = false
  /// No manifests are wanted for this service.
  package var isLeftOut = false

  package init(_ service: Swarm.Service, index: Int, names: Names) {
    self.service = service
    self.index = index
    stack = service.stack
    name = names.services[service.name] ?? ObjectName.folding(service.name)
    namespace = names.namespace
    container = Container(name: name, image: "")
  }

  /// The controller's name.
  package var controller: ObjectName { controllerName ?? name }

  /// `Deployment/web`.
  package var reference: String { "\(kind.rawValue)/\(controller)" }

  /// What a Service or a policy selects this service's pods by.
  package var selector: Labels { Workload.selector(name: name, namespace: namespace) }

  package static func selector(name: ObjectName, namespace: ObjectName) -> Labels {
    [
      "app.kubernetes.io/instance": LabelValue(namespace),
      "app.kubernetes.io/name": LabelValue(name),
    ]
  }

  /// The labels of everything that belongs to this service.
  package var labels: Labels {
    [
      "app.kubernetes.io/instance": LabelValue(namespace),
      "app.kubernetes.io/managed-by": "stackferry",
      "app.kubernetes.io/name": LabelValue(name),
      "app.kubernetes.io/part-of": LabelValue(namespace),
    ]
  }

  /// Metadata for an object of this service; `name` for one that is not named as the service is.
  package func metadata(_ name: ObjectName? = nil, annotations: Annotations = [:]) -> ObjectMeta {
    ObjectMeta(
      name: name ?? self.name, namespace: namespace, labels: labels, annotations: annotations)
  }
}
