import Synchronization

/// Ready randomness: encryptions of zero made in idle time, each handed out once.
///
/// The pool is bounded: it holds at most `capacity` ciphertexts in working form, `AdditivePublicKey.workingBytes` each.
/// What was handed out is overwritten in the pool at once, and the rest is when the pool goes. It may be filled and
/// taken from by several threads at the same time. A filling that is cancelled leaves what it made.
public final class BlindingPool<Key: AdditivePublicKey>: Sendable {
    public let key: Key
    public let capacity: Int
    private let make: @Sendable (Int) -> Key.Ciphertexts
    private let state: Mutex<State>

    /// The first `ready` of `stored` are to be handed out; `coming` more are being made.
    private struct State: Sendable {
        var stored: Key.Ciphertexts
        var ready = 0
        var coming = 0
    }

    /// A pool that a holder of the public key fills.
    ///
    /// - Parameter capacity: at least 1.
    public convenience init(_ key: Key, capacity: Int) {
        self.init(key, capacity: capacity) { key.blindings($0) }
    }

    /// A pool that the key's owner fills, at less cost.
    public convenience init<Pair: AdditiveKeyPair>(owner pair: Pair, capacity: Int) where Pair.PublicKey == Key {
        self.init(pair.publicKey, capacity: capacity) { pair.blindings($0) }
    }

    init(_ key: Key, capacity: Int, make: @escaping @Sendable (Int) -> Key.Ciphertexts) {
        precondition(capacity >= 1)
        self.key = key
        self.capacity = capacity
        self.make = make
        self.state = Mutex(State(stored: key.neutral(capacity)))
    }

    deinit {
        state.withLock { key.wipe(&$0.stored) }
    }

    /// What the pool holds, the places of used ones included: for tests.
    var stored: Key.Ciphertexts { state.withLock { $0.stored } }

    /// How many are ready.
    public var ready: Int { state.withLock { $0.ready } }

    /// Makes randomness until the pool is full or `goOn` says no; it is asked before every step.
    ///
    /// - Parameters:
    ///   - step: how many are made at a time.
    ///   - goOn: by default until the surrounding task is cancelled.
    /// - Returns: how many were added.
    @discardableResult
    public func fill(step: Int = 32, while goOn: () -> Bool = { !Task.isCancelled }) -> Int {
        var added = 0
        while goOn() {
            let wanted = state.withLock { state in
                let wanted = min(max(1, step), capacity - state.ready - state.coming)
                state.coming += wanted
                return wanted
            }
            guard wanted > 0 else { break }
            var made = make(wanted)
            state.withLock { state in
                key.copy(
                    made, (0..<wanted).map { Int32($0) }, into: &state.stored,
                    (state.ready..<(state.ready + wanted)).map { Int32($0) })
                state.ready += wanted
                state.coming -= wanted
            }
            key.wipe(&made)
            added += wanted
        }
        return added
    }

    /// Hands out at most `count`; the caller wipes what it got after use.
    func take(_ count: Int) -> Key.Ciphertexts {
        state.withLock { state in
            let taken = min(count, state.ready)
            let places = ((state.ready - taken)..<state.ready).map { Int32($0) }
            let result = key.gather(state.stored, places)
            key.copy(key.neutral(1), places.map { _ in 0 }, into: &state.stored, places)
            state.ready -= taken
            return result
        }
    }

    /// `count` blindings: as many ready ones as there are, the rest made here.
    func blindings(_ count: Int) -> Key.Ciphertexts {
        var ready = take(count)
        let missing = count - key.count(ready)
        guard missing > 0 else { return ready }
        var made = make(missing)
        defer {
            key.wipe(&made)
            key.wipe(&ready)
        }
        var result = key.neutral(count)
        let split = key.count(ready)
        key.copy(ready, (0..<split).map { Int32($0) }, into: &result, (0..<split).map { Int32($0) })
        key.copy(made, (0..<missing).map { Int32($0) }, into: &result, (split..<count).map { Int32($0) })
        return result
    }
}
