import Faults
import Ledger
import Logging
import Resources

/// Outputs of earlier jobs in place of tasks: this party's half of it. Whether all have one, the owner sees in the views.
extension JobCarrier {
    /// Takes over what the cache has for the tasks of this job, in their order, before any of them runs. That nothing is
    /// found costs a job its time and nothing else.
    func reuse() async {
        guard let cache = around.cache else { return }
        do {
            for task in plan.tasks where participant.record.digests[task.name] == nil {
                guard let key = try await key(of: task), let found = try await cache.find(key),
                    let output = try await around.rows.output(found.job, found.task),
                    output.digest == found.digest.hexadecimal
                else { continue }
                let kept = try await around.rows.keep(
                    output.result, digest: output.digest, job: plan.job, task: task.name, now: .now)
                guard kept == output.digest else { continue }
                participant.reused(task.name, digest: kept)
                let text = "has the output of job \(found.job), which is used if every party has its own"
                pendingLines.append(JobLine(time: .now, level: 2, task: task.name, epoch: 0, text: text))
            }
        } catch {
            let fault = (error as? Fault).map { "\($0.number)" } ?? "\(type(of: error))"
            logger.warning("outputs of earlier jobs are not looked for", metadata: ["fault": "\(fault)"])
        }
    }

    /// Keeps a new output for later jobs.
    ///
    /// - Throws: `JobFaults.digestDiffers` when the same inputs gave another one before.
    func cache(_ digest: String, of name: String) async throws {
        guard let cache = around.cache, let task = plan.tasks.first(where: { $0.name == name }),
            let key = try await key(of: task), let bytes = Hexadecimal.bytes(digest)
        else { return }
        try await cache.keep(CachedOutput(digest: bytes, job: plan.job, task: name), for: key)
    }

    private func key(of task: PlannedTask) async throws -> TaskKey? {
        try await around.planning.key(
            of: task, in: plan, after: participant.record.digests.compactMapValues { Hexadecimal.bytes($0) })
    }
}
