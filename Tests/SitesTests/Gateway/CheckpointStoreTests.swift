import Faults
import Foundation
import Sites
import SitesTestKit
import Testing

@Suite(.timeLimit(.minutes(3))) struct CheckpointStoreTests {
    @Test func memoryKeepsCheckpoints() async throws {
        try await CheckpointStoreSuite.run(MemoryCheckpointStore())
    }

    @Test func filesKeepCheckpoints() async throws {
        try await withFolder { try await CheckpointStoreSuite.run(FileCheckpointStore(folder: "\($0)/c")) }
    }

    @Test func filesOutliveTheirStoreAndAreForTheirOwnerAlone() async throws {
        try await withFolder { folder in
            try await FileCheckpointStore(folder: "\(folder)/c").save([1, 2], job: "01A", task: "t", unit: 1)
            let next = FileCheckpointStore(folder: "\(folder)/c")
            #expect(try await next.units(job: "01A", task: "t") == [1])
            #expect(try await next.resume(job: "01A", task: "t", at: 1) == [1, 2])
            let file = "\(folder)/c/01A/t/1.checkpoint"
            #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
            let folderMode = try FileManager.default.attributesOfItem(atPath: "\(folder)/c")[.posixPermissions] as? Int
            #expect(folderMode == 0o700)
        }
    }

    /// What a kill leaves: a file beside that was not renamed, cut anywhere.
    @Test func aSaveThatWasInterruptedLeavesTheOnesBefore() async throws {
        try await withFolder { folder in
            let store = FileCheckpointStore(folder: "\(folder)/c")
            try await store.save([1], job: "01A", task: "t", unit: 1)
            let whole = try Data(contentsOf: URL(filePath: "\(folder)/c/01A/t/1.checkpoint"))
            for count in 0...whole.count {
                try whole.prefix(count).write(to: URL(filePath: "\(folder)/c/01A/t/2.new"))
                #expect(try await store.units(job: "01A", task: "t") == [1])
                #expect(try await store.resume(job: "01A", task: "t", at: 1) == [1])
            }
            try await store.save([2], job: "01A", task: "t", unit: 2)
            #expect(try await store.resume(job: "01A", task: "t", at: 2) == [2])
            try await store.remove(job: "01A")
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/c") == [])
        }
    }

    @Test func aDamagedFileIsRefusedAndForgotten() async throws {
        try await withFolder { folder in
            let store = FileCheckpointStore(folder: "\(folder)/c")
            let file = URL(filePath: "\(folder)/c/01A/t/1.checkpoint")
            let unreadable = Fault(TaskFaults.checkpointUnreadable)
            try await store.save([1, 2, 3], job: "01A", task: "t", unit: 1)
            let whole = try Data(contentsOf: file)
            for place in whole.indices {
                var changed = whole
                changed[place] ^= 4
                try changed.write(to: file)
                await #expect(throws: unreadable) { try await store.resume(job: "01A", task: "t", at: 1) }
                #expect(try await store.units(job: "01A", task: "t") == [])
            }
            for count in [0, 10, whole.count - 1] {
                try whole.prefix(count).write(to: file)
                await #expect(throws: unreadable) { try await store.resume(job: "01A", task: "t", at: 1) }
            }
        }
    }

    @Test func whatCannotBeKeptIsSaid() async throws {
        try await withFolder { folder in
            try Data().write(to: URL(filePath: "\(folder)/file"))
            let store = FileCheckpointStore(folder: "\(folder)/file")
            let fault = Fault(TaskFaults.checkpointNotKept)
            await #expect(throws: fault) { try await store.save([], job: "01A", task: "t", unit: 1) }
            for name in ["..", "a/b", "", "ä", String(repeating: "x", count: 64)] {
                await #expect(throws: fault) { try await store.save([], job: name, task: "t", unit: 1) }
                await #expect(throws: fault) { try await store.save([], job: "01A", task: name, unit: 1) }
                await #expect(throws: fault) { try await store.remove(job: name) }
            }
        }
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "atoll-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }
}
