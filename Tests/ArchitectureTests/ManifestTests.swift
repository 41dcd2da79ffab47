import Foundation
import Testing

/// Holds Package.swift to ARCHITECTURE.md.
@Suite struct ManifestTests {
    private let manifest: Manifest
    private let table: PartsTable
    private var parts: [Manifest.Target] { manifest.targets.filter { $0.type != "test" && !isTestKit($0) } }

    init() throws {
        manifest = try Manifest.root.get()
        table = PartsTable(try Repository.text("ARCHITECTURE.md"))
    }

    @Test func theTableNamesEveryPartAndNoOther() {
        #expect(table.rows.map(\.target).sorted() == parts.map(\.name).sorted())
    }

    @Test func theTableNamesTheFolders() throws {
        for part in parts {
            #expect(table.rows.first { $0.target == part.name }?.folder == part.folder)
        }
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Repository.root.appending(path: "Sources").path)
        #expect(folders.filter { !$0.hasPrefix(".") }.sorted() == parts.map(\.name).sorted())
    }

    @Test func aPartUsesOnlyPartsAboveItInTheTable() throws {
        for part in parts {
            let place = try #require(table.place(part.name))
            for dependency in part.dependencies where dependency.isOwn {
                let other = try #require(
                    table.place(dependency.name), "\(part.name) depends on \(dependency.name), which is no part")
                #expect(other < place, "\(part.name) must not depend on \(dependency.name), which is not above it")
            }
        }
    }

    @Test func everySwiftTargetHasTheSharedSettings() throws {
        let shared = try #require(manifest.targets.first { $0.name == "Faults" }).swiftSettings
        #expect(
            shared == [
                "enableUpcomingFeature ExistentialAny", "enableUpcomingFeature ImmutableWeakCaptures",
                "enableUpcomingFeature InferIsolatedConformances", "enableUpcomingFeature InternalImportsByDefault",
                "enableUpcomingFeature MemberImportVisibility",
                "enableUpcomingFeature NonisolatedNonsendingByDefault", "swiftLanguageMode 6",
            ])
        for target in manifest.targets where target.isSwift {
            #expect(target.swiftSettings.subtracting(["strictMemorySafety"]) == shared, "\(target.name)")
        }
    }

    @Test(arguments: ["Arithmetic", "HomomorphicEncryption", "Modeling", "PrivateSetIntersection", "FederatedLearning"])
    func numericAndCryptographicTargetsAreMemorySafe(name: String) {
        for target in manifest.targets where target.name == name || target.name == name + "Tests" {
            #expect(target.swiftSettings.contains("strictMemorySafety"), "\(target.name)")
        }
    }

    @Test func cTargetsNeitherFuseNorReassociate() {
        for target in manifest.targets where !target.isSwift {
            let flags = target.settings.flatMap { $0.kind.split(separator: " ") }
            #expect(flags.contains("-ffp-contract=off"), "\(target.name)")
            #expect(!flags.contains { $0.hasPrefix("-ffast-math") || $0.hasPrefix("-Ofast") }, "\(target.name)")
        }
    }

    /// GMP and the like are what a bench compares with. They would have to come as a system library or a linked one.
    @Test func theProductLinksNothingThatOnlyABenchNeeds() {
        #expect(manifest.targets.filter { $0.type == "system" }.map(\.name) == [])
        for target in manifest.targets {
            // zlib is in every Debian system, and the packages that the product stands on link it as well.
            let allowed = target.name == "CTables" ? ["linkedLibrary z"] : []
            #expect(target.settings.filter { $0.tool == "linker" }.map(\.kind) == allowed, "\(target.name)")
        }
    }

    /// A test kit is a library for tests and lies with them.
    private func isTestKit(_ target: Manifest.Target) -> Bool { target.folder.hasPrefix("Tests/") }
}

extension Manifest.Target {
    var swiftSettings: Set<String> { Set(settings.filter { $0.tool == "swift" }.map(\.kind)) }
}
