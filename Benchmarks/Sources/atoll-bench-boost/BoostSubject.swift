import BenchKit
import Foundation
import Modeling

/// One table of data and what was measured with it; each training at its first row.
actor BoostSubject {
    nonisolated let name: String
    /// Rows of a tree.
    nonisolated let rows: Int
    nonisolated let trees: Int
    private let make: @Sendable () throws -> PairedTables
    private var made: PairedTables?
    private var measured: [String: BoostFigures] = [:]
    private var plaintext: PlaintextFigures?

    /// - Parameters:
    ///   - trees: how many are grown where `ATOLL_BENCH_TREES` does not say so.
    init(_ name: String, rows: Int, trees: Int, make: @escaping @Sendable () throws -> PairedTables) {
        self.name = name
        self.rows = rows
        self.trees = PairedTables.isShort ? 1 : Self.asked ?? trees
        self.make = make
    }

    private static let asked = ProcessInfo.processInfo.environment["ATOLL_BENCH_TREES"].flatMap(Int.init)

    func data() throws -> PairedTables {
        if let made { return made }
        let data = try make()
        made = data
        return data
    }

    /// Both workers with all processors of this machine.
    func dedicated() async throws -> BoostFigures {
        try await figures(
            BoostJob(profile: "dedicated", trees: trees, cores: ProcessInfo.processInfo.activeProcessorCount))
    }

    /// Both workers with one core, after `verify`.
    func oneCore() async throws -> BoostFigures {
        try await figures(BoostJob(profile: "dedicated", trees: trees, cores: 1, isPredicted: true))
    }

    /// Half as many trees.
    func shared() async throws -> BoostFigures {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return try await figures(BoostJob(profile: "shared", trees: max(1, trees / 2), cores: cores))
    }

    private func figures(_ job: BoostJob) async throws -> BoostFigures {
        let key = "\(job.profile) \(job.cores)"
        if let figures = measured[key] { return figures }
        let figures = try await job.run(try data())
        measured[key] = figures
        return figures
    }

    /// In one place, and that the trees between the sites have the same loss as there.
    func inPlain() async throws -> PlaintextFigures {
        if let plaintext { return plaintext }
        let figures = try PlaintextFigures(try data(), trees: trees)
        let loss = try await dedicated().loss
        guard (figures.loss - loss).magnitude < 1e-9 else {
            throw BenchFailure("the trees between the sites have a loss of \(loss), those in one place \(figures.loss)")
        }
        plaintext = figures
        return figures
    }
}
