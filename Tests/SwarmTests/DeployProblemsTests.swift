import Diagnostics
import Stack
@testable import Swarm
import TestSupport
import Testing
import YAML

/// What `docker stack config` prints and `docker stack deploy` refuses.
@Suite struct DeployProblemsTests {
  private func problems(_ text: String, environment: [String: String] = [:]) -> [String] {
    var sources = Sources()
    var keys = KeyTable()
    do throws(DiagnosticError) {
      let stack = try loadStack(
        [InputFile(path: "stack.yml", bytes: Array(text.utf8))],
        LoadOptions(environment: environment, workingDirectory: "/stack"), into: &sources,
        keys: &keys, reading: { .failure(FileProblem(path: $0, reason: "no such file")) })
      return deployProblems(stack).map { "\($0.mark.line):\($0.mark.column) \($0.summary)" }
    } catch {
      return error.diagnostics.map { "refused by the loader: \($0.summary)" }
    }
  }

  /// The problems of a service `web` with an image and these keys in flow style.
  private func service(_ keys: String, environment: [String: String] = [:]) -> [String] {
    problems("services:\n  web: {image: a, \(keys)}", environment: environment)
  }

  @Test(arguments: [
    ("deploy: {mode: sometimes}", "2:34 ", "the mode \"sometimes\" is unknown"),
    ("deploy: {mode: global, replicas: 2}", "2:42 ", "not with `global`"),
    ("restart: maybe", "2:28 ", "\"maybe\" is no policy"),
    ("restart: 'on-failure:x'", "2:28 ", "is no policy"),
    ("restart: 'on-failure:-1'", "2:28 ", "is no policy"),
    ("deploy: {restart_policy: {condition: always}}", "2:56 ", "\"always\" is unknown"),
    ("healthcheck: {disable: true, test: a}", "2:33 ", "cannot stand together"),
    ("healthcheck: {test: a, interval: 10us}", "2:52 ", "below one millisecond"),
    ("deploy: {update_config: {failure_action: halt}}", "2:60 ", "\"halt\" is unknown"),
    ("deploy: {update_config: {max_failure_ratio: 2}}", "2:63 ", "between 0 and 1"),
    ("deploy: {rollback_config: {delay: -1s}}", "2:53 ", "must not be negative"),
    ("deploy: {placement: {constraints: [node.role]}}", "2:54 ", "neither == nor !="),
    ("deploy: {resources: {limits: {cpus: half}}}", "2:55 ", "\"half\" is no number of processors"),
    ("deploy: {resources: {limits: {cpus: '0.0001'}}}", "2:55 ", "less than the engine's minimum"),
    ("deploy: {resources: {limits: {memory: '64'}}}", "2:57 ", "minimum of 4 MiB"),
    ("volumes: [{type: volume}]", "2:29 ", "the mount has no target"),
    ("volumes: [{type: nfs, target: /a}]", "2:36 ", "the type \"nfs\" is unknown"),
    ("volumes: [{type: volume, target: /a, bind: {}}]", "2:56 ", "do not go with the type volume"),
    ("volumes: [{type: tmpfs, source: a, target: /a}]", "2:43 ", "a tmpfs mount has no source"),
    ("volumes: [/a, /a]", "2:33 ", "two mounts have the target \"/a\""),
    ("ports: ['80:80', '80:81']", "2:36 ", "the port 80/tcp is published twice"),
    ("ports: ['80:80'], deploy: {endpoint_mode: dnsrr}", "2:27 ", "does not go with a port"),
    ("credential_spec: {file: a, registry: b}", "2:46 ", "both `file` and `registry`"),
  ])
  func refused(keys: String, place: String, text: String) {
    let found = service(keys)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix(place) == true, "\(found)")
    #expect(found.first?.contains(text) == true, "\(found)")
  }

  @Test(arguments: [
    "deploy: {mode: replicated-job, replicas: 2}", "restart: 'no'", "restart: on-failure",
    "restart: 'on-failure:3'", "restart: maybe, deploy: {restart_policy: {condition: On-Failure}}",
    "healthcheck: {disable: true}", "healthcheck: {disable: true, test: []}",
    "healthcheck: {test: a, interval: 0s}", "deploy: {resources: {limits: {cpus: 1/2}}}",
    "volumes: [/a, /b]", "ports: [80, '80:80/udp']",
    "ports: [{target: 80, published: 80, mode: host}], deploy: {endpoint_mode: dnsrr}",
    "deploy: {rollback_config: {failure_action: rollback}}",
  ])
  func accepted(keys: String) {
    let found = service(keys)
    #expect(found == [])
  }

  @Test func aServiceNeedsAnImage() {
    #expect(
      problems("services:\n  web: {build: .}")
        == ["2:3 services.web has no image, and so `docker stack deploy` refuses it"])
  }

  @Test func namesAreDNSNames() {
    #expect(
      problems("services:\n  my.web: {image: a}").first?.hasPrefix("2:3 services.my.web") == true)
    #expect(problems("services:\n  web_: {image: a}").count == 1)
    #expect(problems("services:\n  my_web-1: {image: a}") == [])
  }

  @Test func twoServicesCannotPublishOnePort() {
    let found = problems(
      "services:\n  a: {image: a, ports: ['80:1']}\n  b: {image: a, ports: ['80:2']}")
    #expect(found == ["3:25 services.b.ports: services.a publishes the port 80/tcp already"])
  }

  @Test func twoFilesCannotHaveOneTarget() {
    let found = problems(
      """
      services:
        a: {image: a, secrets: [one, {source: two, target: one}]}
      secrets: {one: {external: true}, two: {external: true}}
      """)
    #expect(found == ["2:54 services.a.secrets: two of them have the target \"one\""])
  }

  @Test func valuesOfVariablesAreNotQuoted() {
    #expect(
      service("restart: $PASSWORD", environment: ["PASSWORD": "hunter2"])
        == ["2:28 services.web.restart: \"$PASSWORD\" is no policy"])
  }
}
