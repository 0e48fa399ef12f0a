import Kubernetes
package import Ledger
import YAML

/// Paths of a node that many stacks bind, with what is different about each on a Kubernetes node: data, checked against the
/// layout of kubelet and containerd.
package enum NodePaths {
  package enum Fate: Sendable {
    /// The Docker API is not there: nothing is mounted.
    case dockerSocket
    /// Mounted; `advice` says what is different.
    case mounted(advice: String, remedies: [Remedy])
  }

  package static func isWellKnown(_ path: String) -> Bool { fate(path) != nil }

  package static func fate(_ path: String) -> Fate? {
    switch path {
    case "/var/run/docker.sock", "/run/docker.sock", "/var/run/docker.sock.raw",
      "\\\\.\\pipe\\docker_engine":
      return .dockerSocket
    case "/etc/localtime", "/etc/timezone":
      return .mounted(
        advice:
          "The time zone of a node decides the time zone of the container, and cluster nodes mostly run in UTC or "
          + "have no such file; where it is missing, an empty folder is mounted in its place and the container may not "
          + "start.",
        remedies: [
          .sentence("Name the zone in the stack and drop the mount (the image needs tzdata):"),
          .edit("environment:\n  TZ: Europe/Berlin", note: ""),
        ])
    case "/etc/resolv.conf":
      return .mounted(
        advice:
          "The node's resolver takes the place of the cluster's, so that names of services do not resolve in this "
          + "container.",
        remedies: [.sentence("Drop the mount from the stack.")])
    case "/etc/hosts":
      return .mounted(
        advice:
          "The node's table of hosts takes the place of the one that the kubelet writes, which holds the pod's own "
          + "name.",
        remedies: [.sentence("List the hosts under `extra_hosts` in the stack and drop the mount.")]
      )
    case "/etc/hostname":
      return .mounted(
        advice:
          "The file holds the name of the Kubernetes node that the pod runs on; it is missing on some node images.",
        remedies: [])
    case "/etc/passwd", "/etc/group", "/etc/shadow":
      return .mounted(
        advice: "The users of a cluster node are others than those of the Swarm's machines.",
        remedies: [.sentence("Put the users into the image, or give numbers under `user`.")])
    case "/":
      return .mounted(
        advice:
          "The whole node is visible to the container. Namespaces that enforce the `baseline` or `restricted` Pod "
          + "Security Standard refuse the pod.",
        remedies: [])
    case "/proc", "/sys", "/dev", "/run", "/var/run", "/sys/fs/cgroup", "/boot", "/etc", "/usr",
      "/lib/modules",
      "/usr/src", "/var", "/var/lib":
      return .mounted(
        advice: "The path exists on Kubernetes nodes"
          + (path == "/run" || path == "/var/run" ? ", but the Docker socket is not in it" : "")
          + (path == "/sys/fs/cgroup" ? ", and has the layout of cgroup version 2 there" : "")
          + (path == "/dev"
            ? ", but a container that is not privileged may not open the devices" : "")
          + ". Namespaces that enforce the `baseline` or `restricted` Pod Security Standard refuse the pod.",
        remedies: [])
    case "/var/log":
      return .mounted(
        advice:
          "The node's logs are there, and those of containers under /var/log/pods and /var/log/containers, in the "
          + "format of the container runtime and not in Docker's JSON files.",
        remedies: [])
    case "/etc/ssl/certs", "/etc/pki", "/usr/share/ca-certificates":
      return .mounted(
        advice:
          "The certificates are those of the node's image, which the cluster's provider chooses.",
        remedies: [
          .sentence("Put the certificates into the image, or into a config that is mounted there.")
        ])
    case "/tmp":
      return .mounted(
        advice:
          "The folder is shared with everything else on the node that uses it, and is not cleaned with the pod.",
        remedies: [.sentence("If nobody else reads it, declare it as `type: tmpfs` in the stack.")])
    case "/run/containerd/containerd.sock":
      return .mounted(
        advice:
          "containerd's socket is there on most nodes, with the containers of Kubernetes in the namespace `k8s.io`.",
        remedies: [])
    default: break
    }
    if path.hasPrefix("/var/lib/docker/volumes") {
      return .mounted(
        advice:
          "Kubernetes keeps no volumes there: they are claims, mounted into pods under /var/lib/kubelet.",
        remedies: [
          .look("kubectl get persistentvolumeclaims -A"),
          .sentence("Mount, in the stack, the volume whose data is meant."),
        ])
    }
    if path == "/var/lib/docker" || path.hasPrefix("/var/lib/docker/") {
      let logs: Command = "ls /var/log/pods"
      return .mounted(
        advice:
          "Kubernetes nodes run containerd: there are no Docker containers, logs or layers at this path. Container logs "
          + "are under /var/log/pods.",
        remedies: [.look(logs.noting("on a node"))])
    }
    if path.hasPrefix("/dev/") {
      return .mounted(
        advice:
          "The device file is visible, but a container that is not privileged may not open it; the same was true in "
          + "Swarm. A device plugin gives pods access to a device.",
        remedies: [])
    }
    return nil
  }
}
