import Synchronization

/// The site's reservations, shared by its jobs; tells those whose state another one has changed.
final class ReservationDesk: Sendable {
    private struct State {
        var book: Reservations
        var bells: [String: Bell] = [:]
    }

    private let state: Mutex<State>

    init(capacity: WorkerCapacity) {
        state = Mutex(State(book: Reservations(capacity: capacity)))
    }

    var capacity: WorkerCapacity { state.withLock { $0.book.capacity } }

    func state(of job: String) -> (LocalState.Reservation, CapacityShortage?) {
        state.withLock { state in
            switch state.book.state(of: job) {
            case nil: (.none, nil)
            case .waiting: (.waiting, state.book.shortage(of: job))
            case .held: (.held, nil)
            case .inUse: (.inUse, nil)
            }
        }
    }

    func ask(_ job: String, _ ask: WorkerCapacity, _ bell: Bell) {
        change { state in
            state.bells[job] = bell
            return state.book.ask(job, ask)
        }
    }

    func use(_ job: String) -> Bool { state.withLock { $0.book.use(job) } }

    func rest(_ job: String) { change { $0.book.rest(job) } }

    func release(_ job: String) {
        change { state in
            state.bells[job] = nil
            return state.book.release(job)
        }
    }

    private func change(_ body: (inout State) -> [String]) {
        let bells = state.withLock { state in body(&state).compactMap { state.bells[$0] } }
        for bell in bells { bell.ring() }
    }
}
