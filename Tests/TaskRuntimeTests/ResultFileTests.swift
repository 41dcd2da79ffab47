import Faults
import Foundation
import Testing
import WorkerSocket

@testable import TaskRuntime

/// What a worker reads of the results that it was started with.
@Suite struct ResultFileTests {
    private func with(_ bytes: [UInt8], _ body: (Int32) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "atoll-result-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        try body(descriptor)
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 1_000_000, WorkerSocket.maximumPayload])
    func aResultIsReadWholeWhereverItsDescriptorStands(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
        try with(bytes) { descriptor in
            lseek(descriptor, off_t(count / 2), SEEK_SET)
            for _ in 0..<2 {
                let read = try ResultFile.read(descriptor, of: "a")
                #expect(read == bytes)
            }
        }
    }

    @Test func whatNoTaskCouldLeaveIsRefused() throws {
        try with([UInt8](repeating: 7, count: WorkerSocket.maximumPayload + 1)) { descriptor in
            #expect(throws: Fault(TaskFaults.resultTooLarge)) { _ = try ResultFile.read(descriptor, of: "a") }
        }
        let fault = #expect(throws: Fault(TaskFaults.dataMissing)) { _ = try ResultFile.read(-1, of: "train") }
        #expect(fault?.place == "result train")
    }

    @Test func aTaskFindsItsResultsByTheirReferences() throws {
        let data = TaskData(results: ["first": [1, 2]])
        #expect(try data.result("first") == [1, 2])
        let fault = #expect(throws: Fault(TaskFaults.dataMissing)) { _ = try data.result("second") }
        #expect(fault?.place == "result second")
    }
}
