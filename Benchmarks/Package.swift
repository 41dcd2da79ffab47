// swift-tools-version: 6.3
// Benchmarks live in a package of their own, so that the product never resolves or builds what only they need.
// The dependency is named, because the identity of a local package is otherwise the name of the clone's folder.

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "atoll-benchmarks",
    platforms: [.macOS("26.0")],
    dependencies: [
        .package(name: "atoll", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
    ],
    targets: [
        .target(name: "BenchKit", swiftSettings: settings),
        .systemLibrary(name: "CGMP", pkgConfig: "gmp", providers: [.apt(["libgmp-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "CIFMARate"),
        .executableTarget(
            name: "atoll-bench-psi",
            dependencies: [
                "BenchKit", "CIFMARate", "COpenSSL",
                .product(name: "PrivateSetIntersection", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "atoll-bench-boost",
            dependencies: ["BenchKit", .product(name: "Modeling", package: "atoll")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "atoll-bench-scorecard",
            dependencies: ["BenchKit", .product(name: "Modeling", package: "atoll")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "atoll-bench-he",
            dependencies: [
                "BenchKit", "CGMP", "CIFMARate",
                .product(name: "Arithmetic", package: "atoll"),
                .product(name: "Faults", package: "atoll"),
                .product(name: "HomomorphicEncryption", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        // Two sites in one process, for benches of what lies between them.
        .target(
            name: "BenchSites",
            dependencies: [
                .product(name: "Faults", package: "atoll"),
                .product(name: "Ledger", package: "atoll"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Resources", package: "atoll"),
                .product(name: "Sites", package: "atoll"),
                .product(name: "WorkerSocket", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "atoll-bench-link",
            dependencies: [
                "BenchKit", "BenchSites",
                .product(name: "Faults", package: "atoll"),
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
                .product(name: "Ledger", package: "atoll"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Resources", package: "atoll"),
                .product(name: "Sites", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "atoll-bench-jobs",
            dependencies: [
                "BenchKit", "BenchSites",
                .product(name: "Ledger", package: "atoll"),
                .product(name: "TaskRuntime", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "atoll-bench-ledger",
            dependencies: [
                "BenchKit", "BenchSites",
                .product(name: "Ledger", package: "atoll"),
                .product(name: "Resources", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "atoll-bench-store",
            dependencies: [
                "BenchKit",
                .product(name: "Faults", package: "atoll"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Resources", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        // One site over TLS, for benches of what people ask of it.
        .target(name: "BenchAPI", dependencies: ["BenchKit", "COpenSSL"], swiftSettings: settings),
        .executableTarget(name: "atoll-bench-api", dependencies: ["BenchAPI", "BenchKit"], swiftSettings: settings),
        .executableTarget(name: "atoll-bench-portal", dependencies: ["BenchAPI", "BenchKit"], swiftSettings: settings),
        .executableTarget(name: "atoll-bench-trial", dependencies: ["BenchKit"], swiftSettings: settings),
        .executableTarget(
            name: "atoll-bench-tables",
            dependencies: ["BenchKit", .product(name: "Tables", package: "atoll")],
            swiftSettings: settings
        ),
        .testTarget(name: "BenchKitTests", dependencies: ["BenchKit"], swiftSettings: settings),
    ]
)
