import Faults
import Foundation
import JobsTestKit
import Modeling
import ResourcesTestKit
import Tables
import Testing

@testable import TaskRuntime

/// What scores mean for approval, from two tables of the guest.
@Suite struct EvaluatePointsTests {
    private struct Account {
        let id: String
        let score: Double
        let existing: Double
        let isBad: Bool
        let day: Int64
    }

    private static func accounts(_ count: Int, seed: UInt64) -> [Account] {
        var numbers = SeededGenerator(seed: seed)
        return (0..<count).map { row in
            let health = Double.random(in: -1...1, using: &numbers)
            return Account(
                id: "a\(row)", score: (500 + 60 * health).rounded(),
                existing: 3 - health + Double.random(in: -1...1, using: &numbers),
                isBad: health + Double.random(in: -0.8...0.8, using: &numbers) < -0.4,
                // 2026-01-01 and the 149 days after it.
                day: 20_454 + Int64(row % 150))
        }
    }

    /// Runs the operator on tables of the accounts; the scores in another order, and of some of them.
    private func run(
        _ accounts: [Account], scored: [Account]? = nil, _ parameters: [String: ParameterValue] = [:],
        duplicate: Bool = false
    ) throws -> PointsReport {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-points-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let table = try ColumnFileWriter(
            path: folder + "/own",
            schema: try TableSchema(
                columns: [
                    try ColumnSchema("id", .text), try ColumnSchema("old", .float), try ColumnSchema("day", .date),
                    try ColumnSchema("month", .category), try ColumnSchema("bad", .integer),
                ], ids: ["id"], label: "bad"))
        for account in accounts + (duplicate ? [accounts[0]] : []) {
            try table.append([
                .text(account.id), .float(account.existing), .date(account.day),
                .category(String(CalendarDate.text(account.day).prefix(7))), .integer(account.isBad ? 1 : 0),
            ])
        }
        _ = try table.finish()
        let scores = try ColumnFileWriter(
            path: folder + "/scores",
            schema: try TableSchema(
                columns: [try ColumnSchema("id", .text), try ColumnSchema("score", .float)], ids: ["id"], label: nil))
        for account in (scored ?? accounts).reversed() {
            try scores.append([.text(account.id), .float(account.score)])
        }
        _ = try scores.finish()
        let data = TaskData(
            tables: [
                "loans": try ColumnFile(path: folder + "/own"), "scored": try ColumnFile(path: folder + "/scores"),
            ])
        var given: [String: ParameterValue] = [
            "scores": .text("scored"), "dataset": .text("loans"), "key": .text("id"), "label": .text("bad"),
        ]
        given.merge(parameters) { $1 }
        let setting = TaskSetting.example(
            of: EvaluatePointsOperator(), parameters: given,
            parties: [TaskParty(site: "a", role: "guest"), TaskParty(site: "b", role: "host")])
        try EvaluatePointsOperator().description.check(setting)
        func output(_ party: Int, _ data: TaskData) throws -> [UInt8] {
            var task = try EvaluatePointsOperator().makeProtocol(setting, party: party, data: data)
            let outputs = try task.start(from: nil).compactMap { effect -> [UInt8]? in
                if case .finish(let result) = effect { result.output } else { nil }
            }
            return try #require(outputs.first)
        }
        #expect(try output(1, TaskData()).isEmpty, "hosts have no part in it")
        let own = try output(0, data)
        return try #require(PointsReport(json: own))
    }

