import Faults
import HomomorphicEncryption
import Modeling

/// The parameters of `train.logistic`, read once. Parties are the guest, 0, and the host, 1.
struct LogisticPlan: Sendable {
    /// Which of the task's parties they are.
    let parties: [Int]
    let sources: [PartySource]
    /// The task `woe` whose weights are learnt from.
    let woe: String
    /// The task whose columns alone are learnt from; empty for none.
    let selection: String
    let label: String
    let learningTenths: UInt64
    /// Rows of the aligned datasets.
    let rows: Int
    let l2: Double
    let tolerance: Double
    let passes: Int
    let schedule: LogisticSchedule
    let seed: [UInt8]

    /// - Throws: `BoostFaults.parameters`, `AlignFaults.keyRuleUnknown`, `.keyColumns`, `EncryptionFaults`.
    init(_ setting: TaskSetting, shape: SchemeShape) throws(Fault) {
        parties = setting.parties(inRoles: ["guest", "host"])
        sources = try PartySource.read(setting, hosts: parties.count - 1)
        woe = setting.text("woe")
        selection = setting.text("selection")
        label = setting.text("label")
        learningTenths = 10 - UInt64(setting.integer("test"))
        rows = Int(setting.integer("rows"))
        l2 = setting.number("l2")
        tolerance = setting.number("tolerance")
        passes = Int(setting.integer("passes"))
        seed = setting.seed
        let learnt = max(1, BoostSchedule.bound(rows, share: Double(10 - setting.integer("test")) / 10))
        // A residual is below 1, a weight below 2^4; their products are added up over all rows.
        let bits =
            Int.bitWidth - learnt.leadingZeroBitCount + WeightedColumns.residualBits + WeightedColumns.weightBits + 4
            + 1
        schedule = LogisticSchedule(
            rows: learnt, columns: sources[1].features?.count ?? Int(setting.integer("hostColumnLimit")),
            passes: passes,
            fields: try MaskedFields(valueBits: bits, plaintextBits: shape.plaintextBits), shape: shape)
    }

    /// Whether a row is learnt from at all.
    func learns(from key: UInt64) -> Bool { key % 10 < learningTenths }

    /// The columns of a party that are learnt from: those that are named, else all that have bins; of them those selected.
    func names(_ part: WoePart, selected: [String]?, place: Int) -> [String] {
        let names = sources[place].features ?? part.columns.filter { $0.bins != nil }.map(\.name)
        guard let selected else { return names }
        return names.filter(Set(selected).contains)
    }

    /// The rows of a party as weights of evidence.
    ///
    /// - Parameter names: of the columns that are learnt from.
    /// - Throws: `ModelingFaults.columns`, `.regression`, `BoostFaults.dataUnusable`.
    func columns(_ table: BoostTable, _ part: WoePart, _ names: [String]) throws(Fault) -> WeightedColumns {
        var values: [String: [Double]] = [:]
        for feature in table.features { values[feature.name] = feature.values }
        return try WeightedColumns(part, names: names, values: values, rows: table.keys.count)
    }

    func messages() -> [MessageRow] { schedule.rows(guest: parties[0], host: parties[1]) }

    /// A host's partial scores are told: its grant must say so.
    func reads() -> [DatasetUse] {
        sources.indices.sorted { parties[$0] < parties[$1] }.map { place in
            var use = DatasetUse(party: parties[place], dataset: sources[place].dataset)
            use.columns = sources[place].features.map { sources[place].keys + $0 + (place == 0 ? [label] : []) }
            if place > 0 { use.reveals = ["partial_scores"] }
            return use
        }
    }

