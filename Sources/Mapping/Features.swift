import Kubernetes
import Ledger
import Swarm
import YAML

/// All features, in the order in which they map a service. What decides the kind of workload comes first, which others
/// read; what shapes the pod's ports and volumes comes before the update policy; the labels that nobody claimed come last.
/// Extension fields come before all, since the features below settle whole mappings that may hold some.
///
/// A test compares this list with the files of the folder `Features`.
package enum Features {
  package static let all: [any Feature.Type] = [
    FileLevel.self,
    Infrastructure.self,
    WorkloadKind.self,
    Placement.self,
    Networks.self,
    Image.self,
    ContainerCommand.self,
    Environment.self,
    Healthcheck.self,
    Discovery.self,
    PublishedPorts.self,
    Configs.self,
    Secrets.self,
    Volumes.self,
    Resources.self,
    UpdatePolicy.self,
    RestartPolicy.self,
    StopGrace.self,
    Security.self,
    HostnameAndDNS.self,
    Terminal.self,
    Logging.self,
    Limits.self,
    IgnoredBySwarm.self,
    Windows.self,
    Hardening.self,
    Routes.self,
    LabelAnnotations.self,
  ]

  /// The feature of a name, as `stackferry explain` takes it.
  package static func named(_ name: String) -> (any Feature.Type)? {
    all.first { $0.name == name }
  }
}
