import Faults
import Resources

/// Follows the changes of a kind, over restarts of the server.
struct ResourceWatcher: Sendable {
    /// How long a server may be away before the watch gives up.
    static let usualPatience: Duration = .seconds(10)

    private let client: APIClient
    private let plural: String
    private let selector: String?
    private let scope: ScopeOptions
    private let name: String?
    private let patience: Duration

    /// - Parameter name: only changes of this resource.
    init(
        _ client: APIClient,
        plural: String,
        selector: String? = nil,
        scope: ScopeOptions,
        name: String? = nil,
        patience: Duration = usualPatience
    ) {
        self.client = client
        self.plural = plural
        self.selector = selector
        self.scope = scope
        self.name = name
        self.patience = patience
    }

    /// Hands every change to `handle`, in order, until it throws or the server stays away.
    ///
    /// - Parameter version: goes on after this version; nil begins now.
    /// - Throws: `ProgramFaults.notRunning` when the server was away for `patience`; `ResourceFaults.tooOld`.
    func run(after version: String?, _ handle: (WatchEvent) async throws -> Void) async throws {
        var last = version
        if last == nil { last = try await ResourceLister(client).version(of: plural, scope: scope) }
        var awaySince: ContinuousClock.Instant?
        while true {
            do {
                let path = APIPath(
                    [plural],
                    query: scope.query + [("selector", selector), ("watch", "true"), ("from", last)]
                )
                _ = try await client.watch(path, after: last) { event in
                    awaySince = nil
                    last = event.version ?? last
                    guard event.kind != .bookmark, name == nil || ResourceText(event.resource).name == name else {
                        return true
                    }
                    try await handle(event)
                    return true
                }
            } catch let fault as Fault where fault.is(ProgramFaults.notRunning) {
                let now = ContinuousClock.now
                if let since = awaySince, now - since > patience { throw fault }
                awaySince = awaySince ?? now
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }
}
