import Synchronization

/// Checkpoints that are being kept at this moment, so that somebody can wait until what is kept of a job stays as it is.
final class SavesInFlight: Sendable {
    private struct Waiter {
        var saves: Set<UInt64>
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var last: UInt64 = 0
        var running: [UInt64: String] = [:]
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    func begin(job: String) -> UInt64 {
        state.withLock { state in
            state.last += 1
            state.running[state.last] = job
            return state.last
        }
    }

    func end(_ save: UInt64) {
        let free = state.withLock { state in
            state.running[save] = nil
            for place in state.waiters.indices { state.waiters[place].saves.remove(save) }
            defer { state.waiters.removeAll { $0.saves.isEmpty } }
            return state.waiters.filter(\.saves.isEmpty)
        }
        for waiter in free { waiter.continuation.resume() }
    }

    /// Returns when the saves of the job that run now have ended.
    func settled(job: String) async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                let saves = Set(state.running.filter { $0.value == job }.keys)
                if !saves.isEmpty { state.waiters.append(Waiter(saves: saves, continuation: continuation)) }
                return saves.isEmpty
            }
            if isFree { continuation.resume() }
        }
    }
}
