package import Ledger

// What the feature `routes` can say.

extension Routes {
  enum Kind {
    static let disabled: FindingKind = .inert("routes/disabled")
    static let notExposed: FindingKind = .inert("routes/not-exposed")
    static let onContainers: FindingKind = .inert("routes/on-containers")
    static let onService: FindingKind = .inert("routes/on-service")
    static let otherVersion: FindingKind = .inert("routes/other-version")
    static let constraint: FindingKind = .inert("routes/constraint")
    static let notNotified: FindingKind = .inert("routes/not-notified")
    static let entryPointRedirects: FindingKind =
      .manual("routes/entry-point-redirects", .changesWhoGetsIn)
    static let exposesByDefault: FindingKind = .adapted("routes/exposes-by-default")
    static let leftOut: FindingKind = .manual("routes/left-out", .changesWhoGetsIn, asks: .routes)
    static let labelLeftOut: FindingKind =
      .manual("routes/label-left-out", .changesWhoGetsIn, asks: .routes)
    static let ownLanguage: FindingKind = .manual("routes/own-language", .changesWhoGetsIn)
    static let invalidRule: FindingKind = .manual("routes/invalid-rule", .changesWhoGetsIn)
    static let tooManyWays: FindingKind =
      .manual("routes/too-many-ways", .changesWhoGetsIn, asks: .routes)
    static let ambiguous: FindingKind = .inert("routes/ambiguous")
    static let noPort: FindingKind = .manual("routes/no-port", .changesWhoGetsIn)
    static let portByEvidence: FindingKind = .adapted("routes/port-by-evidence")
    static let unknownService: FindingKind = .manual("routes/unknown-service", .changesWhoGetsIn)
    static let otherNamespace: FindingKind = .manual("routes/other-namespace", .changesWhoGetsIn)
    static let ofProxy: FindingKind = .manual("routes/of-proxy", .changesWhoGetsIn)
    static let ofFile: FindingKind = .manual("routes/of-file", .changesWhoGetsIn)
    static let admitted: FindingKind = .adapted("routes/admitted", asks: .ingressNamespace)
    static let proxySettings: FindingKind = .adapted("routes/proxy-settings")
    static let withoutRoute: FindingKind = .adapted("routes/without-route")
    static let middleware: FindingKind =
      .manual("routes/middleware", .changesWhoGetsIn, asks: .routes)
    static let stream: FindingKind = .manual("routes/stream", .changesWhoGetsIn, asks: .routes)
    static let redirectsToHTTPS: FindingKind =
      .manual("routes/redirects-to-https", .changesWhoGetsIn)
    static let guarded: FindingKind = .manual("routes/guarded", .changesWhoGetsIn, asks: .routes)
    static let beyondIngress: FindingKind =
      .manual("routes/beyond-ingress", .changesWhoGetsIn, asks: .routes)
    static let beyondGateway: FindingKind =
      .manual("routes/beyond-gateway", .changesWhoGetsIn, asks: .routes)
    static let noHost: FindingKind = .manual("routes/no-host", .changesWhoGetsIn, asks: .routes)
    static let noPath: FindingKind = .manual("routes/no-path", .changesWhoGetsIn, asks: .routes)
    static let wildcard: FindingKind = .adapted("routes/wildcard")
    static let prefixByParts: FindingKind = .adapted("routes/prefix-by-parts")
    static let pattern: FindingKind = .adapted("routes/pattern")
    static let taken: FindingKind = .manual("routes/taken", .changesWhoGetsIn)
    static let rewrites: FindingKind = .manual("routes/rewrites", .changesWhoGetsIn, asks: .routes)
    static let dropsMiddleware: FindingKind =
      .manual("routes/drops-middleware", .changesWhoGetsIn, asks: .routes)
    static let priority: FindingKind = .adapted("routes/priority")
    static let scheme: FindingKind = .manual("routes/scheme", .changesWhoGetsIn, asks: .routes)
    static let certificate: FindingKind =
      .manual("routes/certificate", .changesWhoGetsIn, asks: .clusterIssuer)
    static let certificateIssued: FindingKind = .adapted("routes/certificate-issued")
    static let certificateOfController: FindingKind =
      .manual("routes/certificate-of-controller", .changesWhoGetsIn)
    static let defaultCertificate: FindingKind =
      .manual("routes/default-certificate", .changesWhoGetsIn)
    static let resolver: FindingKind = .manual("routes/resolver", .changesWhoGetsIn)
    static let tlsOptions: FindingKind = .manual("routes/tls-options", .changesWhoGetsIn)
    static let whichGateway: FindingKind = .decide("routes/which-gateway", asks: .gateway)
    static let listener: FindingKind = .manual("routes/listener", .changesWhoGetsIn)
    static let entryPoints: FindingKind = .adapted("routes/entry-points")
    static let middlewareToMake: FindingKind =
      .manual("routes/middleware-to-make", .changesWhoGetsIn)
    static let middlewareOfOtherNamespace: FindingKind =
      .manual("routes/middleware-of-other-namespace", .changesWhoGetsIn)
    static let middlewareDefinedTwice: FindingKind = .adapted("routes/middleware-defined-twice")
    static let unknownMiddleware: FindingKind =
      .manual("routes/unknown-middleware", .changesWhoGetsIn)
    static let unknownOption: FindingKind = .manual("routes/unknown-option", .changesWhoGetsIn)
    static let badValue: FindingKind = .manual("routes/bad-value", .changesWhoGetsIn)
    static let users: FindingKind = .adapted("routes/users")
    static let usersSecret: FindingKind =
      .manual("routes/users-secret", .changesWhoGetsIn, asks: .secrets)
    static let usersFile: FindingKind = .manual("routes/users-file", .changesWhoGetsIn)
    static let errorService: FindingKind = .manual("routes/error-service", .changesWhoGetsIn)
    static let plugin: FindingKind = .manual("routes/plugin", .changesWhoGetsIn)
    static let clientAddresses: FindingKind = .adapted("routes/client-addresses")
    static let sticky: FindingKind = .manual("routes/sticky", .changesWhoGetsIn, asks: .routes)
    static let stickyToOne: FindingKind = .adapted("routes/sticky-to-one")
    static let notSticky: FindingKind = .kept("routes/not-sticky")
    static let hostHeader: FindingKind =
      .manual("routes/host-header", .changesWhoGetsIn, asks: .routes)
    static let checkIsProbe: FindingKind = .adapted("routes/check-is-probe")
    static let checkBesideProbe: FindingKind = .adapted("routes/check-beside-probe")
    static let checkWithoutPath: FindingKind = .adapted("routes/check-without-path")
    static let checkByHand: FindingKind = .manual("routes/check-by-hand", .changesWhoGetsIn)
    static let proxyLimit: FindingKind = .manual("routes/proxy-limit", .changesBehaviour)
  }

