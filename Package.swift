// swift-tools-version: 6.3
// Parts stand bottom up as in ARCHITECTURE.md: a target may depend only on targets listed above it.
// `Tests/ArchitectureTests` holds this order; third-party packages are named where they are used and nowhere else.

import PackageDescription

/// One settings array for every Swift target.
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// Numeric and cryptographic targets add strict memory safety.
let numeric: [SwiftSetting] = common + [.strictMemorySafety()]

/// Every C target: no fused or reassociated floating point, so that results do not depend on the machine; and the
/// optimisation that keeps the kernels' tiles in registers, in every configuration (44 times slower without any).
let kernels: [CSetting] = [.unsafeFlags(["-ffp-contract=off", "-O3"])]

/// Products of other packages that many targets use.
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let database = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")

/// Tests of one part.
func tests(
    _ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = common
) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "atoll",
    platforms: [.macOS("26.0")],
    products: [
        .executable(name: "atoll", targets: ["atoll"])
    ]
        // Libraries for the nested packages (Benchmarks, Fuzz, Sanitize), which need only what they measure.
        + [
            "Faults", "Arithmetic", "HomomorphicEncryption", "Tables", "PrivateSetIntersection", "Resources", "Ledger",
            "Sites", "WorkerSocket", "TaskRuntime", "Jobs", "Modeling",
        ].map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "Faults", swiftSettings: common),
        .target(name: "CKernels", cSettings: kernels),
        .target(name: "CProcesses", cSettings: kernels),
        // zlib is in every Debian system; gzip files and the texts of column files need it.
        .target(name: "CTables", cSettings: kernels, linkerSettings: [.linkedLibrary("z")]),
        .target(
            name: "Arithmetic", dependencies: ["CKernels", "Faults"],
            exclude: ["README.md"],
            swiftSettings: numeric
        ),
        .target(name: "HomomorphicEncryption", dependencies: ["Arithmetic", "Faults"], swiftSettings: numeric),
        .target(name: "Tables", dependencies: ["CTables", "Faults", crypto], swiftSettings: common),
        .target(
            name: "PrivateSetIntersection",
            dependencies: ["Arithmetic", "CKernels", "Faults", crypto],
            swiftSettings: numeric
        ),
        // Pure computation on columns: no files, no network, no clock.
        .target(name: "Modeling", dependencies: ["Faults", crypto], swiftSettings: numeric),
        .target(
            name: "Resources",
            dependencies: [
                "Faults", coreMetrics, database, logging, lifecycle,
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: common
        ),
        .target(name: "Secrets", dependencies: ["Faults", "Resources", crypto, database], swiftSettings: common),
        .target(
            name: "Observability",
            dependencies: ["CProcesses", "Faults", "Resources", coreMetrics, database, lifecycle, logging, metrics],
            swiftSettings: common
        ),
        .target(
            name: "Objects",
            dependencies: [
                "Faults", "Resources", crypto, database, logging, metrics, nioCore, nioPosix, lifecycle,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: common
        ),
        .target(name: "WorkerSocket", dependencies: ["Faults"], swiftSettings: common),
        // What a worker runs in: nothing with an event loop is in its import closure.
        .target(
            name: "TaskRuntime",
            dependencies: [
                "Arithmetic", "Faults", "HomomorphicEncryption", "Modeling", "PrivateSetIntersection", "Tables",
                "WorkerSocket", crypto,
            ],
            swiftSettings: common
        ),
        .target(name: "Ledger", dependencies: ["Faults", "Resources", crypto, database], swiftSettings: common),
        .target(
            name: "People",
            dependencies: [
                "Faults", "Ledger", "Resources", asn1, crypto, cryptoExtras, database, lifecycle, logging, x509,
            ],
            swiftSettings: common),
        .target(
            name: "Sites",
            dependencies: [
                "Faults", "Ledger", "Resources", "Secrets", "WorkerSocket", crypto, database, logging, metrics,
                nioCore, nioPosix, lifecycle, asn1, x509,
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
                .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: common
        ),
        .target(
            name: "Data",
            dependencies: [
                "Faults", "Ledger", "Modeling", "Objects", "People", "Resources", "Tables", crypto, database, logging,
                metrics, lifecycle,
            ],
            swiftSettings: common),
        .target(
            name: "Jobs",
            dependencies: [
                "CProcesses", "Data", "Faults", "Ledger", "Observability", "People", "Resources", "Sites",
                "TaskRuntime",
                "WorkerSocket", crypto, database, logging, metrics, lifecycle,
            ],
            swiftSettings: common
        ),
        .target(
            name: "Models",
            dependencies: [
                "Data", "Faults", "Jobs", "Ledger", "Modeling", "Objects", "Resources", "Sites", "Tables",
                "TaskRuntime",
                database, logging,
            ],
            swiftSettings: common),
        .target(name: "Charts", swiftSettings: common),
        // Drives sites by their API alone; the program gives it the client.
        .target(
            name: "Trials",
            dependencies: [
                "Charts", "Faults", "Jobs", "Ledger", "Modeling", "Resources", "Tables", "TaskRuntime", "WorkerSocket",
            ],
            swiftSettings: common
        ),
        .target(
            name: "API",
            dependencies: [
                "Data", "Faults", "Jobs", "Ledger", "Models", "Objects", "Observability", "People", "Resources",
                "Secrets", "Sites", "Tables", "TaskRuntime", logging, metrics, nioCore, nioPosix, lifecycle,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: common
        ),
        // The files that pages name are in the program: `#embed` in C, which costs no build time.
        .target(name: "PortalAssets", exclude: ["files"], cSettings: kernels),
        .target(
            name: "Portal",
            dependencies: [
                "API", "CTables", "Charts", "Faults", "Models", "People", "PortalAssets", "Resources", crypto, logging,
                nioCore, lifecycle,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: common
        ),
        .executableTarget(
            name: "atoll",
            dependencies: [
                "API", "Arithmetic", "Data", "Faults", "Jobs", "Ledger", "Models", "Objects", "Observability", "People",
                "Portal", "Resources", "Secrets", "Sites", "TaskRuntime", "Trials", "WorkerSocket", crypto, database,
                logging,
                metrics, nioCore, nioPosix, lifecycle,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: common
        ),
        .target(
            name: "ResourcesTestKit", dependencies: ["Faults", "Resources"], path: "Tests/ResourcesTestKit",
            swiftSettings: common),
        // Delay proxy, in-memory pieces and the conformance suite of link transports.
        .target(
            name: "SitesTestKit",
            dependencies: [
                "Faults", "Ledger", "Resources", "ResourcesTestKit", "Sites", "WorkerSocket", logging, nioCore,
                nioPosix,
            ],
            path: "Tests/SitesTestKit",
            swiftSettings: common
        ),
        // The in-memory harness of task protocols, the conformance suite of runners, sites in memory with jobs.
        .target(
            name: "JobsTestKit",
            dependencies: [
                "Faults", "Jobs", "Ledger", "Resources", "ResourcesTestKit", "Sites", "SitesTestKit", "TaskRuntime",
                "WorkerSocket",
            ],
            path: "Tests/JobsTestKit",
            swiftSettings: common
        ),
        // The conformance suite of object stores.
        .target(
            name: "ObjectsTestKit", dependencies: ["Faults", "Objects", "Resources"], path: "Tests/ObjectsTestKit",
            swiftSettings: common),
        tests(
            "ObjectsTests",
            [
                "Faults", "Objects", "ObjectsTestKit", "Resources", "ResourcesTestKit", logging, lifecycle,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        tests(
            "DataTests",
            [
                "Data", "Faults", "Ledger", "Objects", "People", "Resources", "ResourcesTestKit", "Tables", crypto,
                database, logging, lifecycle,
            ]),
        tests(
            "TaskRuntimeTests",
            [
                "Arithmetic", "Faults", "HomomorphicEncryption", "JobsTestKit", "Modeling", "PrivateSetIntersection",
                "ResourcesTestKit", "Tables", "TaskRuntime", "WorkerSocket",
            ]),
        // A worker that behaves as its order says, and a site that is killed; tests of runners start it. Not a product.
        .executableTarget(
            name: "runner-probe", dependencies: ["Jobs", logging],
            path: "Tests/Support/RunnerProbe",
            swiftSettings: common
        ),
        tests(
            "JobsTests",
            [
                "runner-probe", "Data", "Faults", "Jobs", "JobsTestKit", "Ledger", "Observability", "Resources",
                "ResourcesTestKit", "Sites", "SitesTestKit", "TaskRuntime", "WorkerSocket", crypto, database, logging,
                lifecycle,
            ]),
        tests("ArithmeticTests", ["Arithmetic", "CKernels", "Faults"], numeric),
        tests(
            "HomomorphicEncryptionTests",
            [
                "Arithmetic", "Faults", "HomomorphicEncryption", "ResourcesTestKit",
            ], numeric),
        tests(
            "PrivateSetIntersectionTests",
            [
                "Arithmetic", "CKernels", "Faults", "PrivateSetIntersection", "ResourcesTestKit",
            ], numeric),
        tests("TablesTests", ["CTables", "Faults", "ResourcesTestKit", "Tables", crypto]),
        tests("ModelingTests", ["Faults", "Modeling", "ResourcesTestKit", crypto], numeric),
        tests("ArchitectureTests", []),
        tests("ChartsTests", ["Charts"]),
        tests("FaultsTests", ["Faults"]),
        tests(
            "ObservabilityTests", ["Faults", "Observability", "Resources", coreMetrics, database, lifecycle, logging]),
        // Writes to a store until it is killed; the tests start it. Not a product.
        .executableTarget(
            name: "store-writer", dependencies: ["Resources"],
            path: "Tests/Support/StoreWriter",
            swiftSettings: common),
        tests(
            "ResourcesTests",
            [
                "Faults", "Resources", "ResourcesTestKit", "store-writer", coreMetrics, database, logging, lifecycle,
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]),
        tests(
            "APITests",
            [
                "API", "Faults", "Jobs", "Ledger", "Observability", "People", "Resources", "Secrets", "Sites",
                "TaskRuntime", crypto, logging, nioCore, lifecycle,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
        tests(
            "PortalTests",
            [
                "API", "Charts", "Faults", "Jobs", "People", "Portal", "PortalTestKit", "Resources", "ResourcesTestKit",
                "TaskRuntime", logging, nioCore,
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ]),
        tests(
            "AtollTests",
            [
                "API", "Data", "Faults", "Jobs", "JobsTestKit", "Ledger", "Modeling", "Objects", "Observability",
                "People", "PeopleTestKit", "Portal", "PortalTestKit", "Resources", "ResourcesTestKit", "Sites",
                "SitesTestKit", "TaskRuntime", "Trials", "WorkerSocket", "atoll", nioCore,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        tests("TrialsTests", ["Charts", "Faults", "Jobs", "PortalTestKit", "Resources", "ResourcesTestKit", "Trials"]),
        // A real browser, and what every page is held to.
        .target(
            name: "PortalTestKit",
            dependencies: [
                "Resources", nioCore, .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Tests/PortalTestKit", swiftSettings: common),
        .target(
            name: "PeopleTestKit", dependencies: ["Resources"], path: "Tests/PeopleTestKit", swiftSettings: common),
        tests(
            "PeopleTests",
            [
                "Faults", "Ledger", "People", "PeopleTestKit", "Resources", crypto, database, logging, lifecycle,
            ]),
        tests("WorkerSocketTests", ["Faults", "WorkerSocket"]),
        // Writes to a ledger until it is killed; the tests start it. Not a product.
        .executableTarget(
            name: "ledger-writer",
            dependencies: ["Ledger", "Resources", crypto],
            path: "Tests/Support/LedgerWriter",
            swiftSettings: common),
        tests("LedgerTests", ["Faults", "Ledger", "Resources", "ResourcesTestKit", "ledger-writer", crypto, database]),
        // A gateway in a process of its own; the tests start and kill it. Not a product.
        .executableTarget(
            name: "gateway-host",
            dependencies: ["Faults", "Ledger", "Resources", "Sites", "WorkerSocket", logging],
            path: "Tests/Support/GatewayHost",
            swiftSettings: common),
        tests(
            "SitesTests",
            [
                "Faults", "Ledger", "Resources", "ResourcesTestKit", "Secrets", "Sites", "SitesTestKit", "WorkerSocket",
                "gateway-host", crypto, database, logging, nioCore, nioPosix, lifecycle, asn1, x509,
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]),
        tests("SecretsTests", ["Faults", "Resources", "Secrets", database]),
        tests(
            "ModelsTests",
            [
                "Faults", "Jobs", "JobsTestKit", "Ledger", "Modeling", "Models", "Resources", "ResourcesTestKit",
                "Sites", "Tables", "TaskRuntime", database, logging, lifecycle,
            ]),
    ],
    cLanguageStandard: .c17
)
