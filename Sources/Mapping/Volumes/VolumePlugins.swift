import Kubernetes
import Ledger
package import Swarm
import YAML

/// Volume plugins of Docker and what takes their place: data, with the source of each row.
package enum VolumePlugins {
  package enum Storage: Sendable {
    /// One node at a time.
    case block
    /// Any number of nodes.
    case files
    /// An NFS export, which Kubernetes mounts without a driver.
    case nfs
    /// A path of the node.
    case nodePath
  }

  package struct Row: Sendable {
    /// Beginnings of the plugin's name, without a registry and a tag.
    package let plugins: [String]
    /// The name of the CSI driver, which is the provisioner of storage classes; empty where there is none to name.
    package let driver: String
    package let storage: Storage
    package let project: String
    package let source: String
  }

  /// The row of a volume's plugin. One plugin has two kinds of storage: cloudstor's `backing: shared` is EFS.
  package static func row(_ volume: Swarm.Volume) -> Row? {
    let name = plain(volume.driver.value).lowercased()
    if name.hasSuffix("cloudstor:aws"), volume.option("backing") == "shared" {
      return row("rexray/efs")
    }
    return row(volume.driver.value)
  }

  /// The row of a plugin such as `rexray/ebs:latest`; nil for one that is not known.
  package static func row(_ plugin: String) -> Row? {
    let name = plain(plugin).lowercased()
    return rows.first { row in
      row.plugins.contains { name == $0 || $0.hasSuffix("/") && name.hasPrefix($0) }
    }
  }

  /// The plugin's name without tag, and without a registry.
  package static func plain(_ plugin: String) -> String {
    var parts = plugin.split(separator: "/").map(String.init)
    if parts.count > 1, parts[0].contains(".") || parts[0].contains(":") { parts.removeFirst() }
    if let last = parts.last, let colon = last.firstIndex(of: ":"), last != "cloudstor:aws",
      last != "cloudstor:azure"
    {
      parts[parts.count - 1] = String(last[..<colon])
    }
    return parts.joined(separator: "/")
  }

  private static let rows: [Row] = [
    Row(
      plugins: ["rexray/ebs", "cloudstor:aws", "docker4x/cloudstor:aws", "docker4x/cloudstor"],
      driver: "ebs.csi.aws.com", storage: .block, project: "the AWS EBS CSI driver",
      source: "github.com/kubernetes-sigs/aws-ebs-csi-driver"),
    Row(
      plugins: ["rexray/efs"], driver: "efs.csi.aws.com", storage: .files,
      project: "the AWS EFS CSI driver", source: "github.com/kubernetes-sigs/aws-efs-csi-driver"),
    Row(
      plugins: ["rexray/s3fs", "mochoa/s3fs-volume-plugin"], driver: "s3.csi.aws.com",
      storage: .files,
      project: "the Mountpoint for Amazon S3 CSI driver",
      source: "github.com/awslabs/mountpoint-s3-csi-driver"),
    Row(
      plugins: ["rexray/gcepd"], driver: "pd.csi.storage.gke.io", storage: .block,
      project: "the Compute Engine persistent disk CSI driver",
      source: "github.com/kubernetes-sigs/gcp-compute-persistent-disk-csi-driver"),
    Row(
      plugins: ["rexray/azureud"], driver: "disk.csi.azure.com", storage: .block,
      project: "the Azure Disk CSI driver",
      source: "github.com/kubernetes-sigs/azuredisk-csi-driver"),
    Row(
      plugins: ["cloudstor:azure", "docker4x/cloudstor:azure", "azurefile"],
      driver: "file.csi.azure.com", storage: .files, project: "the Azure File CSI driver",
      source: "github.com/kubernetes-sigs/azurefile-csi-driver"),
    Row(
      plugins: ["rexray/dobs", "dobs"], driver: "dobs.csi.digitalocean.com", storage: .block,
      project: "the DigitalOcean CSI driver", source: "github.com/digitalocean/csi-digitalocean"),
    Row(
      plugins: ["rexray/cinder", "cinder"], driver: "cinder.csi.openstack.org", storage: .block,
      project: "the Cinder CSI driver", source: "github.com/kubernetes/cloud-provider-openstack"),
    Row(
      plugins: ["rexray/rbd", "wetopi/rbd", "rbd"], driver: "rbd.csi.ceph.com", storage: .block,
      project: "Ceph-CSI", source: "github.com/ceph/ceph-csi"),
    Row(
      plugins: ["brindster/docker-plugin-cephfs", "n0r1skcom/docker-volume-cephfs", "cephfs"],
      driver: "cephfs.csi.ceph.com", storage: .files, project: "Ceph-CSI",
      source: "github.com/ceph/ceph-csi"),
    Row(
      plugins: [
        "glusterfs", "sapk/plugin-gluster", "mikebarkmin/glusterfs",
        "trajano/glusterfs-volume-plugin", "mochoa/glusterfs-volume-plugin",
      ],
      driver: "kadalu", storage: .files, project: "Kadalu, the Gluster storage operator",
      source: "github.com/kadalu/kadalu"),
    Row(
      plugins: ["convoy", "longhorn"], driver: "driver.longhorn.io", storage: .block,
      project: "Longhorn", source: "github.com/longhorn/longhorn"),
    Row(
      plugins: ["pxd", "portworx/px-dev", "portworx/pxd", "portworx"], driver: "pxd.portworx.com",
      storage: .block, project: "Portworx", source: "docs.portworx.com"),
    Row(
      plugins: [
        "nfs", "netshare", "trajano/nfs-volume-plugin", "mochoa/nfs-volume-plugin",
        "gondor/docker-volume-netshare",
      ],
      driver: "nfs.csi.k8s.io", storage: .nfs, project: "the NFS CSI driver",
      source: "github.com/kubernetes-csi/csi-driver-nfs"),
    Row(
      plugins: ["cifs", "mochoa/cifs-volume-plugin", "trajano/cifs-volume-plugin"],
      driver: "smb.csi.k8s.io", storage: .files, project: "the SMB CSI driver",
      source: "github.com/kubernetes-csi/csi-driver-smb"),
    Row(
      plugins: ["vieux/sshfs", "sshfs"], driver: "", storage: .files,
      project:
        "an NFS export of the same folder, since no SSHFS driver is maintained for Kubernetes",
      source: "github.com/vieux/docker-volume-sshfs"),
    Row(
      plugins: ["local-persist", "cwspear/docker-local-persist-volume-plugin"], driver: "",
      storage: .nodePath, project: "a path of the node",
      source: "github.com/MatchbookLab/local-persist"),
    Row(
      plugins: ["store/netapp/trident", "netapp/trident-plugin", "netapp/ndvp-plugin", "netapp"],
      driver: "csi.trident.netapp.io", storage: .block, project: "NetApp Trident",
      source: "github.com/NetApp/trident"),
    Row(
      plugins: [
        "vsphere", "vmware/vsphere-storage-for-docker", "store/vmware/vsphere-storage-for-docker",
      ],
      driver: "csi.vsphere.vmware.com", storage: .block, project: "the vSphere CSI driver",
      source: "github.com/kubernetes-sigs/vsphere-csi-driver"),
    Row(
      plugins: ["costela/docker-volume-hetzner", "hetzner"], driver: "csi.hetzner.cloud",
      storage: .block, project: "the Hetzner Cloud CSI driver",
      source: "github.com/hetznercloud/csi-driver"),
    Row(
      plugins: ["linode/docker-volume-linode"], driver: "linodebs.csi.linode.com", storage: .block,
      project: "the Linode CSI driver", source: "github.com/linode/linode-blockstorage-csi-driver"),
    Row(
      plugins: ["juicedata/juicefs"], driver: "csi.juicefs.com", storage: .files,
      project: "JuiceFS",
      source: "github.com/juicedata/juicefs-csi-driver"),
    Row(
      plugins: ["linbit/linstor-docker-volume"], driver: "linstor.csi.linbit.com", storage: .block,
      project: "LINSTOR", source: "github.com/piraeusdatastore/linstor-csi"),
    Row(
      plugins: ["rclone/docker-volume-rclone", "rclone"], driver: "", storage: .files,
      project: "the CSI driver of the store behind rclone", source: "rclone.org/docker"),
  ]
}
