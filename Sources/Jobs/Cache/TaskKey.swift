import Crypto
import Ledger
import TaskRuntime

/// What the output of one party's side of a task depends on: two tasks with one key have one output.
///
/// SHA-256 over `atoll/job/task-key/1`, a zero byte, and: code version, operator and its version, the parameters as in a
/// plan, the parties with their roles in the plan's order and which of them this is, the task's seed, and the digests of
/// what the task reads, in order. Neither the job nor the task's name stands in it, but through the seed.
public struct TaskKey: Sendable, Hashable {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// - Parameters:
    ///   - party: index among the plan's parties.
    ///   - inputs: 32 bytes for each thing that is read: outputs of earlier tasks at this party, datasets.
    ///   - codeVersion: of the program; another one may give another output.
    public init(_ plan: JobPlan, _ task: PlannedTask, party: Int, inputs: [[UInt8]], codeVersion: String) {
        var writer = ByteWriter()
        writer.put(Array("atoll/job/task-key/1\0".utf8))
        writer.put(codeVersion)
        writer.put(task.operatorName)
        writer.put(task.operatorVersion)
        ParameterValue.write(task.parameters, to: &writer)
        writer.put(UInt16(plan.parties.count))
        for party in plan.parties {
            writer.put(party.site.text)
            writer.put(party.role)
        }
        writer.put(UInt16(party))
        writer.put(plan.seed(of: task.name))
        writer.put(UInt32(inputs.count))
        for input in inputs {
            precondition(input.count == 32, "a digest has 32 bytes")
            writer.put(input)
        }
        bytes = Array(SHA256.hash(data: writer.bytes))
    }

    /// As an adapter has kept it.
    init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// An output that is there already.
public struct CachedOutput: Sendable, Hashable {
    /// 32 bytes.
    public let digest: [UInt8]
    /// Where it is kept: the ULID of the job that made it, and its task.
    public let job: String
    public let task: String

    public init(digest: [UInt8], job: String, task: String) {
        self.digest = digest
        self.job = job
        self.task = task
    }
}
