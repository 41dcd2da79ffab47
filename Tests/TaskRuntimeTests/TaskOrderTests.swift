import TaskRuntime
import Testing

@Suite struct TaskOrderTests {
    @Test func anOrderReadsBackTheSame() throws {
        let order = TaskOrder(
            socket: "/s", token: "00", job: "01J", task: "t", epoch: 3, operatorName: "verify", operatorVersion: 1,
            parameters: ["a": .integer(1), "b": .number(0.5), "c": .boolean(true), "d": .text("x")],
            parties: [.init(site: "s1", role: "member"), .init(site: "s2", role: "member")], party: 1, seed: "ff",
            unit: 2, threads: 2, scratch: "/x")
        #expect(try TaskOrder(decoding: try order.encoded()) == order)
    }
}
