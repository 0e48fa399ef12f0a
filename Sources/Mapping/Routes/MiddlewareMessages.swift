import Kubernetes
import Ledger
import Proxies
import Swarm

// What is said of middlewares that become objects of Traefik 3.

private typealias Kind = Routes.Kind

extension Finding.Message {
  static func definedTwice(
    _ middleware: RouteMiddleware, _ service: Swarm.Service
  ) -> Self {
    Self(
      Kind.middlewareDefinedTwice,
      "The service `\(service.name)` defines the middleware `\(middleware.name)` too; the one object is made from its labels. "
        + "Traefik takes such a name only where both definitions are the same.")
  }

  static func unknownKind(_ middleware: RouteMiddleware) -> Self {
    Self(
      Kind.unknownMiddleware,
      "Traefik 3 has no middleware of the kind `\(middleware.kind)`, so none is made of `\(middleware.name)`; routes that name it "
        + "are not served until it is there or the name is taken out.")
  }

  static func unknownOption(_ option: RouteField, _ kind: String) -> Self {
    Self(
      Kind.unknownOption,
      "The resource `\(kind)` of Traefik 3 has no option `\(option.path.joined(separator: "."))`; it is left out."
    )
  }

  static func badValue(_ option: RouteField, _ wanted: String) -> Self {
    Self(
      Kind.badValue,
      "`\(option.label)` wants \(wanted); Traefik drops labels with another value, and the option is left out."
    )
  }

  static func usersInSecret(_ label: String, _ secret: ObjectName) -> Self {
    Self(
      Kind.users,
      "The users and hashes of `\(label)` are in the Secret `\(secret)` now, and in no other manifest."
    )
  }

  static func secretToMake(
    _ secret: ObjectName, _ namespace: ObjectName, _ kept: Options.Secrets
  ) -> Self {
    Self(
      Kind.usersSecret,
      "The middleware reads its users from the Secret `\(secret)`, and with `--secrets \(kept.rawValue)` no manifest holds them. "
        + "Traefik serves none of its routes before it is there; put the users, one a line, into a file.",
      remedy: .command(createUsers(secret, namespace, isSealed: kept == .sealed)))
  }

  static func usersFile(
    _ file: String, _ secret: ObjectName, _ namespace: ObjectName
  ) -> Self {
    Self(
      Kind.usersFile,
      "Traefik read the users from its own file `\(file)`; the resource reads the Secret `\(secret)`, which has to be made from "
        + "that file.",
      remedy: .command(createUsers(secret, namespace)))
  }

  static func errorService(_ name: String) -> Self {
    Self(
      Kind.errorService,
      "Error pages come from `\(name)`, which no label in this stack defines with a port. Traefik serves no route that uses the "
        + "Middleware until it names a Service.",
      remedy: .fragment(
        "service: {name: NAME, port: 80}", note: "in the Middleware, under spec.errors"))
  }

  static func plugin(_ middleware: RouteMiddleware) -> Self {
    Self(
      Kind.plugin,
      "The middleware `\(middleware.name)` is a plugin: the new Traefik has to load it (`experimental.plugins` in the Helm values), "
        + "and its options are texts here.")
  }

  static func addresses(_ middleware: RouteMiddleware) -> Self {
    Self(
      Kind.clientAddresses,
      "The middleware `\(middleware.name)` looks at the client's address. Behind a load balancer Traefik sees that address only with "
        + "`externalTrafficPolicy: Local`, or with the PROXY protocol.",
      remedy: .command(
        """
        helm upgrade traefik traefik/traefik --reuse-values --set \
        service.spec.externalTrafficPolicy=Local
        """))
  }

  private static func createUsers(
    _ secret: ObjectName, _ namespace: ObjectName, isSealed: Bool = false
  ) -> Command {
    let sealing: Command = " --dry-run=client -o yaml | kubeseal -o yaml | kubectl apply -f -"
    let end: Command = isSealed ? sealing : ""
    let command: Command =
      "kubectl -n \(namespace) create secret generic \(secret) --from-file=users=./users\(end)"
    return command.meaning(
      .create(kind: "Secret", name: secret.rawValue, namespace: namespace.rawValue))
  }
}
