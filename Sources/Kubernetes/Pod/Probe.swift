package import YAML

/// A health check of a container. Times are in whole seconds.
package struct Probe: Hashable, Sendable, Writable {
  package indirect enum Handler: Hashable, Sendable {
    case exec([String])
    case httpGet(path: String, port: PortReference, scheme: Scheme? = nil, host: String? = nil)
    case tcpSocket(port: PortReference, host: String? = nil)
  }

  package enum Scheme: String, Sendable {
    case http = "HTTP"
    case https = "HTTPS"
  }

  package var handler: Handler
  package var initialDelaySeconds: Int?
  package var timeoutSeconds: Int?
  package var periodSeconds: Int?
  package var successThreshold: Int?
  package var failureThreshold: Int?
  package var terminationGracePeriodSeconds: Int?

  package init(
    _ handler: Handler, initialDelaySeconds: Int? = nil, timeoutSeconds: Int? = nil,
    periodSeconds: Int? = nil, successThreshold: Int? = nil, failureThreshold: Int? = nil,
    terminationGracePeriodSeconds: Int? = nil
  ) {
    self.handler = handler
    self.initialDelaySeconds = initialDelaySeconds
    self.timeoutSeconds = timeoutSeconds
    self.periodSeconds = periodSeconds
    self.successThreshold = successThreshold
    self.failureThreshold = failureThreshold
    self.terminationGracePeriodSeconds = terminationGracePeriodSeconds
  }

  package func write(to w: inout Writer) {
    w.field(handler)
    w.field("initialDelaySeconds", initialDelaySeconds)
    w.field("timeoutSeconds", timeoutSeconds)
    w.field("periodSeconds", periodSeconds)
    w.field("successThreshold", successThreshold)
    w.field("failureThreshold", failureThreshold)
    w.field("terminationGracePeriodSeconds", terminationGracePeriodSeconds)
  }
}

/// What happens at the beginning and at the end of a container.
package struct Lifecycle: Hashable, Sendable, Writable {
  package var postStart: Probe.Handler?
  package var preStop: Probe.Handler?
  /// Such as `SIGINT`; from 1.33, where the feature is on, and only with the pod's `os`.
  package var stopSignal: String?

  package init(
    postStart: Probe.Handler? = nil, preStop: Probe.Handler? = nil, stopSignal: String? = nil
  ) {
    self.postStart = postStart
    self.preStop = preStop
    self.stopSignal = stopSignal
  }

  package func write(to w: inout Writer) {
    if let postStart { w.field("postStart") { $0.field(postStart) } }
    if let preStop { w.field("preStop") { $0.field(preStop) } }
    w.field("stopSignal", stopSignal)
  }
}

extension Writer {
  fileprivate mutating func field(_ handler: Probe.Handler) {
    switch handler {
    case .exec([]): field("exec", .emptyMapping)
    case .exec(let command): field("exec") { $0.field("command", command) }
    case .httpGet(let path, let port, let scheme, let host):
      field("httpGet") { w in
        w.field("path", path)
        w.field("port", port)
        w.field("host", host)
        w.field("scheme", scheme)
      }
    case .tcpSocket(let port, let host):
      field("tcpSocket") { w in
        w.field("port", port)
        w.field("host", host)
      }
    }
  }
}
