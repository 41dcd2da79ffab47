import Faults
import JobsTestKit
import Modeling
import ResourcesTestKit
import Testing

@testable import TaskRuntime

/// What sites remember of columns that were divided, and what they refuse for it.
@Suite(.timeLimit(.minutes(10))) struct WoeMemoryTests {
    private func run(_ world: WoeWorld) throws -> TaskRun {
        var run = try TaskRun(world, world.setting)
        try run.run()
        return run
    }

    @Test func theSameAgainChangesNothing() throws {
        var world = WoeWorld(rows: 2_000, columns: [2, 4], seed: 3)
        let first = try run(world)
        try world.remember(first.lefts)
        let remembered = world.remembered
        let second = try run(world)
        #expect(second.result == first.result)
        try world.remember(second.lefts)
        #expect(world.remembered == remembered)
    }

    /// The fine bins stay those of the first use, whatever a later version of the dataset or plan would make of them.
    @Test func fineBinsAreFixedAtTheirFirstUse() throws {
        var world = WoeWorld(rows: 2_000, columns: [1, 4], seed: 3)
        let first = try run(world)
        try world.remember(first.lefts)
        var later = WoeWorld(rows: 2_400, columns: [1, 4], seed: 3, ["fineBins": .integer(20)])
        later.remembered = world.remembered
        // More rows would have given more fine bins, and others.
        let second = try WoeHostResult(bytes: try run(later).result[1])
        let before = try WoeHostResult(bytes: first.result[1])
        #expect(second.part.columns.map(\.partition) == before.part.columns.map(\.partition))
    }

    /// Edges of the plan hold at the first use, are refused where they would be others later, and tell of no small bin.
    @Test func edgesByHandAreThoseOfTheFirstUse() throws {
        func world(_ edges: String, rows: Int = 2_000) -> WoeWorld {
            WoeWorld(
                rows: rows, columns: [1, 4], seed: 3,
                ["hostColumns": .text("c0,c1,c2,c3"), "edges": .text(edges)])
        }
        var first = world("host1.c3: -0.25 0.5")
        let run = try run(first)
        let own = try WoeHostResult(bytes: run.result[1]).part
        #expect(own["c3"]?.partition.edges.values == [-0.25, 0.5])
        #expect((own["c1"]?.partition.edges.values.count ?? 0) > 2)
        try first.remember(run.lefts)
        var moved = world("host1.c3: -0.25 0.5001")
        moved.remembered = first.remembered
        #expect(throws: Fault(ModelingFaults.finePartitionChanged)) { _ = try self.run(moved) }
        for same in ["host1.c3: -0.25 0.5", ""] {
            var again = world(same)
            again.remembered = first.remembered
            #expect(try WoeHostResult(bytes: try self.run(again).result[1]).part == own)
        }
        // 100 of the rows are above.
        #expect(throws: Fault(ModelingFaults.finePartition)) { _ = try self.run(world("host1.c3: 0.9")) }
    }

    @Test(arguments: [
        "host1.c4: 1 2", "host1.c3: 2 1", "host1.c3: 1 1", "host1.c3: nan", "host1.c3: inf", "host1.c3:", "host2.c3: 1",
        "host1.c3: 1; host1.c3: 2", "c3: 1", "host1.c3: 1 2 3 4 5", "guest.c0: 1",
    ]) func edgesThatCannotBeAreRefused(_ edges: String) {
        let world = WoeWorld(
            rows: 1_000, columns: [1, 4], seed: 3,
            ["hostColumns": .text("c0,c1,c2,c3"), "fineBins": .integer(5), "edges": .text(edges)])
        #expect(throws: Fault(WoeFaults.parameters)) { _ = try world.plan() }
    }

    /// A host that moves an edge by one row, to see what the label of that row is.
    @Test func movedEdgesAreRefused() throws {
        var world = WoeWorld(rows: 2_000, columns: [1, 4], seed: 3)
        try world.remember(try run(world).lefts)
        world.remembered[1] = [:]
        var values = world.tables[1].features
        // c3 has a value of its own in every row: one of them changes sides.
        let highest = values[3].values.indices.max { values[3].values[$0] < values[3].values[$1] }!
        values[3].values[highest] = -10
        let old = world.tables[1]
        world.tables[1] = BoostTable(
            keys: old.keys, rows: old.rows, features: values, extra: [:], digest: old.digest)
        #expect(throws: Fault(ModelingFaults.finePartitionChanged)) { _ = try run(world) }
    }

    /// A guest cannot be made to tell of two divisions whose difference is too small, nor of more than ten.
    @Test func divisionsThatDifferTooLittleAreRefused() throws {
        func world(_ starts: String) -> WoeWorld {
            WoeWorld(
                rows: 6_000, columns: [1, 4], seed: 3,
                ["fineBins": .integer(30), "starts": .text("host1.4: \(starts)"), "specials": .text("")])
        }
        var first = world("10 20")
        try first.remember(try run(first).lefts)
        // One fine bin more holds 3.3 % of the rows.
        var near = world("10 21")
        near.remembered = first.remembered
        #expect(throws: Fault(ModelingFaults.partitionDifference)) { _ = try run(near) }
        var far = world("10 24")
        far.remembered = first.remembered
        #expect(throws: Never.self) { _ = try run(far) }
    }

    @Test func anEleventhDivisionIsRefused() throws {
        var remembered: [[Int: [UInt8]]] = [[:], [:]]
        func next(_ starts: String) throws {
            var world = WoeWorld(
                rows: 6_000, columns: [1, 4], seed: 3,
                ["fineBins": .integer(20), "starts": .text("host1.4: \(starts)"), "specials": .text("")])
            world.remembered = remembered
            try world.remember(try run(world).lefts)
            remembered = world.remembered
        }
        for start in 0..<10 { try next("\(start + 5)") }
        #expect(throws: Fault(ModelingFaults.partitionsSpent)) { try next("15") }
        // One of the ten is told again.
        #expect(throws: Never.self) { try next("9") }
    }

    /// A task that was interrupted after it had told is remembered by its checkpoint.
    @Test(arguments: [1, 2]) func whatWasToldByAnUnfinishedTaskIsRemembered(_ units: Int) throws {
        var world = WoeWorld(rows: 2_000, columns: [1, 4], seed: 3)
        var stopped = try TaskRun(world, world.setting)
        stopped.most = units
        try stopped.run()
        #expect(stopped.outputs[0] == nil)
        try world.remember(stopped.lefts)
        // The host's fine bins are fixed before it tells of them, the division before the guest tells of it.
        #expect(world.remembered[1][1] != nil)
        #expect((world.remembered[0][1] != nil) == (units == 2))
        let whole = try run(world)
        if units == 2 {
            var other = WoeWorld(rows: 2_000, columns: [1, 4], seed: 3)
            other.remembered = world.remembered
            other.remembered[1] = [:]
            // The salt is of the task and the values: the same task again has the same.
            #expect(try run(other).result == whole.result)
        }
    }

    /// A later version in which a fine bin has too few rows to be told: the column is withheld, the others are not.
    @Test func fineBinsThatHaveBecomeTooSmallAreWithheld() throws {
        var world = WoeWorld(rows: 2_000, columns: [1, 4], seed: 3)
        try world.remember(try run(world).lefts)
        let old = world.tables[1]
        var features = old.features
        // The lowest of ten fine bins keeps 50 of its 200 rows.
        let order = features[3].values.indices.sorted { features[3].values[$0] < features[3].values[$1] }
        let highest = features[3].values.max()!
        for row in order.prefix(150) { features[3].values[row] = highest }
        world.tables[1] = BoostTable(
            keys: old.keys, rows: old.rows, features: features, extra: [:], digest: old.digest)
        let columns = try WoeGuestResult(bytes: try run(world).result[0]).hosts[0].columns
        #expect(columns.map { $0.counts == nil } == [false, false, false, true])
    }

    @Test func whatIsRememberedReadsBackOrIsRefused() throws {
        var world = WoeWorld(rows: 2_000, columns: [1, 4], seed: 3)
        let first = try run(world)
        try world.remember(first.lefts)
        let own = try #require(world.remembered[1][1])
        #expect(try HostColumns(bytes: own).bytes == own)
        let guest = try #require(world.remembered[0][1])
        #expect(try GuestColumns(bytes: guest).bytes == guest)
        for bytes in [own, guest] {
            for cut in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
                #expect(throws: Fault(WoeFaults.historyUnreadable)) { _ = try HostColumns(bytes: Array(bytes[..<cut])) }
            }
        }
        #expect(throws: Fault(WoeFaults.historyUnreadable)) { _ = try GuestColumns(bytes: Array("{".utf8)) }
        for (party, result) in first.result.enumerated() {
            for cut in stride(from: 0, to: result.count, by: max(1, result.count / 60)) {
                #expect(throws: Fault(WoeFaults.resultUnusable)) {
                    if party == 0 {
                        _ = try WoeGuestResult(bytes: Array(result[..<cut]))
                    } else {
                        _ = try WoeHostResult(bytes: Array(result[..<cut]))
                    }
                }
            }
        }
    }
}