    /// At most: fewer passes are the rule.
    func cost(party: Int, _ rates: MachineRates) -> TaskCost {
        let product = schedule.shape.product / rates.productsPerSecond
        let rows = Double(schedule.rows)
        let encryption = rows * schedule.shape.power / rates.encryptionsPerSecond
        let columns = Double(schedule.columns)
        let added = rows * (3.5 + 0.7 * (columns + 1)) * product
        // Ten bins a column, 33 bits a weight.
        let sums = (columns * (11 * 40 + 1.5 * Double(schedule.fields.fieldBits)) + 275) * product
        let pass = max(encryption, added) + sums + schedule.shape.power / rates.decryptionsPerSecond
        let table = messages()
        let wire = Double(table.reduce(0) { $0 + $1.expectedBytes })
        return TaskCost(
            seconds: 1 + Double(passes) * (pass + 4 * rates.roundTrip) + wire / rates.bandwidth,
            bytesOut: table.filter { $0.from == party }.reduce(0) { $0 + $1.expectedBytes },
            memory: UInt64(128 << 20) + UInt64(schedule.rows * (64 + 4 * schedule.columns)))
    }
}

/// Every message of `train.logistic` and its size, from the plan alone; what is shorter is filled up with zeros.
struct LogisticSchedule: Sendable {
    /// Most rows that are learnt from.
    let rows: Int
    /// Most columns of the host.
    let columns: Int
    /// Most passes.
    let passes: Int
    let fields: MaskedFields
    let shape: SchemeShape

    static let digestBytes = 32
    static let agreement: UInt32 = 1
    /// Of a pass from 1.
    static func step(_ pass: Int) -> UInt32 { UInt32(pass + 1) }
    var endStep: UInt32 { UInt32(passes + 2) }

    var scoreBytes: Int { 8 * rows }
    var ciphertexts: Int { fields.ciphertexts(columns) }
    var gradientBytes: Int { 16 * columns }

    func rows(guest: Int, host: Int) -> [MessageRow] {
        func row(
            _ type: LogisticMessage, isDown: Bool, _ steps: ClosedRange<UInt32>, _ schema: String, _ sizes: [Int],
            bits: Int = 8
        ) -> [MessageRow] {
            guard let largest = sizes.max() else { return [] }
            let times = UInt64(steps.count)
            var row = MessageRow(
                type: type.rawValue, from: isDown ? host : guest, to: isDown ? guest : host, steps: steps,
                count: times * UInt64(sizes.count), schema: schema, elementBits: UInt32(bits), maximumBytes: largest,
                expectedBytes: times * UInt64(sizes.reduce(0, +)))
            // It ends when it has settled.
            row.isMost = steps.count > 1
            return [row]
        }
        let bits = 8 * shape.ciphertextBytes
        let digest = [Self.digestBytes]
        let agreement = Self.agreement...Self.agreement
        let all = Self.step(1)...Self.step(passes)
        return [
            row(.rows, isDown: false, agreement, "digest of the ids in their order", digest),
            row(.rows, isDown: true, agreement, "digest of the ids in their order", digest),
            row(
                .scores, isDown: true, all, "the host's part of the score of each row", BoostSchedule.frames(scoreBytes)
            ),
            row(.key, isDown: false, all, "public key of the scheme", BoostSchedule.frames(shape.keyBytes)),
            row(
                .residuals, isDown: false, all, "encrypted label less probability of each row",
                BoostSchedule.blocks(rows).map(shape.blockBytes), bits: bits),
            row(
                .masked, isDown: true, all, "encrypted gradient of each of the host's columns, masked and packed",
                BoostSchedule.blocks(ciphertexts).map(shape.blockBytes), bits: bits),
            row(
                .gradient, isDown: false, all, "the same, opened and still masked",
                BoostSchedule.frames(gradientBytes)),
            row(.end, isDown: true, endStep...endStep, "digest of the host's coefficients", digest),
        ].flatMap { $0 }
    }
}

/// The types of messages of `train.logistic`.
enum LogisticMessage: String, Sendable, CaseIterable {
    /// Both ways: a digest of the ids.
    case rows = "logistic.rows"
    /// Guest to host.
    case key = "logistic.key"
    case residuals = "logistic.residuals"
    case gradient = "logistic.gradient"
    /// Host to guest.
    case scores = "logistic.scores"
    case masked = "logistic.masked"
    case end = "logistic.end"
}
