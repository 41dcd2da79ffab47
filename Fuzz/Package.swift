// swift-tools-version: 6.3
// Fuzzers live in a package of their own: they are built whole with the sanitizers' instrumentation (`make fuzz`).
// Each target is one program around `LLVMFuzzerTestOneInput`; `--sanitize fuzzer` brings libFuzzer's `main` to it.
// The dependency is named, because the identity of a local package is otherwise the name of the clone's folder.

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "atoll-fuzz",
    platforms: [.macOS("26.0")],
    dependencies: [
        .package(name: "atoll", path: ".."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .executableTarget(
            name: "FuzzFaultNumber",
            dependencies: [.product(name: "Faults", package: "atoll")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzAlign",
            dependencies: [
                .product(name: "Faults", package: "atoll"),
                .product(name: "PrivateSetIntersection", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzCertificates",
            dependencies: [
                .product(name: "Resources", package: "atoll"), .product(name: "Sites", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzColumnFile",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Faults", package: "atoll"),
                .product(name: "Tables", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzCSV",
            dependencies: [.product(name: "Faults", package: "atoll"), .product(name: "Tables", package: "atoll")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzJoin",
            dependencies: [.product(name: "Sites", package: "atoll")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzJSON",
            dependencies: [.product(name: "Faults", package: "atoll"), .product(name: "Resources", package: "atoll")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzWorkerSocket",
            dependencies: [
                .product(name: "Faults", package: "atoll"), .product(name: "WorkerSocket", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzLink",
            dependencies: [.product(name: "Faults", package: "atoll"), .product(name: "Sites", package: "atoll")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzTaskOrder",
            dependencies: [
                .product(name: "Faults", package: "atoll"), .product(name: "TaskRuntime", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzModel",
            dependencies: [
                .product(name: "Faults", package: "atoll"), .product(name: "Modeling", package: "atoll"),
                .product(name: "TaskRuntime", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzJobPlan",
            dependencies: [
                .product(name: "Faults", package: "atoll"), .product(name: "Jobs", package: "atoll"),
                .product(name: "TaskRuntime", package: "atoll"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzLedgerStatement",
            dependencies: [.product(name: "Faults", package: "atoll"), .product(name: "Ledger", package: "atoll")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "FuzzYAML",
            dependencies: [.product(name: "Faults", package: "atoll"), .product(name: "Resources", package: "atoll")],
            swiftSettings: settings
        ),
    ]
)
