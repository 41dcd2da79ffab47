import Faults
import Foundation
import Resources
import Testing

@testable import atoll

@Suite struct DataDirectoryTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-dir-\(ULID.make())").path

    private func withFolder(_ body: () throws -> Void) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body()
    }

    @Test func isMadeForItsOwnerAlone() throws {
        try withFolder {
            let directory = try DataDirectory(path: "\(folder)/a/b")
            #expect(FileFacts("\(folder)/a/b")?.permissions == 0o700)
            #expect(FileFacts(directory.file("lock"))?.permissions == 0o600)
        }
    }

    @Test func aSecondServerIsTurnedAwayAndToldWhoIsThere() throws {
        try withFolder {
            let first = try DataDirectory(path: folder)
            let fault = #expect(throws: Fault(ResourceFaults.storeLocked)) { _ = try DataDirectory(path: folder) }
            #expect(fault?.what.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
            _ = consume first
            _ = try DataDirectory(path: folder)
        }
    }

    @Test func foldersThatOthersCanReadAreRefused() throws {
        try withFolder {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            chmod(folder, 0o755)
            #expect(throws: Fault(ProgramFaults.unsafePermissions)) { _ = try DataDirectory(path: folder) }
        }
    }

    @Test func whatCannotBeAFolderIsRefused() throws {
        try withFolder {
            #expect(throws: Fault(ProgramFaults.dataDirectory)) { _ = try DataDirectory(path: "/dev/null") }
            #expect(throws: Fault(ProgramFaults.dataDirectory)) { _ = try DataDirectory(path: "/dev/null/x") }
            let long = folder + "/" + String(repeating: "x", count: 100)
            #expect(throws: Fault(ProgramFaults.socketPath)) { _ = try DataDirectory(path: long) }
        }
    }
}
