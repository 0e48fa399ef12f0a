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

let package = Package(
  name: "stackferry",
  products: [.executable(name: "stackferry", targets: ["stackferry"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    room("Diagnostics"),
    room("YAML", ["CLibYAML", "Diagnostics"]),
    room("Stack", ["YAML", "Diagnostics"]),
    room("Swarm", ["Stack", "YAML", "Diagnostics"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    room("Images", ["CZlib", "Swarm", "Stack", "YAML", "Diagnostics"]),
    room(
      "Kubernetes", ["YAML", "Diagnostics"], resources: [.embedInCode("Schema/schemas.txt")]),
    room("Migration", ["Swarm", "Stack", "YAML", "Kubernetes", "Diagnostics"]),
    room(
      "Delivery",
      ["Migration", "Images", "Swarm", "Stack", "Kubernetes", "YAML", "Diagnostics", "Templates"],
      resources: [.embedInCode("findings.txt")]),
    room("Disk", ["Delivery", "Swarm", "Stack", "Diagnostics"]),
    .target(
      name: "Templates", path: "templates",
      resources: [
        .embedInCode("legend.md"), .embedInCode("report.html"), .embedInCode("ci/github.yml"),
        .embedInCode("ci/gitlab.yml"), .embedInCode("ci/pre-commit"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "stackferry",
      dependencies: [
        "Disk", "Delivery", "Migration", "Images", "Swarm", "Stack", "Kubernetes", "YAML",
        "Diagnostics",
        "Templates",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "TestSupport", path: "Tests/TestSupport",
      swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
    tests("Diagnostics", ["Diagnostics"]),
    tests("YAML", ["YAML", "Diagnostics"]),
    tests("Stack", ["Stack", "YAML", "Diagnostics"]),
    tests("Swarm", ["Swarm", "Stack", "YAML", "Diagnostics"]),
    tests("Images", ["Images", "Swarm", "Stack", "YAML", "Diagnostics"]),
    tests("Kubernetes", ["Kubernetes", "YAML", "Diagnostics"]),
    tests(
      "Migration",
      [
        "Migration", "Images", "Swarm", "Stack", "Kubernetes", "YAML", "Diagnostics", "Delivery",
      ]),
    tests(
      "Delivery",
      [
        "Delivery", "Migration", "Images", "Swarm", "Stack", "Kubernetes", "YAML", "Diagnostics",
      ]),
    tests("Disk", ["Disk", "Delivery", "Swarm", "Stack", "Diagnostics"]),
    tests("stackferry", ["stackferry", "YAML", "Diagnostics"]),
    tests("Architecture", []),
  ]
)
