import Faults
import Synchronization
import Tables
import WorkerSocket

/// Runs one party's side of a task: connects to the site's gateway, makes the operator's protocol, and does what it
/// wants until it is done. Everything blocks: there is the calling thread, and the connection's reader.
public final class WorkerShell: Sendable {
    private struct State {
        var connection: WorkerConnection?
        var isCancelled = false
    }

    private let order: TaskOrder
    private let catalogue: OperatorCatalogue
    private let code: String
    private let measures: any WorkerMeasures
    private let state = Mutex(State())

    /// - Parameters:
    ///   - order: as `TaskOrder.read` gives it.
    ///   - code: version of the program; only a checkpoint of the same is gone on from.
    public init(
        order: TaskOrder, catalogue: OperatorCatalogue = Operators.all, code: String,
        measures: any WorkerMeasures = MachineMeasures()
    ) {
        self.order = order
        self.catalogue = catalogue
        self.code = code
        self.measures = measures
    }

    /// Runs to the end. Called once.
    public func run() -> WorkerEnd {
        let subject: Subject
        do throws(Fault) {
            subject = try prepare()
        } catch {
            return .refused(error)
        }
        do {
            let connection = try connect()
            do {
                try run(subject, connection)
                return .done
            } catch {
                let end = end(by: error)
                // Where the gateway gave the reason, it has gone already.
                if case .failed(let fault) = end { try? connection.fail(fault) }
                return end
            }
        } catch {
            return end(by: error)
        }
    }

    /// Makes `run` return soon; from any thread, also before it was called. A protocol that computes is not interrupted.
    public func cancel() {
        let connection = state.withLock { state in
            state.isCancelled = true
            return state.connection
        }
        connection?.cancel()
    }

    private struct Subject {
        let found: any Operator
        let setting: TaskSetting
        let data: TaskData
    }

    private func prepare() throws(Fault) -> Subject {
        guard let found = catalogue[order.operatorName] else {
            throw Fault(TaskFaults.operatorUnknown, "This program has no operator \(order.operatorName).")
        }
        guard found.description.version == order.operatorVersion else {
            throw Fault(
                TaskFaults.operatorVersion,
                "The plan wants version \(order.operatorVersion) of \(order.operatorName).",
                wanted: "version \(found.description.version)")
        }
        let setting = order.setting
        if let refusal = found.description.refusal(of: setting) { throw refusal }
        return Subject(found: found, setting: setting, data: try openData())
    }

    /// The files that the worker was started with. Their descriptors stay open as long as the worker lives.
    private func openData() throws(Fault) -> TaskData {
        var tables: [String: ColumnFile] = [:]
        for input in order.inputs {
            do {
                tables[input.dataset] = try ColumnFile(descriptor: input.descriptor)
            } catch {
                throw (error as? Fault) ?? Fault(TaskFaults.dataMissing, at: "dataset \(input.dataset)")
            }
        }
        var results: [String: [UInt8]] = [:]
        for result in order.results {
            results[result.reference] = try ResultFile.read(result.descriptor, of: result.reference)
        }
        var columns: [Int: [UInt8]] = [:]
        for kept in order.columns {
            columns[kept.owner] = try ResultFile.read(kept.descriptor, of: "columns of party \(kept.owner)")
        }
        return TaskData(
            tables: tables, results: results, columns: columns, output: order.output, threads: order.threads)
    }

    private func connect() throws -> WorkerConnection {
        guard let token = Hexadecimal.bytes(order.token) else { throw Fault(TaskFaults.orderUnreadable, at: "token") }
        let connection = try WorkerConnection.connect(
            path: order.socket, token: token, job: order.job, task: order.task, epoch: order.epoch)
        let isCancelled = state.withLock { state in
            state.connection = connection
            return state.isCancelled
        }
        if isCancelled { connection.cancel() }
        return connection
    }

    private func run(_ subject: Subject, _ connection: WorkerConnection) throws {
        let (found, setting) = (subject.found, subject.setting)
        guard connection.lastUnit == order.unit else {
            throw Fault(TaskFaults.checkpointUnreadable, "The site gave a checkpoint of another unit than ordered.")
        }
        let maker = TaskCheckpoint.Maker(
            operatorName: order.operatorName, operatorVersion: order.operatorVersion, code: code, task: order.task)
        let checkpoint = try connection.lastCheckpoint.map { bytes in
            try TaskCheckpoint(decoding: bytes, of: maker, unit: order.unit)
        }
        var driver = TaskDriver(
            connection: connection, maker: maker,
            task: try found.makeProtocol(setting, party: order.party, data: subject.data),
            unit: order.unit, measures: measures, scratch: order.scratch)
        try driver.open(found.description.messages(setting), order, from: checkpoint)
        let result = try driver.run(from: checkpoint?.state).encoded()
        try driver.close()
        try connection.finish(result: result)
    }

    private func end(by error: any Error) -> WorkerEnd {
        if state.withLock({ $0.isCancelled }) { return .cancelled }
        let fault = error as? Fault ?? Fault(TaskFaults.protocolBroken)
        let isLoss = fault.is(GatewayFaults.socketLost) || fault.is(GatewayFaults.socketUnusable)
        return isLoss ? .lost(fault) : .failed(fault)
    }
}
