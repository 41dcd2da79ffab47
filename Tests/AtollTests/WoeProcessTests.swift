import Faults
import Foundation
import Modeling
import Resources
import ResourcesTestKit
import Testing
import Trials

@testable import atoll

/// Weights of evidence between two real sites: workers in processes of their own, Paillier keys of 2048 bits, frames through
/// both gateways, and what both sites remember of columns.
@Suite(.serialized) struct WoeProcessTests {
    /// From files to a model on weights: alignment, weights of evidence, their tables, boosting.
    @Test func columnsAreDividedWrittenAndLearntFrom() async throws {
        try await with(rows: 2_400, offset: 100) { data in
            let aligned = try await data.run(
                "match",
                """
                operator: align
                      parameters: {guestDataset: loans, hostDataset: takings, guestKey: merchant, hostKey: merchant}
                """)
            #expect(aligned.status == 0, "\(aligned.error)")
            let weighed = try await data.run("weigh", Self.woe("@match/match"), task: "weigh")
            #expect(weighed.status == 0, "\(weighed.error)")
            let applied = try await data.run(
                "apply",
                """
                operator: woe.apply
                      parameters:
                        woe: weigh/weigh
                        guestDataset: "loans@match/match"
                        hostDatasets: "takings@match/match"
                        label: bad
                """, task: "apply")
            #expect(applied.status == 0, "\(applied.error)")

            // The same rows in one place.
            let loans = try await data.exported(data.sites.bank, "match")
            let takings = try await data.exported(data.sites.partner, "match")
            let expected = try [loans, takings].map { try Self.centralised($0, labels: loans.labels) }
            #expect(expected.allSatisfy { $0.columns.contains { $0.bins != nil } })
            let written = [
                try await data.exported(data.sites.bank, "apply"), try await data.exported(data.sites.partner, "apply"),
            ]
            for (table, (source, part)) in zip(written, zip([loans, takings], expected)) {
                let divided = part.columns.filter { $0.bins != nil }
                #expect(table.names == divided.map { "woe_" + $0.name } && table.keys == source.keys)
                for column in divided {
                    let weights = source.features[column.name]!.map { column.woe(of: $0)! }
                    #expect(table.features["woe_" + column.name] == weights, "\(column.name)")
                }
            }
            #expect(written[0].labels == loans.labels && written[1].labels.isEmpty)
            let figures = try await data.figures("weigh")
            for (party, part) in zip(["guest", "host1"], expected) {
                for column in part.columns {
                    #expect(figures["iv.\(party).\(column.name)"]?.number == column.bins?.iv, "\(column.name)")
                }
            }
            // What crossed is what the plan said, to the last frame and byte.
            let planned = try await data.planned("weigh")
            let sent = try await data.sent("weigh")
            #expect(!planned.isEmpty && planned == sent, "\(planned) \(sent)")
            try await shown(data, expected)

            // Weights are other columns than the ones they are made of: they are granted by themselves.
            let refused = try await data.run("early", Self.learning)
            #expect(refused.status != 0 && refused.error.contains("\(GrantFaults.column.number)"), "\(refused.error)")
            try await grant(data, written)
            let learnt = try await data.run("learn", Self.learning)
            #expect(learnt.status == 0, "\(learnt.error)\(learnt.output)")
        }
    }

    private func grant(_ data: SharedTables, _ tables: [SharedTables.Table]) async throws {
        for (site, table) in zip([data.sites.bank, data.sites.partner], tables) {
            let listed = try await site.atoll(["get", "datasets", "-o", "json"] + RealJobs.scope)
            let name = (try listed.json["items"]?.array ?? []).first {
                $0["spec"]?["lineage"]?["task"]?.string == "apply"
            }?["metadata"]?["name"]?.string
            let columns = ["merchant"] + table.names + (table.labels.isEmpty ? [] : ["bad"])
            let granted = try await site.atoll(
                [
                    "grant", "create", "weights", "--peer", site === data.sites.bank ? "partner" : "bank", "--dataset",
                    try #require(name), "--purpose", "a test", "--algorithm", "train.boosting", "--minimum-bin", "1",
                    "--uses", "9", "--until", "2099-01-01T00:00:00Z",
                ] + columns.flatMap { ["--column", $0] } + RealJobs.scope)
            #expect(granted.status == 0, "\(granted.error)")
        }
    }

    private static let learning = """
        operator: train.boosting
              parameters:
                guestDataset: "loans@apply/apply"
                hostDatasets: "takings@apply/apply"
                guestKey: merchant
                hostKeys: merchant
                label: bad
                trees: 3
                depth: 3
                bins: 8
                keyBits: "2048"
                profile: dedicated
        """

