// swift-tools-version: 6.3
// The parts that the sanitizers watch (`make test-all`): kernels, arithmetic, encryption, and what many threads share.
// The folders are links to the root's, so the very same sources and tests are built, with little of the rest.

import PackageDescription

let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")

let package = Package(
    name: "atoll-sanitize",
    platforms: [.macOS("26.0")],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        .target(name: "Faults", swiftSettings: common),
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-ffp-contract=off"])]),
        .target(name: "Arithmetic", dependencies: ["CKernels", "Faults"], swiftSettings: common),
        .target(name: "HomomorphicEncryption", dependencies: ["Arithmetic", "Faults"], swiftSettings: common),
        .target(name: "Observability", dependencies: ["Faults", logging, metrics], swiftSettings: common),
        .testTarget(name: "FaultsTests", dependencies: ["Faults"], swiftSettings: common),
        .testTarget(
            name: "ArithmeticTests", dependencies: ["Arithmetic", "CKernels", "Faults"], swiftSettings: common),
        .testTarget(
            name: "HomomorphicEncryptionTests",
            dependencies: ["Arithmetic", "HomomorphicEncryption", "Faults"],
            swiftSettings: common
        ),
        .testTarget(
            name: "ObservabilityTests",
            dependencies: ["Faults", "Observability", logging, metrics],
            swiftSettings: common
        ),
    ],
    cLanguageStandard: .c17
)
