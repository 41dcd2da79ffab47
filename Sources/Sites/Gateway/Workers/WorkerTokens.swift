import Faults
import WorkerSocket

/// What lets one worker connect once: 32 random bytes, for its eyes only.
public struct WorkerToken: Sendable {
    public let job: String
    public let task: String
    public let epoch: UInt64
    /// Whose checkpoint the worker is given; 0 for none.
    public let unit: UInt64
    /// 32 bytes. Never logged.
    public let bytes: [UInt8]
}

/// The tokens that have been given out and not been used, as a value; time is given to it.
struct WorkerTokens {
    private struct Given {
        let token: WorkerToken
        let until: Duration
    }

    private var given: [[UInt8]: Given] = [:]

    /// Keeps a token until it is used; forgets those that are too old, a minute after they are.
    mutating func give(_ token: WorkerToken, until: Duration, now: Duration) {
        given = given.filter { $0.value.until + .seconds(60) > now }
        given[token.bytes] = Given(token: token, until: until)
    }

    /// Uses a token up, whatever comes of it.
    ///
    /// - Throws: `GatewayFaults.tokenRefused`, `.tokenExpired`, `.oldEpoch`.
    mutating func take(_ hello: WorkerHello, now: Duration) throws -> WorkerToken {
        guard let entry = given.removeValue(forKey: hello.token), entry.token.job == hello.job,
            entry.token.task == hello.task
        else { throw Fault(GatewayFaults.tokenRefused) }
        guard entry.until > now else { throw Fault(GatewayFaults.tokenExpired) }
        guard entry.token.epoch == hello.epoch else { throw Fault(GatewayFaults.oldEpoch) }
        return entry.token
    }

    mutating func forget(job: String) {
        given = given.filter { $0.value.token.job != job }
    }
}
