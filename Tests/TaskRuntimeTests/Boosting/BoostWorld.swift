import Arithmetic
import Faults
import JobsTestKit
import Modeling
import ResourcesTestKit
import TaskRuntime
import Testing

@testable import HomomorphicEncryption
@testable import Modeling
@testable import TaskRuntime

/// A training between parties in memory: tables made at random, keys too short for anything but tests.
struct BoostWorld: Operator {
    let tables: [BoostTable]
    let setting: TaskSetting
    var threads = 2
    var scheme = Self.scheme

    static let bits = 256
    static let shape = SchemeShape.paillier(bits: bits)
    static let scheme = scheme(bits: bits)

    static func scheme(
        bits: Int, profile: Profile = .dedicated, kernel: Kernel? = nil
    ) -> BoostScheme<PaillierKeyPair> {
        BoostScheme<PaillierKeyPair>(
            shape: .paillier(bits: bits),
            makePair: { workers throws(Fault) in
                try PaillierKeyPair.generate(unchecked: bits, profile: profile, workers: workers, kernel: kernel)
            },
            readKey: { bytes, workers throws(Fault) in
                try PaillierPublicKey(
                    decoding: bytes, profile: profile, workers: workers, accepting: [bits], kernel: kernel)
            })
    }

    /// - Parameters:
    ///   - columns: of each party, the guest first.
    ///   - parameters: those that are not left at their defaults.
    init(
        rows: Int, columns: [Int], seed: UInt64, weighted: Bool = false, _ parameters: [String: ParameterValue]
    ) {
        var numbers = SeededGenerator(seed: seed)
        let hidden = (0..<rows).map { _ in Double.random(in: -1...1, using: &numbers) }
        let isBinary = parameters["objective"] != .text("squared")
        let keys = (0..<rows).map { RowKey.key(of: "row \($0)") }
        let labels = hidden.map { value in
            let noisy = value + Double.random(in: -0.7...0.7, using: &numbers)
            return isBinary ? (noisy > 0.2 ? 1 : 0) : (noisy * 100).rounded() / 4
        }
        let weights = (0..<rows).map { _ in Double(Int.random(in: 1...9, using: &numbers)) / 4 }
        var all: [BoostTable] = []
        var shared: [Double] = []
        for (party, count) in columns.enumerated() {
            var features: [(name: String, values: [Double])] = []
            for column in 0..<count {
                var values = (0..<rows).map { row -> Double in
                    let value = hidden[row] * Double(column % 3) + Double.random(in: -1...1, using: &numbers)
                    // Few values, many, and values that are missing.
                    switch column % 4 {
                    case 0: return (value * 3).rounded()
                    case 1: return Double.random(in: 0...1, using: &numbers) < 0.15 ? .nan : value
                    case 2: return value
                    default: return value > 0 ? 1 : 0
                    }
                }
                // One column that every party has: ties on purpose.
                if column == 2 {
                    if shared.isEmpty { shared = values } else { values = shared }
                }
                features.append(("c\(column)", values))
            }
            let extra = party > 0 ? [:] : ["y": labels, "w": weights]
            all.append(
                BoostTable(
                    keys: keys, rows: Array(0..<rows), features: features, extra: extra,
                    digest: [UInt8](repeating: 5, count: 32)))
        }
        tables = all
        let hosts = columns.count - 1
        var given: [String: ParameterValue] = [
            "guestDataset": .text("g"),
            "hostDatasets": .text([String](repeating: "h", count: hosts).joined(separator: ";")),
            "guestKey": .text("id"), "hostKeys": .text([String](repeating: "id", count: hosts).joined(separator: ";")),
            "label": .text("y"), "weight": .text(weighted ? "w" : ""), "rows": .integer(Int64(rows)),
            "hostColumnLimit": .integer(Int64(max(1, columns.dropFirst().max() ?? 1))), "trees": .integer(3),
            "depth": .integer(3), "bins": .integer(8), "cellGuard": .integer(3),
        ]
        given.merge(parameters) { $1 }
        let parties =
            [TaskParty(site: "s0", role: "guest")] + (1...hosts).map { TaskParty(site: "s\($0)", role: "host") }
        setting = TaskSetting.example(of: BoostOperator(), parameters: given, parties: parties)
    }

    init(tables: [BoostTable], setting: TaskSetting) {
        self.tables = tables
        self.setting = setting
    }

    var description: OperatorDescription { BoostOperator(shape: { [scheme] _ in scheme.shape }).description }

