import Images
import Swarm
import TestSupport
import Testing

/// Constraints are read as SwarmKit's scheduler reads them.
@Suite struct PlacementTests {
  @Test(arguments: [
    ("node.role==manager", PlacementConstraint.Attribute.role, true, "manager"),
    ("node.role == manager", .role, true, "manager"),
    ("  node.role\t!=  worker ", .role, false, "worker"),
    ("NODE.Role==MANAGER", .role, true, "MANAGER"),
    ("node.labels.Zone==a-1", .nodeLabel("Zone"), true, "a-1"),
    ("Node.Labels.x==RED", .nodeLabel("x"), true, "RED"),
    ("node.labels.com.example.disk != ssd", .nodeLabel("com.example.disk"), false, "ssd"),
    (
      "engine.labels.operatingsystem==ubuntu 22.04", .engineLabel("operatingsystem"), true,
      "ubuntu 22.04"
    ),
    ("node.hostname==host-1.example", .hostname, true, "host-1.example"),
    ("node.id==2ivku8v2gvtg4", .id, true, "2ivku8v2gvtg4"),
    ("node.ip==10.0.0.0/8", .ip, true, "10.0.0.0/8"),
    ("node.platform.os==linux", .platformOS, true, "linux"),
    ("node.platform.arch!=x86_64", .platformArch, false, "x86_64"),
    // No node has these, so no node ever fits; Swarm takes them all the same.
    ("node.labels==a", .unknown("node.labels"), true, "a"),
    ("node.role.x==a", .unknown("node.role.x"), true, "a"),
  ])
  func reads(
    text: String, attribute: PlacementConstraint.Attribute, isEqual: Bool, value: String
  ) throws {
    let constraint = try PlacementConstraint(text)
    #expect(constraint.attribute == attribute)
    #expect(constraint.isEqual == isEqual)
    #expect(constraint.value == value)
  }

  @Test(arguments: [
    ("node.role=manager", PlacementConstraint.Malformation.noOperator),
    ("node.role manager", .noOperator),
    ("", .noOperator),
    ("==manager", .badKey("")),
    ("9role==manager", .badKey("9role")),
    ("node role==manager", .badKey("node role")),
    ("node.role==", .badValue("")),
    // `==` is looked for first, anywhere: what stands before it is no key.
    ("a!=b==c", .badKey("a!=b")),
    ("node.role==man@ger", .badValue("man@ger")),
  ])
  func refuses(text: String, reason: PlacementConstraint.Malformation) {
    #expect(throws: reason) { try PlacementConstraint(text) }
  }

  @Test func spreadsOverLabelsOnly() {
    #expect(SpreadPreference("node.labels.zone") == .nodeLabel("zone"))
    #expect(SpreadPreference("Node.Labels.Zone") == .nodeLabel("Zone"))
    #expect(SpreadPreference("engine.labels.rack") == .engineLabel("rack"))
    #expect(SpreadPreference("node.hostname") == .nothing)
    #expect(SpreadPreference("node.labels.") == .nothing)
  }

  @Test func knowsWhetherManagersAreExcluded() throws {
    func excludes(_ constraints: String) throws -> Bool {
      try service(with: "deploy: {placement: {constraints: [\(constraints)]}}").excludesManagers
    }
    #expect(try excludes("node.role == worker"))
    #expect(try excludes("node.role != manager"))
    #expect(try !excludes("node.role == manager"))
    #expect(try !excludes("node.role != worker"))
    #expect(try !excludes("node.labels.role == worker"))
    #expect(try excludes("node.labels.a == b, node.role==worker"))
    #expect(try !service(with: "").excludesManagers)
  }
}
