import Faults
import Testing

@testable import TaskRuntime

@Suite struct TaskCheckpointTests {
    private let maker = TaskCheckpoint.Maker(operatorName: "verify", operatorVersion: 1, code: "0.1", task: "t")

    private func example() -> TaskCheckpoint {
        TaskCheckpoint(
            maker: maker, unit: 3,
            positions: [.init(party: 1, isIncoming: false): 9, .init(party: 1, isIncoming: true): 1 << 40],
            state: [5, 6])
    }

    @Test func aCheckpointReadsBackTheSame() throws {
        let read = try TaskCheckpoint(decoding: example().encoded(), of: maker, unit: 3)
        #expect(read == example())
    }

    @Test func aCheckpointOfAnotherMakerOrUnitOrTaskIsRefused() {
        let bytes = example().encoded()
        var other = maker
        other.code = "0.2"
        #expect(throws: Fault(TaskFaults.checkpointVersion)) {
            try TaskCheckpoint(decoding: bytes, of: other, unit: 3)
        }
        other = maker
        other.operatorVersion = 2
        #expect(throws: Fault(TaskFaults.checkpointVersion)) {
            try TaskCheckpoint(decoding: bytes, of: other, unit: 3)
        }
        other = maker
        other.task = "u"
        #expect(throws: Fault(TaskFaults.checkpointUnreadable)) {
            try TaskCheckpoint(decoding: bytes, of: other, unit: 3)
        }
        #expect(throws: Fault(TaskFaults.checkpointUnreadable)) {
            try TaskCheckpoint(decoding: bytes, of: maker, unit: 2)
        }
    }

    @Test func apieceOfACheckpointIsRefused() {
        let bytes = example().encoded()
        for count in 0..<bytes.count - 2 {
            #expect(throws: Fault.self) {
                try TaskCheckpoint(decoding: Array(bytes[..<count]), of: maker, unit: 3)
            }
        }
    }
}
