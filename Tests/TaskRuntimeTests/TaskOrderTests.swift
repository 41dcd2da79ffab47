import Faults
import Foundation
import JobsTestKit
import ResourcesTestKit
import TaskRuntime
import Testing

@Suite struct TaskOrderTests {
    private static let hex = String(repeating: "0a", count: 32)

    private static func example() -> TaskOrder {
        var order = TaskOrder(
            socket: "/s", token: hex, job: "01J", task: "t", epoch: 3, operatorName: "verify", operatorVersion: 1,
            parameters: ["a": .integer(1), "b": .number(0.5), "c": .boolean(true), "d": .text("x")],
            parties: [.init(site: "s1", role: "member"), .init(site: "s2", role: "member")], party: 1, seed: hex,
            unit: 2, threads: 2, scratch: "/x")
        order.inputs = [.init(dataset: "loans", descriptor: 3)]
        order.results = [.init(reference: "first", descriptor: 5)]
        order.output = 4
        return order
    }

    @Test func anOrderReadsBackTheSame() throws {
        let order = Self.example()
        #expect(try TaskOrder(decoding: try order.encoded()) == order)
        #expect(try TaskOrder.read(try order.encoded()) == order)
    }

    @Test(
        arguments: [
            { $0.token = "0a" }, { $0.seed = "zz" + hex.dropFirst(2) }, { $0.party = 2 }, { $0.party = -1 },
            { $0.job = "" }, { $0.task = String(repeating: "x", count: 64) }, { $0.version = 9 }, { $0.threads = 0 },
            { $0.parties[0].site = "s2" }, { $0.parties = [] }, { $0.operatorName = "" },
            { $0.inputs[0].descriptor = 2 }, { $0.output = 3 },
            { $0.inputs.append(.init(dataset: "loans", descriptor: 9)) }, { $0.version = 2 },
            { $0.results[0].descriptor = 3 }, { $0.results[0].descriptor = 2 },
            { $0.results.append(.init(reference: "first", descriptor: 9)) },
            { order in order.results = (0..<31).map { .init(reference: "r\($0)", descriptor: 9 + $0) } },
            { order in order.inputs = (0..<33).map { .init(dataset: "d\($0)", descriptor: 3 + $0) } },
        ] as [@Sendable (inout TaskOrder) -> Void])
    func anOrderWhoseFieldsCannotBeIsRefused(_ change: @Sendable (inout TaskOrder) -> Void) throws {
        var order = Self.example()
        change(&order)
        let bytes = try order.encoded()
        #expect(throws: Fault(TaskFaults.orderUnreadable)) { try TaskOrder.read(bytes) }
    }

    /// An order of an earlier version says nothing of results, and is not taken for one without.
    @Test func anOrderThatLeavesSomethingOutIsRefused() throws {
        let text = String(decoding: try Self.example().encoded(), as: UTF8.self)
        let part = "\"results\":[{\"descriptor\":5,\"reference\":\"first\"}],"
        let without = Array(text.replacing(part, with: "").utf8)
        #expect(without.count == text.utf8.count - part.utf8.count)
        #expect(throws: Fault(TaskFaults.orderUnreadable)) { try TaskOrder.read(without) }
    }

    @Test func noBytesStopTheReader() throws {
        let bytes = try Self.example().encoded()
        var generator = SeededGenerator.printed(for: "noBytesStopTheReader")
        for _ in 0..<3_000 {
            var changed = bytes
            for _ in 0...generator.next() % 3 {
                changed[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            changed = Array(changed.prefix(Int(generator.next() % UInt64(bytes.count + 1))))
            do {
                _ = try TaskOrder.read(changed)
            } catch {
                #expect(error == Fault(TaskFaults.orderUnreadable), "seed \(generator.seed)")
            }
        }
        for bytes in [
            [], Array("{}".utf8), [UInt8](repeating: 0x5B, count: 100_000), [UInt8](repeating: 32, count: 2 << 20),
        ] {
            #expect(throws: Fault(TaskFaults.orderUnreadable)) { try TaskOrder.read(bytes) }
        }
    }

    /// A fuzzer that begins with what is refused at its first member finds nothing.
    @Test func theFuzzersExampleIsAnOrderOfThisVersion() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = Array(try Data(contentsOf: root.appending(path: "Fuzz/Corpus/FuzzTaskOrder/order")))
        let order = try TaskOrder.read(bytes)
        #expect(order.results.count == 2 && order.inputs.count == 1 && order.columns.count == 1 && order.output != nil)
    }

    @Test func aFaultDoesNotQuoteTheToken() throws {
        var order = Self.example()
        order.token += "ff"
        let bytes = try order.encoded()
        do {
            _ = try TaskOrder.read(bytes)
            Issue.record("not refused")
        } catch {
            #expect(!error.description.contains("0a0a"))
        }
    }
}
