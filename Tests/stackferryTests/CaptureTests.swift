import Foundation
import TestSupport
import Testing

/// `capture` asks a docker client that is a script here; `make test-swarm` asks a real one.
@Suite struct CaptureTests {
  /// A folder with a `docker` that answers what the script says.
  private func scratch(_ script: String) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("#!/bin/sh\ncase \"$*\" in\n\(script)\nesac\n", to: "bin/docker")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: scratch.url.appending(path: "bin/docker").path)
    return scratch
  }

  private func run(_ arguments: [String], in scratch: Scratch, input: String = "") throws
    -> Program.Result
  {
    try Program.run(
      arguments, in: scratch.url, input: input,
      environment: ["PATH": scratch.url.appending(path: "bin").path + ":/usr/bin:/bin"])
  }

  private static let swarm = #"""
    "node ls -q") echo n1;;
    "node inspect n1") echo '[{"ID":"n1","Spec":{"Role":"manager","Labels":{"disk":"ssd"}},"Description":{"Hostname":"alpha","TLSInfo":{"TrustRoot":"CERTIFICATE"}},"Status":{"State":"ready"}}]';;
    "service ls -q") echo s1;;
    "service inspect s1") echo '[{"ID":"s1","CreatedAt":"TIME","Spec":{"Name":"shop_web","Labels":{"com.docker.stack.namespace":"shop","com.docker.stack.image":"nginx:1.27"},"TaskTemplate":{"ContainerSpec":{"Image":"nginx:1.27@sha256:0000000000000000000000000000000000000000000000000000000000000000","Secrets":[{"File":{"Name":"key","UID":"0","GID":"0","Mode":292},"SecretID":"x","SecretName":"shop_key"}]},"Placement":{"Constraints":["node.labels.disk==ssd"]},"Networks":[{"Target":"net1","Aliases":["web"]}]},"Mode":{"Replicated":{"Replicas":2}},"EndpointSpec":{"Mode":"vip"}}}]';;
    "service ps "*) echo t1;;
    "inspect --type task t1") echo '[{"ID":"t1","ServiceID":"s1","NodeID":"n1","Slot":1,"DesiredState":"running"}]';;
    "network ls "*) echo net1;;
    "network inspect net1") echo '[{"Name":"shop_default","Id":"net1","Driver":"overlay","Labels":{"com.docker.stack.namespace":"shop"}}]';;
    "config ls -q"|"volume ls -q") ;;
    "secret ls -q") echo x;;
    "secret inspect x") echo '[{"ID":"x","Spec":{"Name":"shop_key","Labels":{"com.docker.stack.namespace":"shop"},"Data":"aHVudGVyMg=="}}]';;
    *) echo "no answer to: $*" >&2; exit 1;;
    """#

  @Test func aSwarmIsWrittenDownAndRead() throws {
    let scratch = try scratch(Self.swarm)
    let captured = try run(["capture", "-o", "snapshot.json"], in: scratch)
    #expect(captured.status == 0, "\(captured.error)")
    #expect(captured.error == "1 services of 1 stack, 1 node in snapshot.json\n")
    let snapshot = try scratch.text("snapshot.json")
    for hidden in ["aHVudGVyMg==", "CERTIFICATE", "TIME"] { #expect(!snapshot.contains(hidden)) }
    let mode =
      try FileManager.default.attributesOfItem(
        atPath: scratch.url.appending(path: "snapshot.json").path)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let again = try run(["capture", "shop"], in: scratch)
    #expect(again.out == snapshot)
    let document = try run(["config", "--from", "-"], in: scratch, input: snapshot)
    #expect(document.out.contains("image: nginx:1.27@sha256:0000"))

    let report = try run(["report", "--from", "snapshot.json", "shop", "--verbose"], in: scratch)
    #expect(report.status == 0, "\(report.error)")
    #expect(report.out.contains("kubectl label node alpha disk=ssd"))
    #expect(report.out.contains("label=com.docker.swarm.service.name=shop_web"))
    #expect(report.out.contains("snapshot.json:"))

    let manifests = try run(["convert", "--from", "snapshot.json", "-q", "-o", "-"], in: scratch)
    #expect(manifests.status == 0, "\(manifests.error)")
    #expect(manifests.out.contains("replicas: 2"))
    #expect(!manifests.out.contains("kind: Secret\n"))
  }

  @Test func anotherStackIsNotThere() throws {
    let scratch = try scratch(Self.swarm)
    let result = try run(["capture", "shpo"], in: scratch)
    #expect(result.status == 2)
    #expect(result.error.contains("did you mean \"shop\"?"))
    let snapshot = try run(["capture"], in: scratch).out
    let from = try run(["convert", "--from", "-", "shpo"], in: scratch, input: snapshot)
    #expect(from.status == 2)
    #expect(from.error.contains("did you mean \"shop\"?"))
  }

  @Test func withoutADockerClientItSaysSo() throws {
    let scratch = try Scratch()
    let result = try Program.run(
      ["capture"], in: scratch.url, environment: ["PATH": scratch.url.path])
    #expect(result.status == 2)
    #expect(result.out.isEmpty)
    #expect(result.error.contains("there is no docker client on the PATH"))
    #expect(result.error.contains("hint:"))
  }

  @Test(arguments: [
    ("This node is not a swarm manager. Worker nodes can't be used", "ask a manager of the Swarm"),
    ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "docker context ls"),
    ("something else", "run it by hand"),
  ])
  func whatDockerSaysIsPassedOn(message: String, hint: String) throws {
    let scratch = try scratch("*) echo \"\(message)\" >&2; exit 1;;")
    let result = try run(["capture"], in: scratch)
    #expect(result.status == 2)
    #expect(result.error.contains(message))
    #expect(result.error.contains(hint))
  }

  @Test func aClientThatPrintsMuchDoesNotHang() throws {
    let scratch = try scratch(
      "*) i=0; while [ $i -lt 20000 ]; do echo line$i; echo line$i >&2; i=$((i+1)); done; exit 1;;")
    let result = try run(["capture"], in: scratch)
    #expect(result.status == 2)
    #expect(result.error.contains("line19999"))
  }

  @Test(arguments: [
    ("", "is empty"), ("services: {}", "a JSON value should be here"),
    ("{}", "this is no snapshot of a Swarm"),
    ("{\"StackferrySnapshot\": 9}", "this program reads version 1"),
    ("{\"StackferrySnapshot\": 1}", "no services"),
  ])
  func whatIsNoSnapshotIsRefused(text: String, message: String) throws {
    let scratch = try Scratch()
    let result = try Program.run(["convert", "--from", "-"], in: scratch.url, input: text)
    #expect(result.status == 2)
    #expect(result.error.contains(message), "\(result.error)")
  }

  @Test func aSnapshotAndFilesDoNotGoTogether() throws {
    let scratch = try Scratch()
    let result = try Program.run(["convert", "--from", "a", "-c", "b"], in: scratch.url)
    #expect(result.status == 64)
  }
}
