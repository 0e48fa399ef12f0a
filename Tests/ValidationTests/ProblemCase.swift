import Delivery
import Kubernetes
import Mapping
import Report
import TestSupport
import Testing
import Validation

/// An object that the API server refuses, and where it says so.
struct ProblemCase: CustomTestStringConvertible, Sendable {
  /// What is wrong, in a few words.
  let testDescription: String
  /// Where the problem is found.
  let path: String
  let objects: [any Object]
  let minor: Int

  init(_ what: String, _ path: String, _ object: any Object, minor: Int = 36) {
    testDescription = what
    self.path = path
    objects = [object]
    self.minor = minor
  }

  init(_ what: String, _ path: String, all objects: [any Object]) {
    testDescription = what
    self.path = path
    self.objects = objects
    minor = 36
  }

  /// A Deployment whose pod is changed.
  static func pod(
    _ what: String, _ path: String, minor: Int = 36, _ change: (inout PodSpec) -> Void
  ) -> ProblemCase {
    var deployment = Sample.deployment
    change(&deployment.template.spec)
    return ProblemCase(what, "spec.template.spec.\(path)", deployment, minor: minor)
  }

  /// A Deployment whose container is changed.
  static func container(
    _ what: String, _ path: String, minor: Int = 36, _ change: (inout Container) -> Void
  ) -> ProblemCase {
    pod(what, "containers[0].\(path)", minor: minor) { change(&$0.containers[0]) }
  }

  /// An object of a kind, changed.
  static func changed<Kind: Object>(
    _ what: String, _ path: String, _ object: Kind, _ change: (inout Kind) -> Void
  ) -> ProblemCase {
    var object = object
    change(&object)
    return ProblemCase(what, path, object)
  }
}

/// Objects without a problem.
enum Sample {
  static let labels: Labels = ["app.kubernetes.io/name": "web"]
  static let metadata = ObjectMeta(name: "web", namespace: "shop", labels: labels)
  static let pod = PodSpec(containers: [Container(name: "web", image: "nginx:1.27")])
  static let template = PodTemplate(metadata: TemplateMeta(labels: labels), spec: pod)
  static let selector = LabelSelector(matchLabels: labels)

  static let deployment = Deployment(
    metadata: metadata, replicas: 1, selector: selector,
    strategy: .rollingUpdate(maxSurge: 0, maxUnavailable: 1), template: template)
  static let daemonSet = DaemonSet(
    metadata: metadata, selector: selector,
    updateStrategy: .rollingUpdate(maxSurge: 0, maxUnavailable: 1), template: template)
  static let statefulSet = StatefulSet(
    metadata: metadata, replicas: 2, ordinalsStart: 1, selector: selector, serviceName: "web",
    podManagementPolicy: .parallel, template: mounting("data"),
    volumeClaimTemplates: [claim(named: "data")])
  static let job = Job(metadata: metadata, spec: jobSpec)
  static let cronJob = CronJob(
    metadata: metadata, schedule: Schedule(unchecked: "0 3 * * *"), timeZone: "Europe/Paris",
    concurrencyPolicy: .forbid, jobSpec: jobSpec)
  static let service = Service(
    metadata: metadata, ports: [ServicePort(name: "http", port: 80)], selector: labels)
  static let claim = PersistentVolumeClaim(
    metadata: metadata, accessModes: [.readWriteOnce], storage: "1Gi")
  static let volume = PersistentVolume(
    metadata: ObjectMeta(name: "shop-web", labels: labels), accessModes: [.readWriteMany],
    capacity: "1Gi", source: .nfs(NFSVolume(server: "10.0.0.1", path: "/export")))
  static let configMap = ConfigMap(metadata: metadata, data: ["site.conf": "listen 80;"])
  static let secret = Secret(metadata: metadata, type: .opaque, stringData: ["key": "value"])
  static let policy = NetworkPolicy(
    metadata: metadata, podSelector: selector, policyTypes: [.ingress],
    ingress: [.init(peers: [.pods(selector)], ports: [.init(.number(80), .tcp)])])
  static let ingress = Ingress(
    metadata: metadata,
    rules: [
      .init(
        host: "shop.example.com",
        paths: [.init("/", .prefix, .init(service: "web", port: .number(80)))])
    ])
  static let externalSecret = ExternalSecret(
    metadata: metadata, store: "vault", entries: [.init(secretKey: "key", remoteKey: "shop_key")])
  static let namespace = Namespace(metadata: ObjectMeta(name: "shop"))

  static let all: [any Object] = [
    deployment, daemonSet, statefulSet, job, cronJob, service, claim, volume, configMap, secret,
    policy, ingress, externalSecret, namespace,
  ]

  static var jobSpec: JobSpec {
    var template = template
    template.spec.restartPolicy = .never
    return JobSpec(parallelism: 1, completions: 1, backoffLimit: 0, template: template)
  }

  static func claim(named name: ObjectName) -> PersistentVolumeClaim {
    PersistentVolumeClaim(
      metadata: ObjectMeta(name: name), accessModes: [.readWriteOnce], storage: "1Gi")
  }

  /// The template with a mount of a volume.
  static func mounting(_ name: ObjectName) -> PodTemplate {
    var template = template
    template.spec.containers[0].volumeMounts = [VolumeMount(name: name, mountPath: "/data")]
    return template
  }

  /// A name of `count` characters.
  static func name(_ count: Int) -> ObjectName {
    ObjectName(unchecked: String(repeating: "a", count: count))
  }
}
