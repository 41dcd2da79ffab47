public import Faults

/// Does nothing and ends at once: what a job costs without its work.
public struct NoopOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "noop", version: 1, summary: "Ends at once: measures what starting and ending a task costs.",
            roles: [OperatorRole("member", 1...16)], parameters: [], leakage: [],
            messages: { _ in [] },
            cost: { _, _, _ in TaskCost(seconds: 0.5, bytesOut: 0, memory: 64 << 20) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        NoopProtocol()
    }
}

private struct NoopProtocol: TaskProtocol {
    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        [.progress(done: 1, total: 1, what: "nothing"), .finish(TaskResult(output: []))]
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        throw Fault(TaskFaults.messageUnexpected)
    }
}
