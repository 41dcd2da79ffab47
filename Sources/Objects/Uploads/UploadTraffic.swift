import Faults
import Synchronization

/// What is being written at this moment: two senders of one chunk would mix, and memory is bounded by the number of
/// chunks under way.
final class UploadTraffic: Sendable {
    private struct State {
        var chunks: [String: Set<Int>] = [:]
        var closing: Set<String> = []
        var count = 0
    }

    private let state = Mutex(State())
    private let most: Int

    init(most: Int) {
        self.most = most
    }

    /// - Throws: `ObjectFaults.uploadBusy`.
    func begin(_ chunk: Int, of id: String) throws(Fault) {
        let isFree = state.withLock { state in
            guard state.count < most, !state.closing.contains(id), state.chunks[id]?.contains(chunk) != true else {
                return false
            }
            state.chunks[id, default: []].insert(chunk)
            state.count += 1
            return true
        }
        if !isFree { throw Fault(ObjectFaults.uploadBusy, at: "upload \(id), chunk \(chunk)") }
    }

    func end(_ chunk: Int, of id: String) {
        state.withLock { state in
            state.chunks[id]?.remove(chunk)
            if state.chunks[id]?.isEmpty == true { state.chunks[id] = nil }
            state.count -= 1
        }
    }

    /// Nothing of an upload is taken until `open`.
    ///
    /// - Throws: `ObjectFaults.uploadBusy` while something is being written.
    func close(_ id: String) throws(Fault) {
        let isFree = state.withLock { state in
            guard state.chunks[id] == nil, !state.closing.contains(id) else { return false }
            state.closing.insert(id)
            return true
        }
        if !isFree { throw Fault(ObjectFaults.uploadBusy, at: "upload \(id)") }
    }

    func open(_ id: String) {
        state.withLock { _ = $0.closing.remove(id) }
    }
}
