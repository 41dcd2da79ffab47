import Foundation
import GRDB
import Resources
import ResourcesTestKit
import Testing

/// `kill -9` of a process that writes: nothing acknowledged is lost, and the store opens every time.
@Suite struct KillTests {
    @Test(.timeLimit(.minutes(10)))
    func acknowledgedWritesSurviveKills() async throws {
        let rounds = ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] == "1" ? 200 : 24
        var generator = SeededGenerator.printed(for: "kill -9 during writes")
        try await withTemporaryFolder { folder in
            var record = Record()
            for round in 0..<rounds {
                let delay = Duration.milliseconds(Int.random(in: 1...250, using: &generator))
                let lines = try await writeUntilKilled(folder, seed: generator.next(), after: delay)
                record.add(lines)
                try await record.compare(with: folder, "seed \(generator.seed), round \(round)")
            }
            #expect(record.acknowledged > rounds, "the writer had time to write: \(record.acknowledged)")
        }
    }

    private func writeUntilKilled(_ folder: String, seed: UInt64, after delay: Duration) async throws -> [String] {
        let process = Process()
        process.executableURL = try writer()
        process.arguments = [folder, String(seed)]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        try await Task.sleep(for: delay)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "the writer did not end by itself")
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// The program that the same build put beside the tests.
    private func writer() throws -> URL {
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<4 {
            let candidate = folder.appending(path: "store-writer")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        throw WaitedTooLong("store-writer beside \(CommandLine.arguments[0])")
    }
}

/// What the writer was told, over all rounds.
private struct Record {
    struct Entry: Equatable {
        let uid: String
        let version: Int
        let generation: Int64
        let size: Int64
    }

    private(set) var acknowledged = 0
    /// By name; nil when the last acknowledged write was a deletion.
    private var last: [String: Entry?] = [:]
    private var newestVersion = 0
    private var versions: Set<Int> = []

    mutating func add(_ lines: [String]) {
        let before = newestVersion
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            acknowledged += 1
            guard words[0] == "put" else {
                last[words[1]] = .some(nil)
                continue
            }
            let entry = Entry(
                uid: words[2], version: Int(words[3])!, generation: Int64(words[4])!, size: Int64(words[5])!)
            #expect(entry.version > before, "versions after opening again are later than all before")
            #expect(versions.insert(entry.version).inserted, "version \(entry.version) was given out twice")
            newestVersion = max(newestVersion, entry.version)
            last[words[1]] = entry
        }
    }

    /// The state on disk is the acknowledged one, but for at most one write of each writer that was under way.
    mutating func compare(with folder: String, _ comment: Comment) async throws {
        let database = try SQLiteDatabase.forTest(in: folder)
        defer { try? database.close() }
        let store = try SQLiteResourceStore(database, history: 200)
        let integrity = try await database.read { db in try String.fetchAll(db, sql: "PRAGMA integrity_check") }
        #expect(integrity == ["ok"], comment)
        let items = try await store.listAll(ResourceQuery()).items
        let stored = Dictionary(uniqueKeysWithValues: items.map { ($0.metadata.name, $0) })
        var ahead: [String: Int] = [:]
        for name in Set(last.keys).union(stored.keys) {
            let told = last[name] ?? nil
            let found = stored[name].map {
                Entry(
                    uid: $0.metadata.uid,
                    version: Int($0.metadata.version!.text)!,
                    generation: $0.metadata.generation,
                    size: $0.spec["size"]!.integer!
                )
            }
            if found == told { continue }
            ahead[String(name.prefix(3)), default: 0] += 1
            if let found, let told, found.uid == told.uid {
                #expect(found.version > told.version, comment)
                #expect(found.size - told.size == found.generation - told.generation, comment)
                #expect((0...1).contains(found.size - told.size), "one write at most: \(name), \(comment)")
            } else {
                // One unacknowledged creation or deletion, not both.
                #expect((found == nil) != (told == nil), "\(name): \(comment)")
            }
        }
        #expect(ahead.values.allSatisfy { $0 == 1 }, "\(ahead) \(comment)")
        try await compareRevisions(of: items, in: store, comment)
        let newest = Int(try await store.list(ResourceQuery()).version.text)!
        #expect(newest >= newestVersion, comment)
        newestVersion = newest
        for name in Set(last.keys).union(stored.keys) {
            last[name] = stored[name].map {
                Entry(
                    uid: $0.metadata.uid,
                    version: Int($0.metadata.version!.text)!,
                    generation: $0.metadata.generation,
                    size: $0.spec["size"]!.integer!
                )
            }
        }
    }

    private func compareRevisions(of items: [Resource], in store: SQLiteResourceStore, _ comment: Comment) async throws
    {
        #expect(Set(items.map(\.metadata.version)).count == items.count, comment)
        for resource in items {
            let revisions = try await store.revisions(of: resource.id)
            #expect(revisions.map(\.number) == (1...resource.metadata.generation).map { $0 }, comment)
            #expect(revisions.allSatisfy { $0.uid == resource.metadata.uid }, comment)
            #expect(revisions.last?.spec == resource.spec, comment)
        }
    }
}