    /// Each site shows what it has: its own columns with edges, of others' the numbers of fine bins.
    private func shown(_ data: SharedTables, _ expected: [WoePart]) async throws {
        let bank = try await data.sites.bank.atoll(["job", "bins", "weigh", "-o", "json"] + RealJobs.scope)
        let columns = try bank.json["items"]?.array ?? []
        #expect(
            columns.compactMap { $0["column"]?.string }
                == ["guest.amount", "guest.years", "host1.turnover", "host1.refunds", "host1.months"])
        let turnover = try #require(columns.first { $0["column"]?.string == "host1.turnover" }?["bins"]?.array)
        #expect(turnover.allSatisfy { $0["fineBins"] != nil && $0["from"] == nil && $0["below"] == nil })
        let amount = try #require(columns.first { $0["column"]?.string == "guest.amount" }?["bins"]?.array)
        #expect(amount.contains { $0["below"] != nil } && amount.allSatisfy { $0["fineBins"] == nil })
        let partner = try await data.sites.partner.atoll(
            ["job", "bins", "weigh", "-o", "json"] + RealJobs.mirrorScope)
        let own = try partner.json["items"]?.array ?? []
        #expect(own.compactMap { $0["column"]?.string } == ["turnover", "refunds", "months"])
        #expect(own.first?["iv"]?.number == expected[1]["turnover"]?.bins?.iv)
        let text = try await data.sites.bank.atoll(["job", "bins", "weigh"] + RealJobs.scope)
        #expect(text.output.contains("host1.refunds") && text.output.contains("missing"), "\(text.output)")
    }

    /// Both sites remember over jobs, restarts and kills: another division too near an earlier one is refused.
    @Test func sitesRememberWhatWasTold() async throws {
        try await with(rows: 6_000, offset: 0) { data in
            let first = try await data.run("first", Self.woe("", starts: "host1.turnover: 10"), task: "weigh")
            #expect(first.status == 0, "\(first.error)")
            try data.sites.bank.kill9()
            try await data.sites.bank.restart()
            // One of thirty fine bins more is too few rows.
            try await waitUntil("the job is taken and ends") {
                let near = try await data.run("near", Self.woe("", starts: "host1.turnover: 11"), task: "weigh")
                guard !near.error.contains("\(JobFaults.unreachable.number)") else { return false }
                let told = "\(near.error)\(near.output)"
                #expect(near.status != 0 && told.contains("\(ModelingFaults.partitionDifference.number)"), "\(told)")
                return true
            }
            // One that is cancelled while it counts gives back what it had, with the fine bins that it may have told of.
            let ended = try await data.run(
                "ended", Self.woe("", starts: "host1.months: 6", keyBits: 3072), task: "weigh", wait: false)
            #expect(ended.status == 0, "\(ended.error)")
            let held = try await data.jobs.hold("ended", at: "Running 33")
            let cancelled = try await data.sites.bank.atoll(["job", "cancel", "ended"] + RealJobs.scope)
            RealJobs.goOn(held)
            #expect(cancelled.status == 0, "\(cancelled.error)")
            try await data.jobs.wait(data.sites.bank, "ended") { $0 == "Cancelled" }
            let far = try await data.run("far", Self.woe("", starts: "host1.turnover: 20"), task: "weigh")
            #expect(far.status == 0, "\(far.error)")
        }
    }

    /// Whatever is killed, the weights are the same.
    @Test func whateverIsKilledTheWeightsAreTheSame() async throws {
        try await with(rows: 9_000, offset: 0) { data in
            let whole = try await data.run("whole", Self.woe("", keyBits: 3072), task: "weigh")
            #expect(whole.status == 0, "\(whole.error)")
            let job = await data.jobs.look(data.sites.bank, "whole")
            let expected = try #require(job?["status"]?["tasks"]?.array?.first?["digests"])
            for (index, victim) in RealJobs.victims.enumerated() {
                let name = "again-\(index)"
                try await waitUntil("the job is taken") {
                    try await data.run(name, Self.woe("", keyBits: 3072), task: "weigh", wait: false).status == 0
                }
                let held = try await data.jobs.hold(name, at: "Running 33")
                let starts = try await data.jobs.kill(victim, during: name, expecting: expected, held: held)
                #expect(starts >= 2, "\(victim) was killed while it ran")
            }
        }
    }

    /// - Parameter keyBits: long keys give a test the time to interfere.
    private static func woe(_ left: String, starts: String = "", keyBits: Int = 2048) -> String {
        """
        operator: woe
              parameters:
                guestDataset: "loans\(left)"
                hostDatasets: "takings\(left)"
                guestKey: merchant
                hostKeys: merchant
                label: bad
                hostColumns: "turnover,refunds,months"
                starts: "\(starts)"
                keyBits: "\(keyBits)"
                profile: dedicated
        """
    }

    private static func centralised(_ table: SharedTables.Table, labels: [Double]) throws -> WoePart {
        // Rows in the order of keys, as everywhere; counts do not depend on it.
        try WoePart(
            table.names.map { name in
                let values = table.features[name]!
                let partition = try FinePartition(column: name, values: values)
                let counts = try FineCounts(partition, values: values, labels: labels)
                do {
                    return try WoePart.Column(
                        partition, MergedBins(try BinningRule.optimal().table(counts)))
                } catch let fault as Fault where fault.is(ModelingFaults.binGuard) {
                    return try WoePart.Column(partition, nil)
                }
            })
    }

    private func with(rows: Int, offset: Int, _ body: (SharedTables) async throws -> Void) async throws {
        try await TwoRealSites.with { sites in
            try await body(try await SharedTables(sites, rows: rows, offset: offset))
        }
    }
}
