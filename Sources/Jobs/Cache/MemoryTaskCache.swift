import Faults
import Synchronization

/// Outputs in memory, as long as the site runs.
public final class MemoryTaskCache: TaskCache {
    private let outputs = Mutex<[TaskKey: CachedOutput]>([:])

    public init() {}

    public func find(_ key: TaskKey) async -> CachedOutput? {
        outputs.withLock { $0[key] }
    }

    public func keep(_ output: CachedOutput, for key: TaskKey) async throws {
        let kept = outputs.withLock { outputs in
            if outputs[key] == nil { outputs[key] = output }
            return outputs[key]
        }
        if kept?.digest != output.digest { throw Fault.otherOutput(output) }
    }

    public func forget(job: String) async {
        outputs.withLock { outputs in outputs = outputs.filter { $0.value.job != job } }
    }
}

extension Fault {
    static func otherOutput(_ output: CachedOutput) -> Fault {
        Fault(JobFaults.digestDiffers, at: "task \(output.task)", wanted: "the digest that the same inputs gave before")
    }
}
