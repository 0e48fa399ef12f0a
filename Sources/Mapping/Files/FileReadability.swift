import Kubernetes
import Ledger
package import Swarm

/// Whether the users of a service's process can still read its configs and secrets.
///
/// Swarm gives each file an owner, a group and a mode. In Kubernetes every such file belongs to root; the mode is kept, and
/// one group for the whole pod, `fsGroup`, gets the files and may read them. So a file that everyone may read needs nothing;
/// one that only its owner or group may read needs that group.
package struct FileReadability {
  package enum Verdict {
    /// Who could read it still can.
    case same
    /// Everyone may read it, so that the owner does not matter to reading.
    case ownedByRoot
    /// The pod's group lets the process read it.
    case byGroup(Int)
    /// The pod's group is probably the process's own.
    case byGuessedGroup(Int)
    /// The pod's group is another one.
    case unreadable(wanted: Int, group: Int)
  }

  /// The group that the pod needs; nil for none.
  package let group: Int?
  private let user: User?

  package init(_ service: Swarm.Service) {
    user = service.runningUser
    let references = service.configReferences + service.secretReferences
    var sure: Int?
    var any: Int?
    for reference in references {
      guard let need = Self.need(reference, user) else { continue }
      if need.isExact { sure = sure ?? need.group } else { any = any ?? need.group }
    }
    group = sure ?? any
  }

  package func verdict(_ reference: FileReference) -> Verdict {
    let mode = reference.mode.value
    let uid = Int(reference.uid.value) ?? 0
    let gid = Int(reference.gid.value) ?? 0
    if mode & 0o004 != 0 { return uid == 0 && gid == 0 ? .same : .ownedByRoot }
    guard let need = Self.need(reference, user), let group else { return .same }
    if need.group != group && need.isExact { return .unreadable(wanted: need.group, group: group) }
    return need.isGuess ? .byGuessedGroup(group) : .byGroup(group)
  }

  private struct Need {
    var group: Int
    /// Another group would not do: the process gives up groups that it is not a member of in the image.
    var isExact: Bool
    /// The stack names the owner only.
    var isGuess: Bool
  }

  /// The group that makes a file readable; nil where root is the reader, or nobody could read it before either.
  private static func need(_ reference: FileReference, _ user: User?) -> Need? {
    let mode = reference.mode.value
    guard mode & 0o004 == 0 else { return nil }
    let uid = Int(reference.uid.value) ?? 0
    let gid = Int(reference.gid.value) ?? 0
    guard uid != 0 || gid != 0 else { return nil }
    let group = gid != 0 ? gid : uid
    guard group <= Int(Int32.max) else { return nil }
    if let user, case .id(let id) = user.user, id != 0 {
      var canRead = id == uid && mode & 0o400 != 0
      if case .id(gid)? = user.group, mode & 0o040 != 0 { canRead = true }
      if user.group == nil, mode & 0o040 != 0 { canRead = true }
      return canRead ? Need(group: group, isExact: false, isGuess: false) : nil
    }
    // The process starts as root, or as a user of the image, and may become another one.
    return Need(group: group, isExact: true, isGuess: gid == 0)
  }
}
