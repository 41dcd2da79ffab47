public import Faults
public import Logging
import Metrics
import Objects
public import Resources
public import ServiceLifecycle
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Makes datasets one after the other and tells how far it is. What was being made when the site stopped is forgotten, and
/// nothing of it is left: it is asked for again.
public final class DatasetMaker: Service {
    private struct Work: Sendable {
        let id: String
        let new: NewDataset
        let author: String
    }

    /// Ended ones that are remembered.
    private static let memory = 256
    private static let mostWaiting = 64

    private let shelf: DatasetShelf
    private let logger: Logger
    private let state = Mutex<[String: DatasetMaking]>([:])
    private let work: AsyncStream<Work>
    private let input: AsyncStream<Work>.Continuation

    public init(_ shelf: DatasetShelf, logger: Logger) {
        self.shelf = shelf
        self.logger = logger
        (work, input) = AsyncStream.makeStream()
    }

    /// - Throws: a fault when it could not be made; `ObjectFaults.uploadBusy` when too many wait.
    public func begin(_ new: NewDataset, by author: String) async throws -> DatasetMaking {
        try await shelf.check(new)
        let (making, isNew) = try state.withLock { state in
            let running = state.values.filter { $0.state == .running }
            if let same = running.first(where: { $0.name == new.name && $0.scope == new.scope }) {
                return (same, false)
            }
            guard running.count < Self.mostWaiting else { throw Fault(ObjectFaults.uploadBusy) }
            let ended = state.values.filter { $0.state != .running }.sorted { $0.id < $1.id }
            for old in ended.dropLast(Self.memory) { state[old.id] = nil }
            let making = DatasetMaking(id: ULID.make(), name: new.name, scope: new.scope)
            state[making.id] = making
            return (making, true)
        }
        if isNew { input.yield(Work(id: making.id, new: new, author: author)) }
        return making
    }

    /// - Parameter scope: what is in another tenant or project is not there.
    /// - Throws: `ObjectFaults.unknownUpload`.
    public func making(_ id: String, in scope: Scope = .platform) throws(Fault) -> DatasetMaking {
        guard let making = state.withLock({ $0[id] }), scope.contains(making.scope) else {
            throw Fault(
                ObjectFaults.unknownUpload, "There is no such making of a dataset.", at: "making \(id.prefix(30))",
                fix: "The site was started anew since then: ask for the dataset again.")
        }
        return making
    }

    public func run() async throws {
        try? FileManager.default.removeItem(atPath: shelf.scratch)
        try FileManager.default.createDirectory(
            atPath: shelf.scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        await cancelWhenGracefulShutdown {
            for await work in self.work { await self.make(work) }
        }
    }

    private func make(_ work: Work) async {
        let isCancelled = Mutex(false)
        await withTaskCancellationHandler {
            do {
                let file = try await shelf.resources.store.get(File.id(work.new.file, in: work.new.scope))
                change(work.id) { $0.total = FileSpec(file.spec).bytes }
                let (dataset, removed) = try await shelf.make(work.new, by: work.author) { [self] bytes, rows in
                    if isCancelled.withLock({ $0 }) { throw CancellationError() }
                    change(work.id) { ($0.bytes, $0.rows) = (Int64(bytes), Int64(rows)) }
                }
                change(work.id) { making in
                    making.state = .done
                    making.rows = DatasetSpec(dataset.spec).rows
                    making.removed = Int64(removed)
                }
                Counter(label: "datasets_made", dimensions: [("state", "done")]).increment()
            } catch {
                let fault = (error as? Fault) ?? Fault(ObjectFaults.failed, "The dataset could not be made.")
                change(work.id) { ($0.state, $0.fault) = (.failed, fault) }
                Counter(label: "datasets_made", dimensions: [("state", "failed")]).increment()
                logger.warning("a dataset was not made", metadata: ["fault": "\(fault.number)"])
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
    }

    private func change(_ id: String, _ body: (inout DatasetMaking) -> Void) {
        state.withLock { state in
            guard var making = state[id] else { return }
            body(&making)
            state[id] = making
        }
    }
}
