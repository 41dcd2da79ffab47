import Arithmetic
import Faults
import Foundation
import HomomorphicEncryption
import JobsTestKit
import Modeling
import ResourcesTestKit
import Testing

@testable import Modeling
@testable import TaskRuntime

/// A regression between two parties in memory, on the weights of evidence that an earlier task left.
struct LogisticWorld: Operator {
    let weighed: WoeWorld
    /// What `woe` left at each party.
    let results: [[UInt8]]
    let setting: TaskSetting
    var scheme = BoostWorld.scheme
    /// What a task `choose` has left, where there is one.
    var selections: [[UInt8]]?

    /// The results of earlier tasks at a party.
    func results(_ party: Int) -> [String: [UInt8]] {
        var all = ["weigh": results[party]]
        if let selections { all["choose"] = selections[party] }
        return all
    }

    init(rows: Int, columns: [Int] = [3, 4], seed: UInt64, _ parameters: [String: ParameterValue] = [:]) throws {
        weighed = WoeWorld(rows: rows, columns: columns, seed: seed, ["test": parameters["test"] ?? .integer(0)])
        var run = try TaskRun(weighed, weighed.setting)
        try run.run()
        results = run.result
        var given: [String: ParameterValue] = [
            "woe": .text("weigh"), "guestDataset": .text("g"), "hostDatasets": .text("h"), "guestKey": .text("id"),
            "hostKeys": .text("id"), "label": .text("y"), "rows": .integer(Int64(rows)), "hostColumnLimit": .integer(4),
            "passes": .integer(25),
        ]
        given.merge(parameters) { $1 }
        setting = TaskSetting.example(of: LogisticOperator(), parameters: given, parties: weighed.setting.parties)
    }

    private var subject: LogisticOperator { LogisticOperator(shape: { [scheme] _ in scheme.shape }) }

    var description: OperatorDescription { subject.description }

    func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        let tables = weighed.tables
        return try subject.makeProtocol(
            setting, party: party, data: TaskData(results: results(party), threads: data.threads), scheme: scheme
        ) { plan, place, _ throws(Fault) in
            tables[place].selecting { plan.learns(from: $0) }
        }
    }

    /// The columns of both parties, as both sides see them, and the labels.
    func columns() throws -> (guest: WeightedColumns, host: WeightedColumns, labels: [Double]) {
        let plan = try LogisticPlan(setting, shape: scheme.shape)
        let tables = weighed.tables.map { table in table.selecting { plan.learns(from: $0) } }
        return (
            try columns(plan, tables[0], WoeGuestResult(bytes: results[0]).part, place: 0),
            try columns(plan, tables[1], WoeHostResult(bytes: results[1]).part, place: 1), tables[0].extra["y"]!
        )
    }

    private func columns(_ plan: LogisticPlan, _ table: BoostTable, _ part: WoePart, place: Int) throws
        -> WeightedColumns
    {
        let selected = try selections.map { try SelectionResult(bytes: $0[place]).selection.kept }
        return try plan.columns(table, part, plan.names(part, selected: selected, place: place))
    }
}

