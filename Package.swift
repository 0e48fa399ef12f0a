// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same rules: Swift 6 mode, explicit unsafety, explicit imports, no warnings.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library room of the house. Which room may import which is checked by `Tests/ArchitectureTests`.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests of one room; `TestSupport` holds markers and goldens.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + ["TestSupport"],
    swiftSettings: [
      .swiftLanguageMode(.v6), .treatAllWarnings(as: .error),
      .enableUpcomingFeature("ExistentialAny"),
    ])
}

/// All rooms that hold Swift, from the ground up.
let names = [
  "Basics", "Diagnostics", "YAML", "Stack", "Swarm", "Proxies", "Images", "Kubernetes",
  "Validation", "Ledger", "Mapping", "Report", "Delivery", "Disk",
]

let rooms = names.map { Target.Dependency(stringLiteral: $0) }

let package = Package(
  name: "stackferry",
  products: [.executable(name: "stackferry", targets: ["stackferry"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    room("Basics"),
    room("Diagnostics", ["Basics"]),
    room("YAML", ["CLibYAML", "Diagnostics", "Basics"]),
    room("Stack", ["YAML", "Diagnostics", "Basics"]),
    room("Swarm", ["Stack", "YAML", "Diagnostics", "Basics"]),
    room("Proxies", ["Swarm", "Stack", "YAML", "Diagnostics", "Basics"]),
    room("Images", ["CZlib", "Swarm", "Stack", "YAML", "Diagnostics", "Basics"]),
    room("Kubernetes", ["YAML", "Diagnostics", "Basics"]),
    room(
      "Validation", ["Kubernetes", "YAML", "Diagnostics", "Basics"],
      resources: [.embedInCode("Schema/schemas.txt")]),
    room("Ledger", ["Kubernetes", "Swarm", "YAML", "Diagnostics", "Basics"]),
    room(
      "Mapping",
      ["Ledger", "Proxies", "Kubernetes", "Swarm", "Stack", "YAML", "Diagnostics", "Basics"]),
    room(
      "Report",
      [
        "Mapping", "Ledger", "Proxies", "Kubernetes", "Swarm", "Stack", "YAML", "Diagnostics",
        "Basics",
      ]),
    room(
      "Delivery", rooms.dropLast(2) + ["Templates"],
      resources: [.embedInCode("findings.txt")]),
    room("Disk", ["Delivery", "Swarm", "Stack", "Diagnostics", "Basics"]),
    .target(
      name: "Templates", path: "templates",
      resources: [
        .embedInCode("legend.md"), .embedInCode("report.html"), .embedInCode("ci/github.yml"),
        .embedInCode("ci/gitlab.yml"), .embedInCode("ci/pre-commit"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "stackferry",
      dependencies: rooms + [
        "Templates", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: rooms, path: "Tests/TestSupport",
      swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
    tests("stackferry", ["stackferry"] + rooms),
    tests("Architecture", []),
  ] + names.map { tests($0, rooms) }
)
