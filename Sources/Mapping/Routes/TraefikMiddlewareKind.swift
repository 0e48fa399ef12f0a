import Ledger

/// A kind of Traefik's middlewares, with its options as the resource `Middleware` spells them.
///
/// Source: doc.traefik.io, "HTTP Middlewares" and the definition of `middlewares.traefik.io` of Traefik 3.
package struct TraefikMiddlewareKind: Sendable {
  package enum Value: Sendable { case text, texts, number, flag, map }

  /// Such as `stripPrefix`.
  package let name: String
  package let options: [(path: String, value: Value)]

  /// By its name in small letters; `ipwhitelist` is what Traefik 3 calls `ipAllowList`.
  package static func named(_ name: String) -> TraefikMiddlewareKind? {
    all[name == "ipwhitelist" ? "ipallowlist" : name]
  }

  /// Options: a plain word is a text, `[]` a list, `#` a number, `?` true or false, `{}` texts by name.
  private init(_ name: String, _ options: String) {
    self.name = name
    self.options = options.split(separator: " ").map { word in
      if word.hasSuffix("[]") { return (String(word.dropLast(2)), .texts) }
      if word.hasSuffix("{}") { return (String(word.dropLast(2)), .map) }
      if word.hasSuffix("#") { return (String(word.dropLast()), .number) }
      if word.hasSuffix("?") { return (String(word.dropLast()), .flag) }
      return (String(word), .text)
    }
  }

  private static let criterion =
    "sourceCriterion.ipStrategy.depth# sourceCriterion.ipStrategy.excludedIPs[] "
    + "sourceCriterion.ipStrategy.ipv6Subnet# sourceCriterion.requestHeaderName "
    + "sourceCriterion.requestHost?"

  private static func names(_ part: String) -> String {
    [
      "commonName", "country", "domainComponent", "locality", "organization", "province",
      "serialNumber",
    ]
    .map { "info.\(part).\($0)?" }.joined(separator: " ")
  }

  private static let all: [String: TraefikMiddlewareKind] = {
    let kinds = [
      TraefikMiddlewareKind("addPrefix", "prefix"),
      TraefikMiddlewareKind("basicAuth", "users realm removeHeader? headerField"),
      TraefikMiddlewareKind(
        "buffering",
        "maxRequestBodyBytes# memRequestBodyBytes# maxResponseBodyBytes# memResponseBodyBytes# "
          + "retryExpression"),
      TraefikMiddlewareKind("chain", "middlewares[]"),
      TraefikMiddlewareKind(
        "circuitBreaker", "expression checkPeriod fallbackDuration recoveryDuration responseCode#"),
      TraefikMiddlewareKind(
        "compress",
        "excludedContentTypes[] includedContentTypes[] minResponseBodyBytes# encodings[] "
          + "defaultEncoding"),
      TraefikMiddlewareKind("contentType", "autoDetect?"),
      TraefikMiddlewareKind("digestAuth", "users realm removeHeader? headerField"),
      TraefikMiddlewareKind("errors", "status[] service query"),
      TraefikMiddlewareKind(
        "forwardAuth",
        "address trustForwardHeader? authResponseHeaders[] authResponseHeadersRegex "
          + "authRequestHeaders[] addAuthCookiesToResponse[] headerField forwardBody? maxBodySize# "
          + "preserveLocationHeader? preserveRequestMethod? tls.insecureSkipVerify?"),
      TraefikMiddlewareKind("grpcWeb", "allowOrigins[]"),
      TraefikMiddlewareKind(
        "headers",
        "customRequestHeaders{} customResponseHeaders{} accessControlAllowCredentials? "
          + "accessControlAllowHeaders[] accessControlAllowMethods[] accessControlAllowOriginList[] "
          + "accessControlAllowOriginListRegex[] accessControlExposeHeaders[] accessControlMaxAge# "
          + "addVaryHeader? allowedHosts[] hostsProxyHeaders[] sslProxyHeaders{} stsSeconds# "
          + "stsIncludeSubdomains? stsPreload? forceSTSHeader? frameDeny? customFrameOptionsValue "
          + "contentTypeNosniff? browserXssFilter? customBrowserXSSValue contentSecurityPolicy "
          + "contentSecurityPolicyReportOnly publicKey referrerPolicy permissionsPolicy "
          + "isDevelopment?"),
      TraefikMiddlewareKind("inFlightReq", "amount# \(criterion)"),
      TraefikMiddlewareKind(
        "ipAllowList",
        "sourceRange[] ipStrategy.depth# ipStrategy.excludedIPs[] ipStrategy.ipv6Subnet# "
          + "rejectStatusCode#"),
      TraefikMiddlewareKind(
        "passTLSClientCert",
        "pem? info.notAfter? info.notBefore? info.sans? info.serialNumber? "
          + "\(names("subject")) info.subject.organizationalUnit? \(names("issuer"))"),
      TraefikMiddlewareKind("rateLimit", "average# period burst# \(criterion)"),
      TraefikMiddlewareKind("redirectRegex", "regex replacement permanent?"),
      TraefikMiddlewareKind("redirectScheme", "scheme port permanent?"),
      TraefikMiddlewareKind("replacePath", "path"),
      TraefikMiddlewareKind("replacePathRegex", "regex replacement"),
      TraefikMiddlewareKind("retry", "attempts# initialInterval"),
      TraefikMiddlewareKind("stripPrefix", "prefixes[]"),
      TraefikMiddlewareKind("stripPrefixRegex", "regex[]"),
    ]
    return Dictionary(uniqueKeysWithValues: kinds.map { ($0.name.lowercased(), $0) })
  }()
}
