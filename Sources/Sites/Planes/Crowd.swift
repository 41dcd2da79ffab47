import Synchronization

/// How many connections a listener has, in all and from each address.
public final class Crowd: Sendable {
    private struct State {
        var all = 0
        var byAddress: [IPAddress: Int] = [:]
    }

    private let most: Int
    private let state = Mutex(State())

    /// - Parameter most: from one address half of them, so that nobody alone can shut the others out.
    public init(most: Int) {
        self.most = most
    }

    /// Counts one more, which has to `leave`; false when there are as many as may be.
    ///
    /// - Parameter address: nil counts among all alone.
    public func admit(_ address: IPAddress?) -> Bool {
        state.withLock { state in
            guard state.all < most else { return false }
            if let address {
                let own = state.byAddress[address] ?? 0
                guard own < max(1, most / 2) else { return false }
                state.byAddress[address] = own + 1
            }
            state.all += 1
            return true
        }
    }

    public func leave(_ address: IPAddress?) {
        state.withLock { state in
            state.all -= 1
            guard let address, let own = state.byAddress[address] else { return }
            state.byAddress[address] = own > 1 ? own - 1 : nil
        }
    }
}