    func plan() throws -> BoostPlan { try BoostPlan(setting, shape: Self.shape) }

    func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        let tables = tables
        return try BoostOperator(shape: { [scheme] _ in scheme.shape }).makeProtocol(
            setting, party: party, threads: threads, scheme: scheme, data: data
        ) { plan, model throws(Fault) in
            tables[model].selecting { plan.learns(from: $0) }
        }
    }

    /// The plaintext trainer's model of the same rows.
    func centralised() throws -> BoostedModel {
        let plan = try plan()
        let tables = tables.map { table in table.selecting { plan.learns(from: $0) } }
        let parties = try tables.map {
            try PartyColumns(binning: $0.features, bins: plan.bins.bins, leastRows: plan.bins.leastRows)
        }
        let data = try TrainingData(
            keys: tables[0].keys, labels: tables[0].extra["y"]!, weights: plan.weight.map { tables[0].extra[$0]! },
            parties: parties)
        return try BoostingTrainer(plan.settings).train(data).model
    }

    /// The digest of that model with the salts that hosts have kept.
    func centralisedDigest(_ outputs: [[UInt8]]) throws -> ModelDigest {
        let salts = try outputs.dropFirst().map { try BoostHostResult(bytes: $0).salt }
        return try centralised().digest(salts: [[]] + salts)
    }
}

extension BoostTable {
    /// The rows whose keys are chosen.
    func selecting(_ chosen: (UInt64) -> Bool) -> BoostTable {
        let rows = keys.indices.filter { chosen(keys[$0]) }
        return BoostTable(
            keys: rows.map { keys[$0] }, rows: rows.map { self.rows[$0] },
            features: features.map { feature in (name: feature.name, values: rows.map { feature.values[$0] }) },
            extra: extra.mapValues { values in rows.map { values[$0] } }, digest: digest)
    }
}

/// Runs the parties of a task in one thread, one message after the other.
struct TaskRun {
    var parties: [any TaskProtocol]
    var outputs: [[UInt8]?]
    var figures: [[String: Double]]
    var checkpoints: [[(unit: UInt64, state: [UInt8])]]
    /// Messages that wait, by sender and receiver.
    private var waiting: [[[TaskMessage]]]
    /// Changes a message before it is delivered.
    var tamper: (inout TaskMessage, _ from: Int) -> Void = { _, _ in }
    /// Messages that were sent, by sender and type; and their bytes.
    var sent: [[String: (count: UInt64, bytes: UInt64)]]
    /// Stops when the first party has made so many checkpoints.
    var most = Int.max

    init(_ subject: any Operator, _ setting: TaskSetting) throws {
        parties = try setting.parties.indices.map {
            try subject.makeProtocol(setting, party: $0, data: TaskData(threads: 2))
        }
        outputs = parties.map { _ in nil }
        figures = parties.map { _ in [:] }
        checkpoints = parties.map { _ in [] }
        waiting = parties.map { _ in [[TaskMessage]](repeating: [], count: setting.parties.count) }
        sent = parties.map { _ in [:] }
    }

    var result: [[UInt8]] { outputs.map { $0 ?? [] } }

    mutating func run(from states: [[UInt8]]? = nil) throws {
        for party in parties.indices { try perform(parties[party].start(from: states?[party]), party) }
        while checkpoints[0].count < most {
            var hasMoved = false
            for party in parties.indices where outputs[party] == nil {
                for sender in parties.indices where !waiting[sender][party].isEmpty {
                    guard parties[party].awaited?.contains(sender) ?? true else { continue }
                    var message = waiting[sender][party].removeFirst()
                    message.party = sender
                    tamper(&message, sender)
                    try perform(parties[party].handle(.message(message, at: .zero)), party)
                    hasMoved = true
                    break
                }
            }
            guard hasMoved else { break }
        }
    }

    private mutating func perform(_ effects: [TaskEffect], _ party: Int) throws {
        for effect in effects {
            switch effect {
            case .send(let message):
                waiting[party][message.party].append(message)
                let old = sent[party]["\(message.party) \(message.type)"] ?? (0, 0)
                sent[party]["\(message.party) \(message.type)"] = (
                    old.count + 1, old.bytes + UInt64(message.payload.count)
                )
            case .checkpoint(let unit, let state): checkpoints[party].append((unit, state))
            case .measure: try perform(parties[party].handle(.measured(.clock(.zero))), party)
            case .finish(let result): (outputs[party], figures[party]) = (result.output, result.figures)
            case .progress, .log: break
            }
        }
    }
}
