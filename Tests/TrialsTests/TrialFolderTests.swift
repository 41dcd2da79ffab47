import Faults
import Foundation
import Jobs
import ResourcesTestKit
import Testing

@testable import Trials

/// The folder of a trial: what it says, and how it is removed.
@Suite struct TrialFolderTests {
    private func withData(_ body: (String) async throws -> Void) async throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "atoll-trials-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: data) }
        try await body(data)
    }

    @Test func aTrialThatIsNotThereCannotBeCleaned() async throws {
        try await withData { data in
            #expect(throws: Fault(TrialFaults.unknown)) { try TrialShelf(data: data).clean("none") }
            #expect(TrialShelf(data: data).list().isEmpty)
        }
    }

    @Test func aFolderThatCannotBeMadeIsAFault() throws {
        #expect(throws: Fault(TrialFaults.folder)) { _ = try TrialFolder.make("t", in: "/dev/null/data") }
    }

    @Test func whatAKilledDriverLeftIsSeenAndRemoved() async throws {
        try await withData { data in
            var held: TrialFolder? = try TrialFolder.make("t", in: data)
            #expect(held?.state == .running)
            // The system gives the lock of a process that is gone back.
            held = nil
            let made = try TrialShelf(data: data).folder(of: "t")
            // The record of a process that is gone.
            var record = try #require(made.record)
            record.driverStart += 1
            try record.encoded().write(to: URL(filePath: made.path + "/trial.json"))
            let site = Process()
            site.executableURL = URL(filePath: "/bin/sleep")
            site.arguments = ["3600"]
            site.environment = [made.mark.variable: made.mark.value]
            try site.run()
            let process = site.processIdentifier
            try await eventually(within: .seconds(120), "its program") { made.mark.isOn(process) }
            let shelf = TrialShelf(data: data)
            #expect(shelf.list().map(\.state) == [.left])
            #expect(shelf.list().first?.processes() == [process])
            #expect(throws: Fault(TrialFaults.exists)) { _ = try TrialFolder.make("t", in: data) }
            // Signal 0 ends nothing.
            let fault = #expect(throws: Fault(TrialFaults.leftBehind)) {
                try made.clear(with: 0, patience: .milliseconds(50))
            }
            #expect(fault?.place == "processes \(process)")
            try shelf.clean("t")
            site.waitUntilExit()
            #expect(site.terminationReason == .uncaughtSignal)
            #expect(!FileManager.default.fileExists(atPath: data), "nothing else was in it")
        }
    }

    @Test func aDataDirectoryThatWasThereBeforeStays() async throws {
        try await withData { data in
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let made = try TrialFolder.make("t", in: data)
            try made.clear()
            TrialShelf(data: data).tidy(after: made)
            let left = try FileManager.default.contentsOfDirectory(atPath: data)
            #expect(left == [])
        }
    }

    /// What was read of a trial before its folder is held may be old.
    @Test func aTrialThatBeganToRunMeanwhileIsNotRemoved() async throws {
        try await withData { data in
            var held: TrialFolder? = try TrialFolder.make("t", in: data)
            let path = try #require(held?.path)
            held = nil
            var record = try #require(TrialRecord.read(path + "/trial.json"))
            record.driverStart += 1
            try record.encoded().write(to: URL(filePath: path + "/trial.json"))
            let old = try TrialShelf(data: data).folder(of: "t")
            #expect(old.state == .left)
            record.driverStart -= 1
            try record.encoded().write(to: URL(filePath: path + "/trial.json"))
            #expect(throws: Fault(TrialFaults.running)) { _ = try old.holdForRemoval() }
            #expect(FileManager.default.fileExists(atPath: path))
            try FileManager.default.removeItem(atPath: path)
            #expect(throws: Fault(TrialFaults.unknown)) { _ = try old.holdForRemoval() }
        }
    }

    @Test func aFolderWithoutARecordIsRemovedToo() async throws {
        try await withData { data in
            let shelf = TrialShelf(data: data)
            try shelf.make()
            try FileManager.default.createDirectory(
                atPath: shelf.folder("half") + "/a", withIntermediateDirectories: true)
            #expect(shelf.list().map(\.state) == [.left])
            try shelf.clean("half")
            #expect(shelf.list().isEmpty)
        }
    }
}
