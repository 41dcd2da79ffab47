public import Data
import Faults
public import Ledger
public import Sites
import TaskRuntime

/// What jobs ask of the site's grants, and how a job is stopped whose reading is taken back.
public struct DataReads: GrantBook, JobReads {
    private let grants: GrantShelf
    private let name: @Sendable (SiteID) -> String?

    /// - Parameter name: of a peer here; nil for what is none.
    public init(grants: GrantShelf, name: @escaping @Sendable (SiteID) -> String?) {
        self.grants = grants
        self.name = name
    }

    public func refusals(_ needs: [GrantNeed], of job: String) async throws -> [GrantRefusal] {
        var refusals: [GrantRefusal] = []
        for need in needs {
            let reader = Reader(job: job, task: need.task, epoch: 0)
            guard let fault = try await grants.refusals([read(need)], for: reader)[0] else { continue }
            refusals.append(GrantRefusal(need, fault.is(GrantFaults.missing) ? nil : fault))
        }
        return refusals
    }

    public func begin(_ needs: [GrantNeed], for worker: WorkerID) async throws {
        try await grants.take(needs.map(read), for: Self.reader(worker))
    }

    public func end(_ worker: WorkerID) async {
        await grants.giveBack(Self.reader(worker))
    }

    /// From now on a lease that is cancelled closes the gateway to its job, and then ends the job.
    public func stop(cancelled leases: LeaseDesk, gateway: Gateway, jobs: JobService) {
        leases.onCancel { cancelled in
            let job = cancelled.lease.reader.job
            // Nothing of the job leaves after this line.
            gateway.suspend(job: job, cancelled.fault)
            await jobs.readingStopped(job: job, cancelled.fault)
        }
    }

    private func read(_ need: GrantNeed) -> PlannedRead {
        PlannedRead(
            dataset: need.dataset, columns: need.use.columns, peer: name(need.peer), algorithm: need.operatorName,
            reveals: need.use.reveals, minimumIntersection: need.use.minimumIntersection,
            minimumBin: need.use.minimumBin, ids: need.use.ids)
    }

    private static func reader(_ worker: WorkerID) -> Reader {
        Reader(job: worker.job, task: worker.task, epoch: worker.epoch)
    }
}
