import Arithmetic
import Faults
import Foundation
import HomomorphicEncryption
import JobsTestKit
import Modeling
import ResourcesTestKit
import Testing

@testable import TaskRuntime

/// `woe` between parties in memory.
@Suite(.timeLimit(.minutes(10))) struct WoeTests {
    static let cases: [(name: String, columns: [Int], parameters: [String: ParameterValue])] = [
        ("defaults", [3, 5], [:]),
        ("three hosts", [2, 4, 3, 5], [:]),
        ("named columns", [4, 3], ["hostColumns": .text("c0,c1,c2"), "guestColumns": .text("c0,c1,c2,c3")]),
        ("chi-merge", [3, 4], ["rule": .text("chiMerge"), "bins": .integer(6)]),
        ("quantiles, equally wide", [3, 4], ["rule": .text("quantiles"), "fineMethod": .text("equalWidth")]),
        ("free, few fine bins", [2, 4], ["trend": .text("free"), "fineBins": .integer(8)]),
        ("a test part", [3, 4], ["test": .integer(3)]),
        (
            "by hand", [4, 4],
            ["fineBins": .integer(6), "starts": .text("host1.4: 2 4; guest.c3: 3"), "specials": .text("")]
        ),
        ("no columns of the guest", [0, 4], [:]),
        (
            "edges by hand", [4, 4],
            [
                "hostColumns": .text("c0,c1,c2,c3"), "guestColumns": .text("c0,c1,c2,c3"),
                "edges": .text("host1.c3: -0.5 0.25; guest.c1: 0.125; host1.c2: 0"),
                "starts": .text("host1.c3: 1 2"),
            ]
        ),
    ]

    @Test(arguments: cases.indices) func theBinsAreThoseOfOnePlace(_ index: Int) throws {
        let chosen = Self.cases[index]
        let seed = SeededGenerator.printed(for: "theBinsAreThoseOfOnePlace \(chosen.name)").seed
        let world = WoeWorld(rows: 2_400, columns: chosen.columns, seed: seed, chosen.parameters)
        var run = try TaskRun(world, world.setting)
        try run.run()
        let guest = try WoeGuestResult(bytes: run.result[0])
        let expected = try world.centralised()
        #expect(guest.part == expected[0])
        var digests = [expected[0].digest()]
        for host in 1..<chosen.columns.count {
            let result = try WoeHostResult(bytes: run.result[host])
            #expect(result.part == expected[host], "\(chosen.name), seed \(seed)")
            digests.append(expected[host].digest(salt: result.salt))
            // What the guest knows of the host's columns gives the same weights.
            for (told, column) in zip(guest.hosts[host - 1].columns, expected[host].columns) {
                #expect(told.groups == column.bins?.groups)
                guard let counts = told.counts, let groups = told.groups else { continue }
                #expect(MergedBins(try WoeTable(counts, groups)) == column.bins)
            }
        }
        #expect(guest.digest == .woe(parts: digests))
        #expect(expected.contains { $0.columns.contains { $0.bins != nil } })
    }

    /// Messages and bytes are those of the table, to the last.
    @Test(arguments: [0, 1, 6]) func messagesAndBytesAreThoseOfThePlan(_ index: Int) throws {
        let chosen = Self.cases[index]
        let world = WoeWorld(rows: 1_500, columns: chosen.columns, seed: 4, chosen.parameters)
        var run = try TaskRun(world, world.setting)
        try run.run()
        let rows = world.description.messages(world.setting)
        for row in rows {
            let sent = run.sent[row.from]["\(row.to) \(row.type)"] ?? (0, 0)
            #expect(sent.count == row.count && sent.bytes == row.expectedBytes, "\(row.type): \(sent)")
        }
        #expect(rows.count == run.sent.reduce(0) { $0 + $1.count })
    }

    /// Interleavings, stops and restarts, from every unit.
    @Test(arguments: [0, 1]) func theProtocolKeepsTheRules(_ index: Int) {
        let chosen = Self.cases[index]
        let world = WoeWorld(rows: 1_200, columns: chosen.columns, seed: 8, chosen.parameters)
        let seed = SeededGenerator.printed(for: "theProtocolKeepsTheRules").seed
        #expect(ProtocolHarness(world, world.setting, seed: seed, interleavings: 4).problems() == [])
    }

    @Test(arguments: [Profile.shared, .dedicated]) func keysOfFullLengthGiveTheSame(_ profile: Profile) throws {
        var world = WoeWorld(rows: 1_000, columns: [1, 4], seed: 31)
        world.scheme = BoostWorld.scheme(bits: 2048, profile: profile)
        var run = try TaskRun(world, world.setting)
        try run.run()
        #expect(try WoeHostResult(bytes: run.result[1]).part == world.centralised()[1])
    }

    // MARK: What is refused

    /// Every message changed in one byte or length is refused by number, or changes nothing that was told.
    @Test func damagedMessagesAreRefused() throws {
        let world = WoeWorld(rows: 1_200, columns: [2, 3], seed: 3)
        let seed = SeededGenerator.printed(for: "damagedMessagesAreRefused").seed
        var numbers = SeededGenerator(seed: seed)
        var plain = try TaskRun(world, world.setting)
        try plain.run()
        var refused = 0
        for type in WoeMessage.allCases {
            for round in 0..<4 {
                var isDone = false
                var run = try TaskRun(world, world.setting)
                let place = Int(numbers.next() % 1_000)
                run.tamper = { message, _ in
                    guard message.type == type.rawValue, !isDone else { return }
                    isDone = true
                    switch round {
                    case 0: message.payload.removeLast()
                    case 1: message.payload.append(0)
                    case 2: message.payload[0] ^= 0xff
                    default: message.payload[place % message.payload.count] ^= 0x10
                    }
                }
                do {
                    try run.run()
                    // Digests that nobody can check (of a part, and what fine bins are known by from here on), or a ciphertext
                    // or count as possible as the right one.
                    let mayPass: Set<WoeMessage> = [.part, .labels, .sums, .groups, .bins]
                    #expect(
                        mayPass.contains(type) && round > (type == .bins ? 2 : 1),
                        "\(type), round \(round), seed \(seed)")
                } catch is Fault {
                    refused += 1
                }
                #expect(isDone)
            }
        }
        #expect(refused >= 18)
    }

    /// Whatever bytes come, they are read or refused by one number.
    @Test func messagesOfAnyBytesAreReadOrRefused() throws {
        let seed = SeededGenerator.printed(for: "messagesOfAnyBytesAreReadOrRefused").seed
        var numbers = SeededGenerator(seed: seed)
        let told = [
            ToldBins(commitment: .woe(parts: []), ordinary: 3, rows: [200, 300, 250, 250]),
            ToldBins(commitment: .woe(parts: []), ordinary: 0, rows: []),
            ToldBins(commitment: .woe(parts: []), ordinary: 2, rows: [400, 600]),
        ]
        let groups = try [
            ToldGroups.Column(groups: BinGroups(ordinary: 3, assignment: [0, 0, 1, 2]), bads: [50, 30, 20]), nil,
            ToldGroups.Column(groups: BinGroups(ordinary: 2, assignment: [0, 1]), bads: [60, 40]),
        ]
        let bins = ToldBins.encode(told) + [0, 0, 0]
        let answer = ToldGroups.encode(groups) + [0, 0, 0]
        func takeBins(_ bytes: [UInt8]) throws(Fault) -> [ToldBins] {
            try ToldBins.decode(bytes, columns: 0...4, fineBins: 5, rows: 1_000)
        }
        #expect(try takeBins(bins) == told)
        let decoded = try ToldGroups.decode(answer, of: told)
        #expect(decoded.map { $0?.counts.map(\.bads) } == [[50, 30, 20], nil, [60, 40]])
        for _ in 0..<4_000 {
            for (bytes, isBins) in [(bins, true), (answer, false)] {
                var changed = bytes
                for _ in 0...numbers.next() % 3 {
                    changed[Int(numbers.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: numbers.next())
                }
                if numbers.next() % 4 == 0 { changed.removeLast(Int(numbers.next() % UInt64(changed.count))) }
                do {
                    if isBins {
                        _ = try takeBins(changed)
                    } else {
                        _ = try ToldGroups.decode(changed, of: told)
                    }
                } catch {
                    #expect(error.is(BoostFaults.messageMalformed), "seed \(seed)")
                }
            }
        }
    }

    @Test func sumsThatNoRowsCanHaveAreRefused() throws {
        let world = WoeWorld(rows: 1_200, columns: [1, 1], seed: 3, ["fineBins": .integer(5)])
        let plan = try world.plan()
        let key = try BoostWorld.scheme.makePair(.one)
        let rows = [300, 300, 300, 300, 0]
        let told = ToldBins(commitment: .woe(parts: []), ordinary: 4, rows: Array(rows[..<4]))
        for (bads, isRefused) in [([30, 40, 50], false), ([301, 0, 0], true), ([0, 0, 0], true)] {
            var reply = WoeReply(
                plan, host: 0, rows: 1_200, bads: 310, within: try FieldSums(gradients: [310], hessians: nil))
            let bytes = ToldBins.encode([told])
            let frames = BoostSchedule.frames(
                "woe.bins", step: 2, to: 0, bytes, size: plan.schedule.binBytes(host: 0))
            for frame in frames { try reply.take(frame.payload) { _, _ in PlaintextBatch([]) } }
            let layout = plan.schedule.layout
            let sums = try key.publicKey.receive(
                try key.encrypt(try layout.plaintexts(gradients: bads.map { Int64(min($0, 1)) }, hessians: nil).rows),
                count: 3)
            var scaled = sums
            key.publicKey.multiply(&scaled, by: bads.map { Int64(max(1, $0)) })
            let packed = try layout.pack(key.publicKey, scaled, order: [0, 1, 2])
            let count = layout.plaintexts(forCells: 3)
            let block = key.publicKey.seal(packed)
            let most = BoostSchedule.blocks(plan.schedule.sums(host: 0))
            func answer() throws {
                for (place, size) in most.enumerated() {
                    let frame = plan.schedule.shape.frame(
                        "woe.sums", step: 2, to: 0, place == 0 ? block : nil, count: size)
                    try reply.take(frame.payload) { block, found throws(Fault) in
                        #expect(found == count)
                        return try key.decrypt(block, count: found)
                    }
                }
            }
            if isRefused {
                #expect(throws: Fault(BoostFaults.replyOutOfRange), "\(bads)") { try answer() }
            } else {
                try answer()
                #expect(try reply.counts(of: 0, named: "c")?.ordinary.map(\.bads).reduce(0, +) == 310)
            }
        }
    }

    @Test func fineBinsThatAreTooSmallAreNotTaken() {
        func told(_ rows: [Int]) -> [UInt8] {
            ToldBins.encode([ToldBins(commitment: .woe(parts: []), ordinary: rows.count, rows: rows)])
        }
        func take(_ rows: [Int]) throws {
            _ = try ToldBins.decode(told(rows), columns: 1...1, fineBins: 4, rows: 1_000)
        }
        #expect(throws: Never.self) { try take([200, 200, 600]) }
        #expect(throws: Never.self) { try take([1_000, 0]) }
        #expect(throws: Fault(BoostFaults.messageMalformed)) { try take([199, 201, 600]) }
        #expect(throws: Fault(BoostFaults.messageMalformed)) { try take([200, 200, 599]) }
        #expect(throws: Fault(BoostFaults.messageMalformed)) { try take([200, 200, 200, 200, 200]) }
    }

    @Test func labelsAreZeroOrOneAndOfBothKinds() throws {
        var world = WoeWorld(rows: 1_000, columns: [1, 2], seed: 3)
        let table = world.tables[0]
        for wrong in [[Double](repeating: 0, count: 1_000), [2] + [Double](repeating: 0, count: 999)] {
            world.tables[0] = BoostTable(
                keys: table.keys, rows: table.rows, features: table.features, extra: ["y": wrong], digest: table.digest)
            #expect(throws: Fault(ModelingFaults.label)) {
                var run = try TaskRun(world, world.setting)
                try run.run()
            }
        }
    }

    /// Where no column can be divided there is nothing to tell, and the guard is the reason.
    @Test func rowsTooFewForAnyBinAreRefused() throws {
        let fewer = WoeWorld(rows: 100, columns: [2, 3], seed: 3)
        #expect(throws: Fault(ModelingFaults.finePartition)) {
            var run = try TaskRun(fewer, fewer.setting)
            try run.run()
        }
        let world = WoeWorld(rows: 300, columns: [2, 3], seed: 3)
        var run = try TaskRun(world, world.setting)
        #expect(throws: Fault(ModelingFaults.binGuard)) { try run.run() }
        // Nothing was told to the host: its last unit is the agreement on rows, or the counting.
        #expect(run.sent[0]["1 woe.groups"] == nil)
    }

    /// The breast data: 569 rows are three fine bins or fewer, and where a column tells much, some bin has hardly any row of one
    /// class. Such columns get no bins, and bins by hand are refused with the number of the guard.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ATOLL_DATA"] != nil, "needs ATOLL_DATA"))
    func breastDataCannotMeetTheGuard() throws {
        let folder = ProcessInfo.processInfo.environment["ATOLL_DATA"] ?? ""
        func read(_ file: String) throws -> [String: [Double]] {
            let lines = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8).split(separator: "\n")
            let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
                .sorted { $0[0] < $1[0] }
            let names = lines[0].split(separator: ",").map(String.init)
            return Dictionary(
                uniqueKeysWithValues: names.indices.map { place in (names[place], rows.map { $0[place] }) })
        }
        let (guest, host) = try (read("breast_hetero_guest.csv"), read("breast_hetero_host.csv"))
        func world(_ starts: String) -> WoeWorld {
            var world = WoeWorld(
                rows: 569, columns: [1, 1], seed: 1,
                [
                    "starts": .text(starts), "specials": .text(""), "hostColumnLimit": .integer(20),
                    "guestColumns": .text("x0,x1"),
                ])
            world.tables = [guest, host].enumerated().map { party, columns in
                let names = party == 0 ? ["x0", "x1"] : columns.keys.filter { $0 != "id" }.sorted()
                return BoostTable(
                    keys: world.tables[0].keys, rows: Array(0..<569), features: names.map { ($0, columns[$0]!) },
                    extra: party == 0 ? ["y": columns["y"]!] : [:], digest: [UInt8](repeating: 5, count: 32))
            }
            return world
        }
        var run = try TaskRun(world(""), world("").setting)
        try run.run()
        let found = try WoeGuestResult(bytes: run.result[0])
        let told = found.hosts[0].columns
        #expect(told.contains { $0.groups == nil } && told.allSatisfy { ($0.counts?.ordinary.count ?? 2) <= 2 })
        let refused = try #require(told.first { $0.groups == nil && ($0.counts?.ordinary.count ?? 0) > 1 })
        #expect(throws: Fault(ModelingFaults.binGuard)) {
            var run = try TaskRun(world("\(refused.column): 1"), world("\(refused.column): 1").setting)
            try run.run()
        }
    }

    @Test(arguments: [
        ("specials", "1,x"), ("specials", "3,2"), ("starts", "host1.1"), ("starts", "host2.1: 3"),
        ("starts", "host1.1: 0"), ("starts", "host1.1: 3 3"), ("starts", "guest.a: 3; guest.a: 4"),
        ("starts", "guest.a: 50"),
    ]) func parametersThatDoNotFitAreRefused(_ name: String, _ value: String) {
        let world = WoeWorld(rows: 1_000, columns: [1, 1], seed: 3, [name: .text(value)])
        #expect(throws: Fault(WoeFaults.parameters)) { try world.description.check(world.setting) }
    }
}
