import Ledger
public import Resources
public import TaskRuntime

/// The rates that costs are reckoned with, and since when they hold.
public struct KnownRates: Sendable, Hashable {
    public let rates: MachineRates
    /// When the oldest of the measures they are made of was taken; nil for careful defaults.
    public let measured: Timestamp?

    public static let careful = KnownRates(rates: .careful, measured: nil)

    public init(rates: MachineRates, measured: Timestamp?) {
        self.rates = rates
        self.measured = measured
    }
}

/// What one job measured between its sites.
struct RatesMeasure: Sendable, Hashable {
    let sites: Set<SiteID>
    let rates: MachineRates
    let time: Timestamp

    /// The slowest of everything that was measured among these sites; careful defaults unless every site was part of
    /// some measure. Routes between two sites that no job measured together are not among them.
    static func known(_ measures: [RatesMeasure], among sites: Set<SiteID>) -> KnownRates {
        let inside = measures.filter { $0.sites.isSubset(of: sites) }
        let covered = inside.reduce(into: Set<SiteID>()) { $0.formUnion($1.sites) }
        guard let first = inside.first, covered == sites else { return .careful }
        let slowest = inside.dropFirst().reduce(into: first.rates) { slowest, measure in
            slowest.productsPerSecond = min(slowest.productsPerSecond, measure.rates.productsPerSecond)
            slowest.encryptionsPerSecond = min(slowest.encryptionsPerSecond, measure.rates.encryptionsPerSecond)
            slowest.decryptionsPerSecond = min(slowest.decryptionsPerSecond, measure.rates.decryptionsPerSecond)
            slowest.bandwidth = min(slowest.bandwidth, measure.rates.bandwidth)
            slowest.roundTrip = max(slowest.roundTrip, measure.rates.roundTrip)
        }
        return KnownRates(rates: slowest, measured: inside.map(\.time).min())
    }
}