/// `train.logistic` between parties in memory.
@Suite(.timeLimit(.minutes(10))) struct LogisticTests {
    static let cases: [(name: String, columns: [Int], parameters: [String: ParameterValue])] = [
        ("defaults", [3, 4], [:]),
        ("a penalty and a test part", [3, 4], ["l2": .number(4), "test": .integer(2)]),
        ("named columns", [4, 4], ["guestColumns": .text("c1,c2"), "hostColumns": .text("c2,c1")]),
        ("the guest without columns", [0, 4], [:]),
    ]

    @Test(arguments: cases.indices) func theRegressionIsThatOfOnePlace(_ index: Int) throws {
        let chosen = Self.cases[index]
        let seed = SeededGenerator.printed(for: "theRegressionIsThatOfOnePlace \(chosen.name)").seed
        let world = try LogisticWorld(rows: 2_000, columns: chosen.columns, seed: seed, chosen.parameters)
        var run = try TaskRun(world, world.setting)
        try run.run()
        let guest = try LogisticGuestResult(bytes: run.result[0])
        let host = try LogisticHostResult(bytes: run.result[1])
        let (own, other, labels) = try world.columns()
        let expected = try ExactRegression(
            guest: own, host: other, labels: labels, l2: world.setting.number("l2"), tolerance: 1e-8, most: 25)
        #expect(guest.part == expected.guest && host.part == expected.host, "\(chosen.name), seed \(seed)")
        #expect(guest.passes == expected.passes && guest.deviance == expected.deviance)
        #expect(guest.digest == .logistic(parts: [expected.guest.digest(), expected.host.digest(salt: host.salt)]))
        #expect(expected.passes > 2 && expected.passes <= 25)
        // And that of Newton's method on all columns, which knows nothing of whole numbers.
        let columns = [(own, "g"), (other, "h")].flatMap { columns, prefix in
            columns.names.indices.map { place in
                LogisticRegression.Column(
                    name: prefix + columns.names[place],
                    values: (0..<columns.rows).map { columns.weight(place, $0) })
            }
        }
        let newton = try LogisticRegression(l2: world.setting.number("l2")).fit(columns, labels: labels)
        let found = [guest.part.intercept] + guest.part.values + host.part.values
        let wanted = [newton.intercept.value] + newton.coefficients.map(\.value)
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-6 }, "\(found) \(wanted)")
    }

    /// What the protocol tells, measured: the scores of the last pass alone tell rows apart as well as the host's bins do.
    @Test func scoresTellTheBinsOfEveryRow() throws {
        let world = try LogisticWorld(rows: 2_000, columns: [3, 4], seed: 12)
        var run = try TaskRun(world, world.setting)
        try run.run()
        let (_, host, _) = try world.columns()
        let told = try #require(run.figures[0]["host.1.bits_per_row"])
        let bins = try #require(run.figures[1]["bins.bits_per_row"])
        // Counted in another way: rows by the text of their bins.
        var rows: [String: Double] = [:]
        for row in 0..<host.rows { rows[host.bins.map { "\($0[row])" }.joined(separator: " "), default: 0] += 1 }
        let expected = rows.values.map { $0 / 2_000 * -log2($0 / 2_000) }.reduce(0, +)
        #expect(abs(bins - expected) < 1e-9 && bins > 2)
        #expect(abs(told - bins) < 1e-9, "different bins have different scores")
        #expect(
            ValueEntropy.bits([Int]()) == 0 && ValueEntropy.bits([7, 7]) == 0 && ValueEntropy.bits([1, 2, 1, 2]) == 1)
    }

    /// Frames and bytes of a pass are those of the table; only passes that were not needed are missing.
    @Test func messagesAndBytesAreThoseOfThePlan() throws {
        let world = try LogisticWorld(rows: 1_500, seed: 4)
        var run = try TaskRun(world, world.setting)
        try run.run()
        let passes = UInt64(try LogisticGuestResult(bytes: run.result[0]).passes)
        for row in world.description.messages(world.setting) {
            let sent = run.sent[row.from]["\(row.to) \(row.type)"] ?? (0, 0)
            let times = UInt64(row.steps.count)
            let made = row.isMost ? passes : times
            #expect(sent.count == row.count / times * made, "\(row.type): \(sent)")
            #expect(sent.bytes == row.expectedBytes / times * made, "\(row.type): \(sent)")
        }
    }

    @Test func theProtocolKeepsTheRules() throws {
        let world = try LogisticWorld(rows: 1_000, columns: [2, 4], seed: 8)
        let seed = SeededGenerator.printed(for: "theProtocolKeepsTheRules").seed
        #expect(ProtocolHarness(world, world.setting, seed: seed, interleavings: 3).problems() == [])
    }

    @Test func keysOfFullLengthGiveTheSame() throws {
        var world = try LogisticWorld(rows: 1_000, columns: [2, 4], seed: 8)
        var plain = try TaskRun(world, world.setting)
        try plain.run()
        world.scheme = BoostWorld.scheme(bits: 2048, profile: .dedicated)
        var run = try TaskRun(world, world.setting)
        try run.run()
        #expect(run.result == plain.result)
    }

    // MARK: What is refused

    /// With as many numbers from each row as there are rows, a host could solve for the labels.
    @Test func rowsTooFewForSoManyGradientsAreRefused() throws {
        for (passes, isRefused) in [(25, false), (26, true)] {
            let world = try LogisticWorld(rows: 1_000, columns: [2, 4], seed: 8, ["passes": .integer(Int64(passes))])
            var run = try TaskRun(world, world.setting)
            if isRefused {
                #expect(throws: Fault(LogisticFaults.tooFewRows)) { try run.run() }
                #expect(run.sent[0].isEmpty, "nothing was told")
            } else {
                #expect(throws: Never.self) { try run.run() }
            }
        }
    }

    @Test func whatDoesNotSettleIsRefused() throws {
        let world = try LogisticWorld(rows: 1_500, seed: 8, ["passes": .integer(2)])
        var run = try TaskRun(world, world.setting)
        #expect(throws: Fault(ModelingFaults.regressionUnsettled)) { try run.run() }
    }

    @Test func columnsWithoutWeightsAreRefused() throws {
        // c3 is noise at both, and c9 is not there.
        for name in ["c9", "y"] {
            let world = try LogisticWorld(rows: 1_500, columns: [2, 4], seed: 8, ["hostColumns": .text(name)])
            var run = try TaskRun(world, world.setting)
            #expect(throws: Fault(ModelingFaults.columns)) { try run.run() }
        }
    }

    /// Every message changed in a byte or its length is refused by number, or is a lie that no protocol finds.
    @Test func damagedMessagesAreRefused() throws {
        let world = try LogisticWorld(rows: 1_000, columns: [2, 4], seed: 3)
        let seed = SeededGenerator.printed(for: "damagedMessagesAreRefused").seed
        var numbers = SeededGenerator(seed: seed)
        var refused = 0
        for type in LogisticMessage.allCases {
            for round in 0..<3 {
                var isDone = false
                var run = try TaskRun(world, world.setting)
                let place = Int(numbers.next() % 1_000)
                run.tamper = { message, _ in
                    guard message.type == type.rawValue, !isDone else { return }
                    isDone = true
                    switch round {
                    case 0: message.payload.removeLast()
                    case 1: message.payload.append(0)
                    default: message.payload[place % message.payload.count] ^= 0x80
                    }
                }
                do {
                    try run.run()
                    #expect(round == 2, "\(type), round \(round), seed \(seed)")
                } catch is Fault {
                    refused += 1
                }
                #expect(isDone)
            }
        }
        #expect(refused >= 14)
    }

    @Test func resultsReadBackOrAreRefused() throws {
        let world = try LogisticWorld(rows: 1_000, columns: [2, 4], seed: 3)
        var run = try TaskRun(world, world.setting)
        try run.run()
        #expect(try LogisticGuestResult(bytes: run.result[0]).bytes == run.result[0])
        #expect(try LogisticHostResult(bytes: run.result[1]).bytes == run.result[1])
        for (party, result) in run.result.enumerated() {
            for cut in stride(from: 0, to: result.count, by: 37) {
                #expect(throws: Fault(LogisticFaults.modelUnusable)) {
                    if party == 0 {
                        _ = try LogisticGuestResult(bytes: Array(result[..<cut]))
                    } else {
                        _ = try LogisticHostResult(bytes: Array(result[..<cut]))
                    }
                }
            }
        }
    }

    // MARK: Points

    /// Rounded points of both parties add up to the log-odds, but for half a unit each.
    @Test(arguments: [0, 2]) func pointsAreTheScoresToHalfAUnitEach(_ decimals: Int) throws {
        let world = try LogisticWorld(rows: 1_500, seed: 5)
        var run = try TaskRun(world, world.setting)
        try run.run()
        let parties = try (
            LogisticGuestResult(bytes: run.result[0]).part, LogisticHostResult(bytes: run.result[1]).part
        )
        let (own, other, _) = try world.columns()
        let plan = try LogisticPredictPlan(
            TaskSetting.example(
                of: LogisticPredictOperator(),
                parameters: [
                    "model": .text("fit"), "guestDataset": .text("g"), "hostDatasets": .text("h"),
                    "guestKey": .text("id"), "hostKeys": .text("id"), "rows": .integer(1_500),
                    "decimals": .integer(Int64(decimals)),
                ], parties: world.setting.parties))
        let (guest, host) = (parties.0.scores(own), parties.1.scores(other))
        let units = zip(plan.units(guest, isGuest: true), plan.units(host, isGuest: false))
        let bound = 1.0 / Double(plan.scale.unitsPerPoint) + 1e-9
        for ((one, two), (first, second)) in zip(units, zip(guest, host)) {
            let exact = plan.scale.score(logOdds: first + second)
            #expect(abs(plan.scale.points(Int(one + two)) - exact) <= bound)
        }
        #expect(plan.messages().first?.expectedBytes == 32 + 8 * 1_500)
    }
}
