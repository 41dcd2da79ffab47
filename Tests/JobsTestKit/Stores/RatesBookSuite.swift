public import Jobs
import Resources
import TaskRuntime
import Testing

/// What every adapter of `RatesBook` does. `make` gives an empty one.
public struct RatesBookSuite<Book: RatesBook> {
    private let make: () throws -> Book

    public init(_ make: @escaping () throws -> Book) {
        self.make = make
    }

    /// - Parameters:
    ///   - all: a plan of three sites.
    ///   - pairs: plans of the first with the second, and of the first with the third.
    public func run(all: JobPlan, pairs: (JobPlan, JobPlan)) async throws {
        let book = try make()
        func rates(_ number: Double, measured: Bool = true) -> MachineRates {
            MachineRates(
                productsPerSecond: number, encryptionsPerSecond: number, decryptionsPerSecond: number,
                bandwidth: number, roundTrip: number, isMeasured: measured)
        }
        #expect(try await book.rates(for: all) == .careful)
        try await book.record(rates(1, measured: false), of: all, at: Timestamp(milliseconds: 1))
        #expect(try await book.rates(for: all) == .careful)
        try await book.record(rates(5), of: pairs.0, at: Timestamp(milliseconds: 2))
        #expect(
            try await book.rates(for: pairs.0) == KnownRates(rates: rates(5), measured: Timestamp(milliseconds: 2)))
        // One of the three was never measured.
        #expect(try await book.rates(for: all) == .careful)
        #expect(try await book.rates(for: pairs.1) == .careful)
        try await book.record(rates(3), of: pairs.1, at: Timestamp(milliseconds: 9))
        let known = try await book.rates(for: all)
        #expect(known.measured == Timestamp(milliseconds: 2))
        #expect(known.rates.bandwidth == 3 && known.rates.productsPerSecond == 3 && known.rates.roundTrip == 5)
        #expect(known.rates.isMeasured)
        try await book.record(rates(4), of: pairs.0, at: Timestamp(milliseconds: 10))
        #expect(
            try await book.rates(for: pairs.0) == KnownRates(rates: rates(4), measured: Timestamp(milliseconds: 10)))
    }
}
