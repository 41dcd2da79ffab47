import Synchronization
public import TaskRuntime

/// What `verify` has measured, for the predictor of costs.
///
/// - Conflict: a newer measure replaces the older one of the same sites.
/// - Durability: a measure that is lost is taken again by the next `verify`; careful defaults stand in meanwhile.
public protocol RatesBook: Sendable {
    /// The slowest of the plan's machines and routes, as far as they were measured here.
    func rates(for plan: JobPlan) async throws -> MachineRates

    /// Keeps what a job between these sites has measured.
    func record(_ rates: MachineRates, of plan: JobPlan) async throws
}

/// Measures in memory: they live as long as the site runs.
public final class MemoryRatesBook: RatesBook {
    private let measured = Mutex<[Set<String>: MachineRates]>([:])

    public init() {}

    public func rates(for plan: JobPlan) async -> MachineRates {
        measured.withLock { $0[Self.key(plan)] } ?? .careful
    }

    public func record(_ rates: MachineRates, of plan: JobPlan) async {
        measured.withLock { $0[Self.key(plan)] = rates }
    }

    private static func key(_ plan: JobPlan) -> Set<String> { Set(plan.parties.map(\.site.text)) }
}
