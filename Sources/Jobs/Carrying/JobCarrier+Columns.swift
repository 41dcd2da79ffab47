import Faults
import Ledger
import Resources
import TaskRuntime

/// What tasks are told of columns that were divided before, and what is remembered of them afterwards.
extension JobCarrier {
    /// Borrows what is remembered of the columns of a task's datasets, and says in the order where it is.
    ///
    /// - Parameter files: of the worker so far.
    func lendColumns(of kept: [KeptColumns], to worker: WorkerID, _ order: inout TaskOrder, _ files: inout [WorkerFile])
        async throws
    {
        for columns in kept {
            let bytes = try await around.columns.lend(
                try await key(columns), to: ColumnsHolder(job: plan.job, task: worker.task))
            guard let bytes else { continue }
            order.columns.append(
                .init(owner: columns.party, descriptor: WorkerLaunch.firstFile + Int32(files.count)))
            files.append(try WorkerFile(holding: bytes, folder: order.scratch))
        }
    }

    /// Gives back what a task has borrowed, with what is remembered from now on: of its output, or of its last checkpoint
    /// where it has none. What it has told of before that was in the checkpoint first.
    func giveColumnsBack(of task: PlannedTask) async throws {
        let holder = ColumnsHolder(job: plan.job, task: task.name)
        var columns = try await around.columns.lent(to: holder)
        guard !columns.isEmpty else { return }
        if let left = try await left(of: task) {
            for kept in around.planning.needs(of: task.name, plan).columns {
                let key = try await key(kept)
                guard let before = columns[key] else { continue }
                columns[key] = try around.planning.columns(kept, before: before, from: left, of: task, plan)
            }
        }
        try await around.columns.giveBack(columns, of: holder)
    }

    /// The same of all tasks, at the job's end. A checkpoint that cannot be read tells nothing of what was told: then nothing
    /// of the dataset is told again.
    func giveColumnsBack() async throws {
        for task in plan.tasks {
            do {
                try await giveColumnsBack(of: task)
            } catch let fault as Fault
                where fault.is(TaskFaults.checkpointUnreadable) || fault.is(WoeFaults.historyUnreadable)
            {
                let text = "\(fault.number) what was told of columns is not known: they cannot be divided again"
                pendingLines.append(JobLine(time: .now, level: 5, task: task.name, epoch: 0, text: text))
            }
        }
    }

    private func left(of task: PlannedTask) async throws -> TaskLeft? {
        if let output = try await around.rows.output(plan.job, task.name) {
            return .output(try TaskResult(decoding: output.result).output)
        }
        guard let unit = try await around.door.units(job: plan.job, task: task.name).last,
            let bytes = try await around.door.checkpoint(job: plan.job, task: task.name, unit: unit)
        else { return nil }
        return try TaskLeft(checkpoint: bytes)
    }

    private func key(_ columns: KeptColumns) async throws -> ColumnsKey {
        let dataset = columns.owner == around.site ? try await around.tables.root(of: columns.dataset) : columns.dataset
        return ColumnsKey(owner: columns.owner.text, dataset: dataset)
    }
}
