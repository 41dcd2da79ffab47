import Arithmetic
import Faults
import HomomorphicEncryption
import JobsTestKit
import Modeling
import ResourcesTestKit
import Testing

@testable import TaskRuntime

/// `train.boosting` between parties in memory.
@Suite(.timeLimit(.minutes(10))) struct BoostTests {
    /// What the options can be, each in some case.
    static let cases: [(name: String, columns: [Int], weighted: Bool, parameters: [String: ParameterValue])] = [
        ("defaults", [3, 4], false, [:]),
        (
            "no guard, first tree shared", [3, 4], false,
            ["cellGuard": .integer(0), "firstTreeByGuestAlone": .boolean(false)]
        ),
        ("three hosts", [2, 3, 4, 3], false, ["firstTreeByGuestAlone": .boolean(false)]),
        ("weights", [4, 3], true, ["l1": .number(0.5)]),
        ("squared", [4, 4], false, ["objective": .text("squared"), "cellGuard": .integer(0)]),
        ("squared with weights", [4, 4], true, ["objective": .text("squared"), "l2": .number(2)]),
        (
            "rows and columns sampled", [4, 5], false,
            ["rowShare": .number(0.6), "columnShare": .number(0.5), "seed": .integer(9)]
        ),
        (
            "stopping early", [4, 4], false,
            ["validationShare": .number(0.3), "patience": .integer(1), "trees": .integer(9), "rate": .number(1)]
        ),
        ("validation alone", [4, 4], false, ["validationShare": .number(0.3), "cellGuard": .integer(1)]),
        ("a test part", [4, 4], false, ["test": .integer(3), "minimumGain": .number(0.4)]),
        ("one tree", [3, 3], false, ["trees": .integer(1)]),
        ("one tree, shared", [3, 3], false, ["trees": .integer(1), "firstTreeByGuestAlone": .boolean(false)]),
        ("stumps", [3, 3], false, ["depth": .integer(1)]),
        ("deep", [3, 4], false, ["depth": .integer(7), "cellGuard": .integer(0), "minimumChildWeight": .number(0)]),
        ("few bits", [3, 4], false, ["fractionBits": .integer(8), "bins": .integer(3)]),
        ("a guard that leaves nothing", [3, 4], false, ["cellGuard": .integer(400)]),
    ]

    @Test(arguments: cases.indices) func theModelIsThatOfOnePlace(_ index: Int) throws {
        let chosen = Self.cases[index]
        let seed = SeededGenerator.printed(for: "theModelIsThatOfOnePlace \(chosen.name)").seed
        for round in 0..<3 {
            let world = BoostWorld(
                rows: 90 + 60 * round, columns: chosen.columns, seed: seed &+ UInt64(round), weighted: chosen.weighted,
                chosen.parameters)
            var run = try TaskRun(world, world.setting)
            try run.run()
            let guest = try BoostGuestResult(bytes: run.result[0])
            let expected = try world.centralised()
            #expect(guest.model.structure == expected.structure, "\(chosen.name), seed \(seed) + \(round)")
            #expect(guest.model.parts[0] == expected.parts[0])
            for host in 1..<chosen.columns.count {
                let part = try BoostHostResult(bytes: run.result[host]).part
                #expect(part == expected.parts[host])
            }
            #expect(try guest.digest == world.centralisedDigest(run.result), "\(chosen.name), seed \(seed) + \(round)")
        }
    }

    /// Which kernel multiplies, and how many threads, is of no account.
    @Test(arguments: Kernel.available.map(\.name), [1, 5]) func kernelsAndThreadsDoNotMatter(
        _ kernel: String, _ threads: Int
    ) throws {
        var world = BoostWorld(rows: 120, columns: [2, 4], seed: 21, ["rowShare": .number(0.8)])
        var plain = try TaskRun(world, world.setting)
        try plain.run()
        world.threads = threads
        world.scheme = BoostWorld.scheme(
            bits: BoostWorld.bits, kernel: Kernel.available.first { $0.name == kernel })
        var run = try TaskRun(world, world.setting)
        try run.run()
        #expect(run.result == plain.result)
    }

    /// With keys that are long enough, in both profiles.
    @Test(arguments: [2048, 3072], [Profile.shared, .dedicated]) func keysOfFullLengthGiveTheSameModel(
        _ bits: Int, _ profile: Profile
    ) throws {
        var world = BoostWorld(rows: 50, columns: [2, 3], seed: 22, ["trees": .integer(2), "depth": .integer(2)])
        world.scheme = BoostWorld.scheme(bits: bits, profile: profile)
        var run = try TaskRun(world, world.setting)
        try run.run()
        #expect(try BoostGuestResult(bytes: run.result[0]).digest == world.centralisedDigest(run.result))
        let rows = world.description.messages(world.setting)
        #expect(
            rows.allSatisfy { row in
                (run.sent[row.from]["\(row.to) \(row.type)"] ?? (0, 0)) == (row.count, row.expectedBytes)
            })
    }

    /// A guest that names a finer cut than it was told sums of, to see few rows divided, is refused.
    @Test func aHostDividesOnlyByCandidatesThatItHasOffered() throws {
        let world = BoostWorld(rows: 300, columns: [1, 3], seed: 6, ["cellGuard": .integer(12), "bins": .integer(30)])
        let plan = try world.plan()
        let (pair, columns) = (
            try BoostWorld.scheme.makePair(.one), try plan.columns(of: world.tables[1], binning: nil)
        )
        let key = try BoostWorld.scheme.readKey(pair.publicKey.encoded(), .one)
        var tree = try HostTree(
            tree: 1, key: key, side: PartySide(party: 1, columns: columns, settings: plan.settings),
            settings: plan.settings, layout: plan.schedule.layout, learning: Array(0..<300), rows: 300)
        let plaintexts = PlaintextBatch([Int128](repeating: 1, count: 300))
        try tree.add(try key.receive(try pair.encrypt(plaintexts), count: 300))
        let root = try tree.root()
        let offered = try #require(root.sets.first?.numbers)
        // Half of the rows: cells of the children are coarser than the root's.
        let next = try tree.descend((0..<300).map { $0 % 2 }, pairs: 1)
        let fewer = try #require(next.sets.first?.numbers)
        let withheld = try #require(offered.first { !fewer.contains($0) })
        _ = try tree.split([CandidateSet(place: 0, numbers: [fewer[0]])])
        for wrong in [
            CandidateSet(place: 0, numbers: [withheld]), CandidateSet(place: 0, numbers: [fewer[0], withheld]),
            CandidateSet(place: 2, numbers: [fewer[0]]), CandidateSet(place: 1, numbers: [Int32(tree.candidates)]),
        ] {
            #expect(throws: Fault(BoostFaults.messageMalformed), "\(wrong)") { _ = try tree.split([wrong]) }
        }
    }

    /// Messages and bytes are those of the table, to the last.
    @Test(arguments: [0, 2, 4, 6]) func messagesAndBytesAreThoseOfThePlan(_ index: Int) throws {
        let chosen = Self.cases[index]
        let world = BoostWorld(
            rows: 200, columns: chosen.columns, seed: 4, weighted: chosen.weighted, chosen.parameters)
        var run = try TaskRun(world, world.setting)
        try run.run()
        let rows = world.description.messages(world.setting)
        var seen = 0
        for row in rows {
            let sent = run.sent[row.from]["\(row.to) \(row.type)"] ?? (0, 0)
            #expect(sent.count == row.count && sent.bytes == row.expectedBytes, "\(row.type): \(sent)")
            seen += 1
        }
        #expect(seen == run.sent.reduce(0) { $0 + $1.count })
    }

    @Test(arguments: [0, 2, 6, 7]) func theProtocolKeepsTheRules(_ index: Int) {
        let chosen = Self.cases[index]
        let seed = SeededGenerator.printed(for: "theProtocolKeepsTheRules \(chosen.name)").seed
        let world = BoostWorld(rows: 70, columns: chosen.columns, seed: seed, chosen.parameters)
        let problems = ProtocolHarness(world, world.setting, seed: seed, interleavings: 3).problems()
        #expect(problems == [], "\(chosen.name), seed \(seed)")
    }

    /// Whatever unit a stopped task goes on from, the model is the same.
    @Test func aResumedTrainingGrowsTheSameTrees() throws {
        let world = BoostWorld(
            rows: 150, columns: [3, 4], seed: 11,
            ["trees": .integer(5), "validationShare": .number(0.2), "patience": .integer(4)])
        var whole = try TaskRun(world, world.setting)
        try whole.run()
        #expect(whole.checkpoints[0].map(\.unit) == whole.checkpoints[1].map(\.unit))
        #expect(whole.checkpoints[0].count >= 4)
        for place in whole.checkpoints[0].indices {
            var again = try TaskRun(world, world.setting)
            try again.run(from: whole.checkpoints.map { $0[place].state })
            #expect(again.result == whole.result)
        }
        for damaged in [[], [2], Array(whole.checkpoints[0][1].state.dropLast())] as [[UInt8]] {
            #expect(throws: Fault(TaskFaults.checkpointUnreadable)) {
                var run = try TaskRun(world, world.setting)
                try run.run(from: [damaged, whole.checkpoints[1][1].state])
            }
        }
        #expect(throws: Fault(TaskFaults.checkpointUnreadable)) {
            var run = try TaskRun(world, world.setting)
            try run.run(from: [whole.checkpoints[0][1].state, [1, 0, 0]])
        }
    }

    @Test func splitsOfHostsAreFoundAndReported() throws {
        let world = BoostWorld(rows: 400, columns: [1, 5], seed: 3, ["cellGuard": .integer(5), "trees": .integer(4)])
        var run = try TaskRun(world, world.setting)
        try run.run()
        let splits = try BoostHostResult(bytes: run.result[1]).part.conditions.count
        #expect(splits > 4)
        #expect(run.figures[1]["splits"] == Double(splits))
        let told = try #require(run.figures[0]["host.1.bits_per_row"])
        #expect(told > 1 && told <= 15)
        let separation = try #require(run.figures[0]["label.separation"])
        #expect(separation > 0.6 && separation <= 1)
    }

    @Test func aTrainingThatTellsTooMuchOfTheLabelsStops() throws {
        let world = BoostWorld(rows: 200, columns: [3, 4], seed: 3, ["labelBound": .number(0.6)])
        var run = try TaskRun(world, world.setting)
        #expect(throws: Fault(BoostFaults.labelTold)) { try run.run() }
    }

    /// Frames that are damaged, out of range, stale, or that leave rows out are refused with their number.
    @Test func repliesThatCannotBeAreRefused() throws {
        func refused(
            _ entry: FaultEntry, _ type: BoostMessage, from sender: Int, after skipped: Int = 0, _ what: String,
            _ change: @escaping (inout TaskMessage) -> Void
        ) throws {
            let world = BoostWorld(rows: 200, columns: [2, 4], seed: 5, ["cellGuard": .integer(2)])
            var run = try TaskRun(world, world.setting)
            var seen = 0
            run.tamper = { message, from in
                guard from == sender, message.type == type.rawValue else { return }
                seen += 1
                if seen == skipped + 1 { change(&message) }
            }
            #expect(throws: Fault(entry), "\(what)") { try run.run() }
            #expect(seen > skipped, "\(what): it was never sent")
        }
        try refused(BoostFaults.rowsDiffer, .rows, from: 1, "other rows") { $0.payload[0] ^= 1 }
        try refused(BoostFaults.rowsDiffer, .rows, from: 0, "other rows") { $0.payload[0] ^= 1 }
        try refused(TaskFaults.messageUnexpected, .candidates, from: 1, "another step") { $0.step += 1 }
        try refused(TaskFaults.messageUnexpected, .sums, from: 1, "another type") { $0.type = "boost.candidates" }
        try refused(BoostFaults.messageMalformed, .candidates, from: 1, "short") { $0.payload.removeLast() }
        try refused(BoostFaults.messageMalformed, .candidates, from: 1, "candidates beyond those there are") {
            $0.payload[0] = 0xff
        }
        try refused(BoostFaults.messageMalformed, .candidates, from: 1, after: 1, "more candidates than before") {
            $0.payload[3] += 1
        }
        try refused(BoostFaults.messageMalformed, .candidates, from: 1, "sets beyond the nodes") {
            $0.payload[7] = 200
        }
        try refused(BoostFaults.messageMalformed, .candidates, from: 1, "something behind the end") {
            $0.payload[$0.payload.count - 1] = 1
        }
        try refused(EncryptionFaults.blockKey, .sums, from: 1, "a stale key") { $0.payload[9] ^= 1 }
        try refused(EncryptionFaults.ciphertextRange, .sums, from: 1, "no ciphertext") { message in
            for place in 32..<96 { message.payload[place] = 0xff }
        }
        try refused(EncryptionFaults.blockCount, .sums, from: 1, "another count") { $0.payload[24] ^= 1 }
        try refused(BoostFaults.directionsDiffer, .directions, from: 1, after: 1, "rows left out") { message in
            guard let place = message.payload.firstIndex(where: { $0 != 0 }) else {
                message.payload[0] = 1
                return
            }
            message.payload[place] &= message.payload[place] - 1
        }
        try refused(BoostFaults.messageMalformed, .part, from: 1, "no digest") { $0.payload.removeLast() }
        // At the host.
        try refused(EncryptionFaults.keyEncoding, .tree, from: 0, "no key") { $0.payload[0] ^= 1 }
        try refused(EncryptionFaults.keyEven, .tree, from: 0, "an even modulus") { $0.payload[8] &= 0xfe }
        try refused(EncryptionFaults.ciphertextRange, .gradients, from: 0, "a zero") { message in
            for place in 32..<96 { message.payload[place] = 0 }
        }
        try refused(EncryptionFaults.blockCount, .gradients, from: 0, "a row fewer") { $0.payload[24] -= 1 }
        try refused(BoostFaults.messageMalformed, .nodes, from: 0, "a node that has no parent") { message in
            message.payload[4] = message.payload[4] == 0 ? 1 : 0
        }
        try refused(BoostFaults.messageMalformed, .nodes, from: 0, "more pairs than nodes") { $0.payload[3] = 99 }
        try refused(BoostFaults.messageMalformed, .winners, from: 0, "a node that there is not") { message in
            message.payload.replaceSubrange(0..<9, with: [0, 0, 0, 1, 0, 0, 0, 9, 1])
        }
        try refused(BoostFaults.messageMalformed, .end, from: 0, "more trees than there are") { $0.payload[3] = 200 }
    }

    @Test func parametersThatDoNotFitAreRefused() throws {
        func refused(_ entry: FaultEntry, _ parameters: [String: ParameterValue]) {
            let world = BoostWorld(rows: 50, columns: [2, 2], seed: 1, parameters)
            #expect(throws: Fault(entry)) { try BoostPlan(world.setting, shape: BoostWorld.shape) }
            #expect(world.description.messages(world.setting).isEmpty)
        }
        refused(BoostFaults.parameters, ["hostDatasets": .text("a;b")])
        refused(BoostFaults.parameters, ["hostColumns": .text("a,a")])
        refused(BoostFaults.parameters, ["guestColumns": .text("a,")])
        refused(AlignFaults.keyColumns, ["hostKeys": .text("a,b")])
        refused(AlignFaults.keyRuleUnknown, ["rules": .text("nothing")])
        refused(ModelingFaults.settings, ["patience": .integer(3)])
        refused(
            EncryptionFaults.packingFieldTooWide, ["rows": .integer(2_000_000_000), "fractionBits": .integer(24)])
        let world = BoostWorld(rows: 50, columns: [2, 5], seed: 1, ["hostColumnLimit": .integer(4)])
        #expect(throws: Fault(BoostFaults.dataUnusable)) {
            var run = try TaskRun(world, world.setting)
            try run.run()
        }
    }

    @Test func whatATrainingLeavesReadsBack() throws {
        let world = BoostWorld(rows: 120, columns: [2, 3], seed: 2, [:])
        var run = try TaskRun(world, world.setting)
        try run.run()
        let guest = try BoostGuestResult(bytes: run.result[0])
        let host = try BoostHostResult(bytes: run.result[1])
        #expect(guest.bytes == run.result[0] && host.bytes == run.result[1])
        for bytes in [[], Array(run.result[0].dropLast()), run.result[1]] {
            #expect(throws: Fault(BoostFaults.modelUnusable)) { try BoostGuestResult(bytes: bytes) }
        }
        for bytes in [[], Array(run.result[1].dropLast()), run.result[0]] {
            #expect(throws: Fault(BoostFaults.modelUnusable)) { try BoostHostResult(bytes: bytes) }
        }
    }
}
