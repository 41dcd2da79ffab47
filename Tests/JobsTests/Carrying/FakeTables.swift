import Faults
import Foundation
import Jobs
import Synchronization

/// Tables that are `/dev/null`; remembers what was asked of it.
final class FakeTables: JobTables {
    private struct State {
        var opened: [String] = []
        var kept: [String] = []
        var refusal: Fault?
    }

    private let state = Mutex(State())

    var opened: [String] { state.withLock { $0.opened } }
    var kept: [String] { state.withLock { $0.kept } }

    /// From now on nothing is kept, for this reason; nil: it is.
    func refuse(_ fault: Fault?) {
        state.withLock { $0.refusal = fault }
    }

    func open(_ dataset: String) async throws -> WorkerFile {
        state.withLock { $0.opened.append(dataset) }
        return try await makeFile()
    }

    func root(of dataset: String) async throws -> String { dataset }

    func makeFile() async throws -> WorkerFile {
        try WorkerFile(taking: Foundation.open("/dev/null", O_RDWR))
    }

    func keep(_ file: WorkerFile, of source: String, by worker: WorkerID) async throws -> String {
        try state.withLock { state in
            if let refusal = state.refusal { throw refusal }
            state.kept.append("\(worker) of \(source)")
            return "made-of-\(source)"
        }
    }
}
