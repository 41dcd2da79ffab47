import GRDB
import Ledger
public import Resources
public import TaskRuntime

/// Measures in the site's database: a row for each set of sites.
public struct SQLiteRatesBook: RatesBook {
    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    public func rates(for plan: JobPlan) async throws -> KnownRates {
        let measures = try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM job_rates").compactMap(Self.measure)
        }
        return RatesMeasure.known(measures, among: Set(plan.parties.map(\.site)))
    }

    public func record(_ rates: MachineRates, of plan: JobPlan, at time: Timestamp) async throws {
        guard rates.isMeasured else { return }
        let sites = plan.parties.map(\.site.text).sorted().joined(separator: " ")
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO job_rates
                    (sites, products, encryptions, decryptions, bandwidth, round_trip, at) VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    sites, rates.productsPerSecond, rates.encryptionsPerSecond, rates.decryptionsPerSecond,
                    rates.bandwidth, rates.roundTrip, time.milliseconds,
                ])
        }
    }

    private static func measure(_ row: Row) -> RatesMeasure? {
        let sites = (row["sites"] as String).split(separator: " ").map { SiteID(String($0)) }
        guard sites.allSatisfy({ $0 != nil }) else { return nil }
        return RatesMeasure(
            sites: Set(sites.compactMap(\.self)),
            rates: MachineRates(
                productsPerSecond: row["products"], encryptionsPerSecond: row["encryptions"],
                decryptionsPerSecond: row["decryptions"], bandwidth: row["bandwidth"], roundTrip: row["round_trip"],
                isMeasured: true),
            time: Timestamp(milliseconds: row["at"]))
    }
}