  package static let kinds: [FindingKind] = [
    Kind.disabled, Kind.notExposed, Kind.onContainers, Kind.onService, Kind.otherVersion,
    Kind.constraint, Kind.notNotified, Kind.entryPointRedirects, Kind.exposesByDefault,
    Kind.leftOut, Kind.labelLeftOut, Kind.ownLanguage, Kind.invalidRule, Kind.tooManyWays,
    Kind.ambiguous, Kind.noPort, Kind.portByEvidence, Kind.unknownService, Kind.otherNamespace,
    Kind.ofProxy, Kind.ofFile, Kind.admitted, Kind.proxySettings, Kind.withoutRoute,
    Kind.middleware, Kind.stream, Kind.redirectsToHTTPS, Kind.guarded, Kind.beyondIngress,
    Kind.beyondGateway, Kind.noHost, Kind.noPath, Kind.wildcard, Kind.prefixByParts, Kind.pattern,
    Kind.taken, Kind.rewrites, Kind.dropsMiddleware, Kind.priority, Kind.scheme, Kind.certificate,
    Kind.certificateIssued, Kind.certificateOfController, Kind.defaultCertificate, Kind.resolver,
    Kind.tlsOptions, Kind.whichGateway, Kind.listener, Kind.entryPoints, Kind.middlewareToMake,
    Kind.middlewareOfOtherNamespace, Kind.middlewareDefinedTwice, Kind.unknownMiddleware,
    Kind.unknownOption, Kind.badValue, Kind.users, Kind.usersSecret, Kind.usersFile,
    Kind.errorService, Kind.plugin, Kind.clientAddresses, Kind.sticky, Kind.stickyToOne,
    Kind.notSticky, Kind.hostHeader, Kind.checkIsProbe, Kind.checkBesideProbe,
    Kind.checkWithoutPath, Kind.checkByHand, Kind.proxyLimit,
  ]
}
