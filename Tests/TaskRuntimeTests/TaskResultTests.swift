import Faults
import JobsTestKit
import ResourcesTestKit
import TaskRuntime
import Testing

@Suite struct TaskResultTests {
    private let result = TaskResult(output: [1, 2, 3], figures: ["a.b": 1.5, "a": -0.0, "z": 1e300])

    @Test func aResultReadsBackTheSame() throws {
        #expect(try TaskResult(decoding: try result.encoded()) == result)
        #expect(try TaskResult(decoding: try TaskResult(output: []).encoded()) == TaskResult(output: []))
    }

    @Test func bytesThatNobodyWroteAreRefused() throws {
        let bytes = try result.encoded()
        let unreadable = Fault(TaskFaults.resultUnreadable)
        for count in 0..<bytes.count {
            #expect(throws: unreadable) { try TaskResult(decoding: Array(bytes[..<count])) }
        }
        #expect(throws: unreadable) { try TaskResult(decoding: bytes + [0]) }
        // Whatever is changed: refused, or read as what is written exactly so.
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            var changed = bytes
            changed[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
            if let read = try? TaskResult(decoding: changed) { #expect(try read.encoded() == changed) }
        }
    }

    @Test func whatCannotBeHandedOverIsRefused() {
        #expect(throws: Fault(TaskFaults.resultTooLarge)) {
            try TaskResult(output: [UInt8](repeating: 0, count: 4 << 20)).encoded()
        }
        #expect(throws: Fault(TaskFaults.protocolBroken)) {
            try TaskResult(output: [], figures: ["a": .infinity]).encoded()
        }
        #expect(throws: Fault(TaskFaults.protocolBroken)) { try TaskResult(output: [], figures: ["": 1]).encoded() }
    }

    @Test func theDigestDependsOnSeedAndOutputAndNotOnFigures() {
        let seed = [UInt8](repeating: 1, count: 32)
        let digest = result.partDigest(seed: seed)
        #expect(digest.count == 32)
        #expect(digest == TaskResult(output: [1, 2, 3]).partDigest(seed: seed))
        #expect(digest != TaskResult(output: [1, 2, 4]).partDigest(seed: seed))
        #expect(digest != result.partDigest(seed: [UInt8](repeating: 2, count: 32)))
        // Computed apart: sha256(b"atoll/task/part/1\0" + b"\1" * 32 + b"\1\2\3").
        #expect(digest.hexadecimal == "4a6d08019065eaca60cd123d6077db3716d2aa09dca28b4b062247d2c1435a17")
    }
}