    @Test func cutOffsSwapSetAndMonthsAreThoseOfTheRows() throws {
        let seed = SeededGenerator.printed(for: "cutOffsSwapSetAndMonthsAreThoseOfTheRows").seed
        let accounts = Self.accounts(3_000, seed: seed)
        let scored = accounts.filter { !$0.id.hasSuffix("7") }
        let report = try run(
            accounts, scored: scored,
            [
                "existing": .text("old"), "existingIsRisk": .boolean(true), "month": .text("day"),
                "approve": .number(0.6),
            ])
        // Counted anew.
        for line in report.cutoffs {
            let approved = scored.filter { $0.score >= line.score }
            #expect(line.approved.bads == approved.count { $0.isBad })
            #expect(line.approved.goods == approved.count { !$0.isBad })
            #expect(abs(line.approvalRate - Double(approved.count) / Double(scored.count)) < 1e-12)
            #expect(
                abs(line.badsCaught - Double(line.rejected.bads) / Double(scored.count { $0.isBad })) < 1e-12)
        }
        #expect(report.cutoffs.count > 10 && report.cutoffs[0].rejected.goods + report.cutoffs[0].rejected.bads == 0)
        let swap = try #require(report.swap)
        let new = Set(scored.filter { $0.score >= swap.cutoff }.map(\.id))
        let old = Set(scored.filter { -$0.existing >= swap.existingCutoff }.map(\.id))
        // The highest score that at least 60 % reach, and equally many of the existing one.
        #expect(Double(new.count) >= 0.6 * Double(scored.count) - 1 && old.count >= new.count)
        func counted(_ ids: Set<String>) -> [Int] {
            let rows = scored.filter { ids.contains($0.id) }
            return [rows.count { !$0.isBad }, rows.count { $0.isBad }]
        }
        #expect([swap.swappedIn.goods, swap.swappedIn.bads] == counted(new.subtracting(old)))
        #expect([swap.swappedOut.goods, swap.swappedOut.bads] == counted(old.subtracting(new)))
        #expect([swap.approvedByBoth.goods, swap.approvedByBoth.bads] == counted(new.intersection(old)))
        let months = try #require(report.months)
        #expect(months.map(\.from) == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"])
        let march = scored.filter { CalendarDate.text($0.day).hasPrefix("2026-03") }
        #expect(months[2].rows.bads == march.count { $0.isBad })
        #expect(abs(months[2].meanScore - march.map(\.score).reduce(0, +) / Double(march.count)) < 1e-9)
        #expect(months[0].stability == 0 && months.allSatisfy { $0.verdict == "stable" })
        // A column of texts gives the same; another reference another stability.
        let texts = try run(accounts, scored: scored, ["month": .text("month"), "reference": .text("2026-02")])
        #expect(texts.months?.map(\.rows) == months.map(\.rows) && texts.months?[0].stability != 0)
        let neither = try run(accounts, scored: scored)
        #expect(texts.swap == nil && neither.months == nil && neither.cutoffs == report.cutoffs)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let accounts = Self.accounts(400, seed: 3)
        let stranger = Account(id: "z", score: 500, existing: 1, isBad: false, day: 20_454)
        #expect(throws: Fault(BoostFaults.dataUnusable)) { _ = try run(accounts, scored: accounts + [stranger]) }
        #expect(throws: Fault(BoostFaults.dataUnusable)) { _ = try run(accounts, scored: [accounts[0], accounts[0]]) }
        #expect(throws: Fault(BoostFaults.dataUnusable)) { _ = try run(accounts, duplicate: true) }
        #expect(throws: Fault(BoostFaults.dataUnusable)) { _ = try run(accounts, ["month": .text("id")]) }
        #expect(throws: Fault(BoostFaults.dataUnusable)) { _ = try run(accounts, ["existing": .text("nothing")]) }
        #expect(throws: Fault(BoostFaults.dataUnusable)) { _ = try run(accounts, ["label": .text("id")]) }
        #expect(throws: Fault(ModelingFaults.scorecardReport)) {
            _ = try run(accounts, ["month": .text("day"), "reference": .text("2025-12")])
        }
        for reference in ["2026", "2026-13", "26-01-1", "2026-1x"] {
            #expect(throws: Fault(BoostFaults.parameters)) { _ = try run(accounts, ["reference": .text(reference)]) }
        }
        // Labels of one kind alone say nothing.
        let good = accounts.filter { !$0.isBad }
        #expect(throws: Fault(ModelingFaults.evaluation)) { _ = try run(good) }
        // Months that are too small together are no months.
        #expect(throws: Fault(ModelingFaults.binGuard)) {
            _ = try run(Array(accounts.prefix(30)), ["month": .text("day")])
        }
    }

    @Test func whereAllAreApprovedNothingIsSwapped() throws {
        let report = try run(Self.accounts(200, seed: 5), ["existing": .text("old"), "approve": .number(1)])
        let swap = try #require(report.swap)
        #expect(swap.rejectedByBoth.badRate == nil && swap.rejectedByBoth.goods == 0)
        #expect(swap.swappedIn.goods + swap.swappedIn.bads + swap.swappedOut.goods + swap.swappedOut.bads == 0)
    }
}
