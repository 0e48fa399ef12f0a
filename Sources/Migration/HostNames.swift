package import Swarm

/// The DNS names that Swarm gives the services of the estate, and what they are in Kubernetes.
package struct HostNames: Sendable {
  package init(_ stacks: [Swarm.Stack], _ names: [Names]) {}

  /// A host name that was found in a value of a service.
  package struct Replacement: Sendable, Hashable {
    package let from: String
    package let to: String
  }

  /// Rewrites the host names in a value of a service of stack number `stack`: whole host tokens only. `hint` is the name of
  /// the variable or option that holds the value, from which a bare word is known to be a host.
  package func rewrite(_ text: String, stack: Int, hint: String? = nil) -> (
    text: String, replacements: [Replacement]
  ) {
    (text, [])
  }
}
