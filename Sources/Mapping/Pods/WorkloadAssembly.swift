package import Kubernetes
import Ledger
import Swarm
import YAML

extension Workload {
  /// The controller with its pods, and after it whatever else belongs to the service; nothing where the service is left out.
  package var objects: [any Object] {
    if isLeftOut { return [] }
    var objects: [any Object] = []
    objects.reserveCapacity(extras.count + 2)
    objects.append(controllerObject)
    objects.append(contentsOf: extras)
    if kind == .statefulSet, governingServiceIsExtra { objects.append(governingObject) }
    return objects
  }

  private var controllerObject: any Object {
    switch kind {
    case .deployment:
      return Deployment(
        metadata: controllerMetadata, replicas: replicas,
        selector: LabelSelector(matchLabels: selector), strategy: deploymentStrategy,
        minReadySeconds: minReadySeconds, progressDeadlineSeconds: progressDeadlineSeconds,
        template: template)
    case .statefulSet:
      return StatefulSet(
        metadata: controllerMetadata, replicas: replicas, ordinalsStart: firstOrdinal,
        selector: LabelSelector(matchLabels: selector),
        serviceName: governingServiceIsExtra ? governingName : name,
        podManagementPolicy: .parallel, minReadySeconds: minReadySeconds, template: template,
        volumeClaimTemplates: claimTemplates)
    case .daemonSet:
      return DaemonSet(
        metadata: controllerMetadata, selector: LabelSelector(matchLabels: selector),
        updateStrategy: daemonSetStrategy, minReadySeconds: minReadySeconds, template: template)
    case .job: return Job(metadata: controllerMetadata, spec: jobSpec)
    case .cronJob:
      guard let cron else { return Job(metadata: controllerMetadata, spec: jobSpec) }
      return CronJob(
        metadata: controllerMetadata, schedule: cron.schedule, timeZone: cron.timeZone,
        concurrencyPolicy: cron.concurrency, jobMetadata: TemplateMeta(labels: labels),
        jobSpec: jobSpec)
    }
  }

  private var controllerMetadata: ObjectMeta {
    ObjectMeta(
      name: controller, namespace: namespace, labels: labels, annotations: annotations)
  }

  private var template: PodTemplate {
    var spec = pod
    spec.containers.insert(container, at: 0)
    return PodTemplate(
      metadata: TemplateMeta(labels: labels.merging(podLabels), annotations: podAnnotations),
      spec: spec)
  }

  private var jobSpec: JobSpec {
    JobSpec(
      // The most that the API server takes of an Indexed Job (`maxParallelismForIndexedJob`).
      parallelism: job.isIndexed ? job.parallelism.map { min($0, 100_000) } : job.parallelism,
      completions: job.completions,
      completionMode: job.isIndexed ? .indexed : nil, backoffLimit: job.backoffLimit,
      suspend: job.isSuspended ? true : nil, template: jobTemplate)
  }

  /// Pods of a Job may not be restarted for ever.
  private var jobTemplate: PodTemplate {
    var template = template
    if template.spec.restartPolicy == nil { template.spec.restartPolicy = .never }
    return template
  }

  // MARK: Updates

  /// Both amounts of a rolling update, in a combination that the API server takes: not both zero, and no new pod beside an old
  /// one where they would fight for a port of the node.
  private var amounts: (unavailable: IntOrPercent, surge: IntOrPercent)? {
    guard case .rolling(let unavailable, let surge) = update else { return nil }
    let takesNodePorts = pod.hostNetwork == true || container.ports.contains { $0.hostPort != nil }
    if surge.isZero || takesNodePorts {
      return (unavailable.isZero ? (surge.isZero ? 1 : surge.value) : unavailable.value, 0)
    }
    // Swarm's orders are one or the other, and a DaemonSet takes only one of them.
    return unavailable.isZero ? (0, surge.value) : (unavailable.value, 0)
  }

  private var deploymentStrategy: Deployment.Strategy? {
    if case .recreate = update { return .recreate }
    return amounts.map { .rollingUpdate(maxSurge: $0.surge, maxUnavailable: $0.unavailable) }
  }

  private var daemonSetStrategy: DaemonSet.UpdateStrategy? {
    amounts.map { .rollingUpdate(maxSurge: $0.surge, maxUnavailable: $0.unavailable) }
  }

  // MARK: The governing Service

  private var governingName: ObjectName { governingService ?? name }

  /// Whether the service's own Service cannot name the pods, because it has a virtual IP or there is none.
  private var governingServiceIsExtra: Bool {
    !extras.contains { object in
      guard let service = object as? Kubernetes.Service else { return false }
      return service.metadata.name == name && service.clusterIP == .headless
    }
  }

  /// The headless Service that gives a StatefulSet's pods their names.
  private var governingObject: Kubernetes.Service {
    Kubernetes.Service(
      metadata: ObjectMeta(name: governingName, namespace: namespace, labels: labels),
      clusterIP: .headless, selector: selector, publishNotReadyAddresses: true)
  }
}

extension Workload.Update.Amount {
  fileprivate var isZero: Bool { self == .pods(0) }

  fileprivate var value: IntOrPercent {
    switch self {
    case .pods(let count): .int(count)
    case .all: .percent(100)
    }
  }
}
