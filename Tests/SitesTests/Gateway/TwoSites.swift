import Faults
import Ledger
import Sites
import SitesTestKit
import WorkerSocket

/// Two sites with one job of one task, in which both may send `sums` and only the first `scores`.
final class TwoSites: Sendable {
    static let job = "01JOB"
    static let task = "train"

    struct Site: Sendable {
        let base: GatewaySites.Site
        let ledger: MemoryFrameLedger

        var id: SiteID { base.id }
        var gateway: Gateway { base.gateway }
        var path: String { base.path }
        var events: GatewaySites.Events { base.events }

        /// A worker of the test's task; waits until the gateway listens.
        func worker(epoch: UInt64 = 1, unit: UInt64 = 0) throws -> WorkerConnection {
            try base.worker(job: TwoSites.job, task: TwoSites.task, epoch: epoch, unit: unit)
        }
    }

    private let base: GatewaySites
    private let ledgers: [MemoryFrameLedger]

    /// The test has ended or was cancelled: no thread of it begins anything again.
    var isOver: SharedFlag { base.isOver }
    var a: Site { site(0) }
    var b: Site { site(1) }

    /// Runs the body with two sites; everything ends with it.
    static func with(
        delay: Duration = .zero, configure: @escaping @Sendable (inout GatewayOptions) -> Void = { _ in },
        _ body: (TwoSites) async throws -> Void
    ) async throws {
        let ledgers = [MemoryFrameLedger(delay: delay), MemoryFrameLedger(delay: delay)]
        try await GatewaySites.with(ledgers: ledgers, configure: configure) { base in
            try await body(TwoSites(base, ledgers))
        }
    }

    private init(_ base: GatewaySites, _ ledgers: [MemoryFrameLedger]) {
        self.base = base
        self.ledgers = ledgers
    }

    private func site(_ index: Int) -> Site { Site(base: base.sites[index], ledger: ledgers[index]) }

    /// A plan in which both may send `sums` and only the first `scores`.
    func plan(epoch: UInt64 = 1, most: Int = 4 << 20) -> DeclaredPlan {
        let both: Set = [a.id, b.id]
        let messages = [
            MessageDeclaration(
                type: "sums", senders: both, receivers: both, steps: 0...9,
                schemaDigest: [UInt8](repeating: 1, count: 32), elementBits: 64, maximumBytes: most, keyID: "key"),
            MessageDeclaration(
                type: "scores", senders: [a.id], receivers: [b.id], steps: 0...9,
                schemaDigest: [UInt8](repeating: 2, count: 32), elementBits: 32, maximumBytes: 100),
        ]
        return DeclaredPlan(
            job: Self.job, planDigest: [UInt8](repeating: 9, count: 32), epoch: epoch, peers: [a.id, b.id],
            tasks: [Self.task: messages])
    }

    func open(epoch: UInt64 = 1) throws {
        try a.gateway.open(plan(epoch: epoch))
        try b.gateway.open(plan(epoch: epoch))
    }

    /// Joins the sites by a new link.
    @discardableResult
    func connect(watch: PipeLink.Watch = .nothing, back: PipeLink.Watch = .nothing) async -> (PipeLink, PipeLink) {
        await base.connect(0, 1, watch: watch, back: back)
    }

    /// Cuts every link.
    func cut() { base.cut() }

    /// Puts a fresh gateway in the place of one that is stopped in whatever it does: only the ledger stays.
    func replace(_ index: Int) { base.replace(index) }
}

/// Runs what blocks on a thread of its own.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await onPlainThread(body)
}

/// Waits until something holds; a test that waits for ever is ended by its guard.
func eventually(_ condition: () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(2)) }
}

/// A payload that says which it is.
func payload(_ sequence: UInt64, bytes: Int) -> [UInt8] {
    var payload = [UInt8](repeating: UInt8(truncatingIfNeeded: sequence &* 31), count: max(8, bytes))
    for place in 0..<8 { payload[place] = UInt8(truncatingIfNeeded: sequence >> UInt64(8 * place)) }
    return payload
}
