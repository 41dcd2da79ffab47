import Hummingbird
import People
import Resources

/// Whether the caller of a stream may have it still: asked again while it goes on, since a user may be disabled, a role
/// taken, a session ended meanwhile. Asking does not keep a session alive.
struct Standing: Sendable {
    private let pace: Duration
    private let check: @Sendable () async throws -> Void
    private var last = ContinuousClock.now

    /// Of a caller who is known by the socket, for as long as the socket is open.
    static let bySocket = Standing(pace: .zero) {}

    init(pace: Duration, check: @escaping @Sendable () async throws -> Void) {
        self.pace = pace
        self.check = check
    }

    /// Asks again once the pace is over.
    ///
    /// - Throws: `PeopleFaults.notSignedIn`, `.forbidden`.
    mutating func renew() async throws {
        guard ContinuousClock.now - last >= pace else { return }
        try await check()
        last = .now
    }
}
