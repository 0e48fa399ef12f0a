import Delivery
import Images
@testable import Swarm
import TestSupport
import Testing

/// Numbers, durations, users and storage, as the engine takes them.
@Suite struct AmountTests {
  @Test(arguments: [
    ("0.5", 500_000_000), ("1", 1_000_000_000), ("1/2", 500_000_000), ("1e-1", 100_000_000),
    (".25", 250_000_000), ("0.000000001", 1), ("2E1", 20_000_000_000), ("+0.1", 100_000_000),
    ("0", 0), ("-1", -1_000_000_000),
  ])
  func readsProcessors(text: String, nano: Int) {
    #expect(ResourceAmounts.nanoCPUs(text) == nano)
  }

  @Test(arguments: ["", "half", "0.0000000001", "1/3", "1/0", "1e40", "0x1", "1 ", "--1", "1/-2"])
  func refusesProcessors(text: String) {
    #expect(ResourceAmounts.nanoCPUs(text) == nil)
  }

  @Test func takesZeroForNothing() throws {
    let web = try service(with: "deploy: {resources: {limits: {cpus: '0', memory: 64M}}}")
    #expect(web.resourceLimits.nanoCPUs == nil)
    #expect(web.resourceLimits.memory == 64 << 20)
    #expect(web.resourceReservations.memory == nil)
  }

  @Test(
    arguments: [
      ("1000", User.Identity.id(1000), nil),
      ("1000:1001", .id(1000), .id(1001)),
      ("root", .id(0), nil),
      ("node:node", .name("node"), .name("node")),
      (":5", .id(0), .id(5)),
      ("7:", .id(7), nil),
      ("2147483648", .name("2147483648"), nil),
    ] as [(String, User.Identity, User.Identity?)])
  func readsUsers(text: String, user: User.Identity, group: User.Identity?) {
    #expect(User(text).user == user)
    #expect(User(text).group == group)
  }

  @Test func fillsInTheEnginesHealthTimings() throws {
    let check = try #require(
      try service(with: "healthcheck: {test: 'pgrep web', interval: 0s}").healthcheck)
    #expect(check.interval.value == .seconds(30))
    #expect(check.interval.isDefault, "zero means that nothing was set")
    #expect(check.timeout.value == .seconds(30))
    #expect(check.retries.value == 3)
    #expect(check.arguments == ["/bin/sh", "-c", "pgrep web"])
    let none = try #require(try service(with: "healthcheck: {disable: true}").healthcheck)
    #expect(none.arguments == nil)
    let exec = try #require(try service(with: "healthcheck: {test: [CMD, a, b]}").healthcheck)
    #expect(exec.arguments == ["a", "b"])
    #expect(try service(with: "").healthcheck == nil)
  }

  @Test func readsModes() throws {
    #expect(try service(with: "").mode.value == .replicated(replicas: 1))
    #expect(try service(with: "").mode.isDefault)
    #expect(try service(with: "deploy: {replicas: 0}").mode.value == .replicated(replicas: 0))
    #expect(try service(with: "deploy: {mode: global}").mode.value == .global)
    #expect(
      try service(with: "deploy: {mode: replicated-job, replicas: 3}").mode.value
        == .replicatedJob(replicas: 3))
    #expect(try service(with: "deploy: {mode: global-job}").mode.value == .globalJob)
    #expect(try service(with: "deploy: {mode: global}").replicas == nil)
  }
}

/// What volumes are, and the names that things get in the engine.
@Suite struct NameTests {
  @Test func scopesNames() throws {
    let shop = try stack(
      """
      services:
        web:
          image: nginx
          networks: [front, outside]
          volumes: [data:/a, theirs:/b]
      networks:
        front:
        outside: {external: true, name: traefik-public}
      volumes:
        data:
        own: {name: exactly-this}
        theirs: {external: true}
      """)
    #expect(shop.services[0].fullName == "shop_web")
    #expect(shop.network("front")?.name == "shop_front")
    #expect(shop.network("outside")?.name == "traefik-public")
    #expect(shop.network("outside")?.isExternal == true)
    #expect(shop.network("default") == nil, "no service needs it")
    #expect(shop.volume("data")?.name == "shop_data")
    #expect(shop.volume("own")?.name == "exactly-this")
    #expect(shop.volume("theirs")?.name == "theirs")
  }

  @Test func putsServicesIntoTheDefaultNetwork() throws {
    let shop = try stack(
      "services: {a: {image: x}, b: {image: x, networks: {n: }}}\nnetworks: {n: }")
    #expect(shop.network("default")?.name == "shop_default")
    #expect(shop.services[0].networkAttachments.map(\.network) == ["default"])
    #expect(shop.services[1].networkAttachments.map(\.network) == ["n"])
  }

  @Test func knowsWhatTheLocalDriverMounts() throws {
    func storage(_ options: String) throws -> Volume.LocalStorage {
      let shop = try stack(
        "services: {web: {image: x}}\nvolumes: {v: {driver_opts: {\(options)}}}")
      return try #require(shop.volume("v")).localStorage
    }
    guard case .folder = try storage("") else { Issue.record("folder"); return }
    guard
      case .nfs("10.0.0.5", "/export", ["nfsvers=4.1", "rw"]) = try storage(
        "type: nfs, o: 'addr=10.0.0.5,nfsvers=4.1,rw', device: ':/export'")
    else { Issue.record("nfs"); return }
    guard
      case .nfs("files.example", "/export/a", ["nfsvers=4"]) = try storage(
        "type: nfs4, device: 'files.example:/export/a/'")
    else { Issue.record("nfs by device"); return }
    guard case .bind("/srv/a") = try storage("type: none, o: bind, device: /srv/a") else {
      Issue.record("bind")
      return
    }
    guard case .memory("100m") = try storage("type: tmpfs, device: tmpfs, o: 'size=100m,uid=1'")
    else { Issue.record("tmpfs"); return }
    guard
      case .smb("//host/share", ["username=a"]) = try storage(
        #"type: cifs, device: "//host/share", o: username=a"#)
    else { Issue.record("smb"); return }
    guard case .incomplete("addr") = try storage("type: nfs, device: ':/export'") else {
      Issue.record("incomplete")
      return
    }
    guard case .device("ext4", "/dev/sdb1") = try storage("type: ext4, device: /dev/sdb1") else {
      Issue.record("device")
      return
    }
  }
}
