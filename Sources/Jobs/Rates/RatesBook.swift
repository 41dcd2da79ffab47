import Ledger
public import Resources
import Synchronization
public import TaskRuntime

/// What `verify` has measured, for the predictor of costs.
///
/// - Conflict: a newer measure replaces the older one of the same sites.
/// - Retry: recording the same again changes nothing but the time.
/// - Durability: a measure that is lost is taken again by the next `verify`; careful defaults stand in meanwhile.
public protocol RatesBook: Sendable {
    /// The slowest of the plan's machines and routes, as far as they were measured here; careful defaults else.
    func rates(for plan: JobPlan) async throws -> KnownRates

    /// Keeps what a job between these sites has measured. Rates that were not measured are not kept.
    func record(_ rates: MachineRates, of plan: JobPlan, at time: Timestamp) async throws
}

extension RatesBook {
    public func record(_ rates: MachineRates, of plan: JobPlan) async throws {
        try await record(rates, of: plan, at: .now)
    }

    /// Keeps the figures that a task `verify` of the plan has left at this site.
    public func record(figures: [String: Double], of plan: JobPlan) async throws {
        try await record(MachineRates(figures: figures), of: plan)
    }
}

/// Measures in memory: they live as long as the site runs.
public final class MemoryRatesBook: RatesBook {
    private let measured = Mutex<[Set<SiteID>: RatesMeasure]>([:])

    public init() {}

    public func rates(for plan: JobPlan) async -> KnownRates {
        RatesMeasure.known(measured.withLock { Array($0.values) }, among: Set(plan.parties.map(\.site)))
    }

    public func record(_ rates: MachineRates, of plan: JobPlan, at time: Timestamp) async {
        guard rates.isMeasured else { return }
        let sites = Set(plan.parties.map(\.site))
        measured.withLock { $0[sites] = RatesMeasure(sites: sites, rates: rates, time: time) }
    }
}
