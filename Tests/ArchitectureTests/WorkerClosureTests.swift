import Foundation
import Testing

/// What a worker's core brings with it: nothing with an event loop, so that it runs where there are no timers.
@Suite struct WorkerClosureTests {
    /// Everything that may be there, from the compiler and this package. Foundation's essentials are values; its rest
    /// (run loops, timers, processes) and Dispatch are not among them.
    private static let allowed: Set = [
        "Arithmetic", "CKernels", "CTables", "Crypto", "CryptoBoringWrapper", "Faults", "FoundationEssentials", "Glibc",
        "HomomorphicEncryption", "Modeling", "Musl", "PrivateSetIntersection", "Swift", "SwiftOnoneSupport",
        "Synchronization",
        "Tables", "TaskRuntime", "WorkerSocket",
        "_Builtin_float", "_Concurrency", "_FoundationCollections", "_FoundationCShims", "_StringProcessing",
        "SwiftGlibc",
    ]

    private static let targets = [
        "Faults", "Arithmetic", "HomomorphicEncryption", "Modeling", "PrivateSetIntersection", "Tables",
        "WorkerSocket", "TaskRuntime",
    ]

    @Test func theManifestGivesItOnlyCrypto() throws {
        let targets = Dictionary(uniqueKeysWithValues: try Manifest.root.get().targets.map { ($0.name, $0) })
        var closure: Set<String> = []
        var products: Set<String> = []
        func visit(_ name: String) throws {
            guard closure.insert(name).inserted else { return }
            for dependency in try #require(targets[name]).dependencies {
                if dependency.isOwn { try visit(dependency.name) } else { products.insert(dependency.name) }
            }
        }
        try visit("TaskRuntime")
        #expect(
            closure == [
                "Arithmetic", "CKernels", "CTables", "Faults", "HomomorphicEncryption", "Modeling",
                "PrivateSetIntersection", "Tables", "TaskRuntime", "WorkerSocket",
            ])
        #expect(products == ["Crypto"])
    }

    /// The compiler writes down every module that it loaded for a file, also by way of others.
    @Test func theCompilerLoadsNothingElseForIt() throws {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let build = program.deletingLastPathComponent()
        for target in Self.targets {
            let folder = build.appending(path: "\(target).build")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            let files = names.filter { $0.hasSuffix(".d") }
            guard !files.isEmpty else {
                print("skipped: this build keeps no dependency files of \(target)")
                continue
            }
            var modules: Set<String> = []
            for file in files {
                let text = String(decoding: try Data(contentsOf: folder.appending(path: file)), as: UTF8.self)
                modules.formUnion(text.matches(of: /\/(\w+)\.swiftmodule(?=[\/\s]|$)/).map { String($0.1) })
            }
            #expect(modules.contains("Swift"))
            #expect(modules.subtracting(Self.allowed).isEmpty, "\(target)")
        }
    }

    @Test func itsSourcesNameNoOtherModule() throws {
        for target in Self.targets {
            for file in Repository.files(under: "Sources/\(target)", endings: ["swift"]) {
                let text = try Repository.text(file)
                for line in text.matches(of: /^(\s*)(?:\w+ )?import (\w+)/.anchorsMatchLineEndings()) {
                    let isFallback = ["Foundation", "Darwin"].contains(line.2) && !line.1.isEmpty
                    #expect(Self.allowed.contains(String(line.2)) || isFallback, "\(file) imports \(line.2)")
                }
            }
        }
    }
}
