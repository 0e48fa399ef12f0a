import Kubernetes
package import Ledger
import Stack
package import Swarm
import YAML

/// The image that a service runs.
package enum Image: Feature {
  package static let name = "image"
  package static let title = "Images"
  package static let about = """
    `image` is taken over as it is written: Docker and Kubernetes read references in the same way, and fill in the same
    registry where none is named. A digest is kept, also beside a tag.

    **Moving tags.** `docker stack deploy` asks the registry for the digest of a tag and pins all tasks of the service to it,
    until the next deployment. Kubernetes has no such step: a node that has no image of that name pulls what the tag is at
    that moment. For `latest`, written or implied, Kubernetes asks the registry at each start of a pod
    (`imagePullPolicy: Always`); this is written out, so that it can be seen. For any other tag a node keeps the image that it
    pulled first. Pin a digest to get Swarm's behaviour back.

    **Registries.** Swarm passes on the login of whoever deploys (`--with-registry-auth`). Pods need a pull secret for a
    registry that asks for a login. A registry on `localhost` or `127.0.0.1`, reached through Swarm's routing mesh, is not
    there on a Kubernetes node.

    **What an image declares** is evidence for the rest of the conversion: `EXPOSE` for the ports of its Service, `HEALTHCHECK`,
    which Swarm obeys and Kubernetes does not, for the probes, `USER` for the security context and for who may read files, `VOLUME`
    and `STOPSIGNAL`. It is known from the Dockerfile that `build` names, as far as that lies in the stack's folder, or from the image itself
    (`--image ARCHIVE`); each use is a finding that names the line. Swarm ignores `build`, so the Dockerfile says what the image should be, not what it is. What a
    base image declares is not known. `WORKDIR`, `ENTRYPOINT`, `CMD` and `ENV` mean the same on both sides.

    **References that Docker refuses**, with capitals or with an empty tag from a variable that is not set, never ran in Swarm.
    The reference is written out all the same, so that it can be mended in one place. A service without any image (`build`
    alone, or `image: ${IMAGE}` without the variable) makes `docker stack deploy` fail, and is an error here too; in Compose's
    dialect nothing is written for it.
    """
  package static let owns: [KeyPattern] = ["services.*.image"]
  package static let examples: [Example] = [
    Example(
      "A tag is taken over, a moving one is pulled at each start",
      stack: """
        image: nginx
        """,
      kubernetes: """
        image: nginx
        imagePullPolicy: Always
        """,
      findings: ["image/latest"])
  ]

  private static let field = "containers[].image"

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    guard let node = service.image, let text = node.text, !isBlank(text) else {
      workload.isLeftOut = true
      ledger.settle(
        service.node, .manual,
        service.node["build"] == nil ? .missing : .buildOnly(service.fullName))
      return
    }
    workload.container.image = trimmed(text)
    if let facts = service.imageFacts {
      if facts.problem != nil {
        ledger.remark(.adapted, .dockerfileUnread(facts), at: service.imageKey)
      } else if facts.source == .dockerfile, !facts.isEmpty {
        ledger.remark(
          .adapted, .imageOfDockerfile(facts, trimmed(text)), at: service.imageKey)
      }
    }
    let reference: ImageReference
    do throws(ImageReference.Problem) {
      reference = try ImageReference(text)
    } catch {
      ledger.settle(node, .manual, .refused(text, error), as: field)
      return
    }
    if reference.isLatest {
      workload.container.imagePullPolicy = .always
      ledger.settle(node, .adapted, .latest(text), as: field)
    }
    if let registry = reference.registry {
      if reference.isOnNode {
        ledger.settle(node, .manual, .localRegistry(registry), as: field)
      } else if registry.prefix(while: { $0 != ":" }) != "docker.io" {
        ledger.settle(
          node, .adapted, .registryLogin(registry, namespace: workload.namespace.rawValue),
          as: field)
      }
    }
    ledger.keep(node, as: field)
  }

  private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

  /// The API server refuses blanks around an image.
  private static func trimmed(_ text: String) -> String {
    guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    return String(rest)
  }
}

extension Finding.Message {
  fileprivate static var missing: Self {
    Self(
      "image/missing",
      "The service has no image, so there is nothing for a pod to run, and nothing is written for it. What Compose's `provider` or a "
        + "plugin of the engine gave to the other services has to come from elsewhere.",
      remedy: "image: NAME:TAG  # in the stack, if the service is to run in pods")
  }

  fileprivate static func buildOnly(_ name: String) -> Self {
    Self(
      "image/build-only",
      "The service has `build` and no `image`: a cluster builds nothing, its nodes only pull. Nothing is written for it until it "
        + "has an `image` that is in a registry.",
      remedy:
        "docker build -t \"${REGISTRY:?}\"/\(name):1 . && docker push \"${REGISTRY:?}\"/\(name):1"
        + "  # in the build context; then add the name as `image`")
  }

  fileprivate static func refused(_ image: String, _ problem: ImageReference.Problem) -> Self {
    let reason =
      switch problem {
      case .invalidFormat: "invalid reference format"
      case .notLowercase: "repository name must be lowercase"
      case .hexadecimal: "cannot specify 64-byte hexadecimal strings"
      }
    return Self(
      "image/refused",
      "Docker refuses the image `\(image)` (\(reason)), so this service never ran from this file as "
        + "it was read here. Its pods will stay in InvalidImageName.",
      remedy: "Set the variables that the image is made of, or mend the reference, and run again.")
  }

  fileprivate static func latest(_ image: String) -> Self {
    Self(
      "image/latest",
      "The tag is `latest` or missing. `docker stack deploy` pinned such an image to its digest for "
        + "all tasks; Kubernetes asks the registry at each start of a pod, so a restart can bring "
        + "another version than its neighbours run.",
      remedy:
        "docker buildx imagetools inspect \(image)  # prints the digest to pin: image@sha256:…")
  }

  fileprivate static func localRegistry(_ registry: String) -> Self {
    Self(
      "image/local-registry",
      "The image comes from `\(registry)`, which every Swarm node reaches on itself through the "
        + "routing mesh. A Kubernetes node finds no registry there, and the pods stay in "
        + "ImagePullBackOff.",
      remedy: "Push the image to a registry that all nodes reach by name, and write that name here."
    )
  }

  fileprivate static func registryLogin(_ registry: String, namespace: String) -> Self {
    Self(
      "image/registry-login",
      "If `\(registry)` asks for a login, the pods need a pull secret: Swarm passed on the login of "
        + "whoever deployed with `--with-registry-auth`, Kubernetes knows of none.",
      remedy: "kubectl -n \(namespace) create secret generic registry "
        + "--type=kubernetes.io/dockerconfigjson "
        + "--from-file=.dockerconfigjson=$HOME/.docker/config.json && "
        + "kubectl -n \(namespace) patch serviceaccount default "
        + "-p '{\"imagePullSecrets\":[{\"name\":\"registry\"}]}'")
  }
}
