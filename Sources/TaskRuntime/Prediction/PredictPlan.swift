import Faults
import Modeling

/// The parameters of `predict`, read once.
struct PredictPlan: Sendable {
    enum Method: String, Sendable, CaseIterable {
        case path, bits
    }

    enum Rows: String, Sendable, CaseIterable {
        case all, learnt, test

        /// - Parameter tenths: how many tenths of the rows are learnt from.
        func takes(_ key: UInt64, learning tenths: UInt64) -> Bool {
            switch self {
            case .all: true
            case .learnt: key % 10 < tenths
            case .test: key % 10 >= tenths
            }
        }
    }

    let model: String
    let method: Method
    let part: Rows
    let learningTenths: UInt64
    let sources: [PartySource]
    /// Column of the guest that is written beside the scores; nil for none.
    let label: String?
    /// Rows of the datasets.
    let rows: Int
    /// Rows that are scored, at most.
    let most: Int
    let trees: Int
    let depth: Int
    /// Which of the task's parties the guest and the hosts are.
    let parties: [Int]
    let seed: [UInt8]

    /// - Throws: `BoostFaults.parameters`, `AlignFaults.keyRuleUnknown`, `.keyColumns`.
    init(_ setting: TaskSetting) throws(Fault) {
        parties = setting.parties(inRoles: ["guest", "host"])
        sources = try PartySource.read(setting, hosts: parties.count - 1)
        model = setting.text("model")
        method = Method(rawValue: setting.text("method")) ?? .path
        let part = Rows(rawValue: setting.text("part")) ?? .all
        self.part = part
        let tenths = 10 - UInt64(setting.integer("test"))
        learningTenths = tenths
        label = setting.text("label").isEmpty ? nil : setting.text("label")
        rows = Int(setting.integer("rows"))
        let share = (0..<10).count { part.takes(UInt64($0), learning: tenths) }
        most = share == 0 ? 0 : BoostSchedule.bound(rows, share: Double(share) / 10)
        trees = Int(setting.integer("trees"))
        depth = Int(setting.integer("depth"))
        seed = setting.seed
        guard most > 0 || rows == 0 else {
            throw Fault(BoostFaults.parameters, "No row is of the part that is to be scored.", at: "part")
        }
    }

    var hosts: Int { parties.count - 1 }

    /// Splits of a host, at most.
    var conditions: Int { trees * ((1 << depth) - 1) }

    /// For each tree, the number of the node that each row asks for.
    var questionBytes: Int { trees * most * 4 }
    /// A bit for each question.
    var answerBytes: Int { trees * BoostSchedule.bitBytes(most) }
    /// For each of a host's splits, a bit for each row.
    var bitBytes: Int { conditions * BoostSchedule.bitBytes(most) }

    func messages() -> [MessageRow] {
        (1...hosts).flatMap { host -> [MessageRow] in
            func row(
                _ type: PredictMessage, isDown: Bool, _ steps: ClosedRange<UInt32>, _ schema: String, _ bytes: Int,
                times: UInt64
            ) -> [MessageRow] {
                let sizes = BoostSchedule.frames(bytes)
                guard let largest = sizes.max() else { return [] }
                return [
                    MessageRow(
                        type: type.rawValue, from: parties[isDown ? host : 0], to: parties[isDown ? 0 : host],
                        steps: steps, count: times * UInt64(sizes.count), schema: schema, elementBits: 8,
                        maximumBytes: largest, expectedBytes: times * UInt64(bytes))
                ]
            }
            let digest = "digest of the ids in their order"
            let agreement =
                row(.rows, isDown: false, 1...1, digest, 32, times: 1)
                + row(.rows, isDown: true, 1...1, digest, 32, times: 1)
            switch method {
            case .path:
                let steps = 2...UInt32(depth + 1)
                return agreement
                    + row(
                        .questions, isDown: false, steps, "node of the host that each row is in, for each tree",
                        questionBytes, times: UInt64(depth))
                    + row(
                        .answers, isDown: true, steps, "side of each row in the node that was asked for", answerBytes,
                        times: UInt64(depth))
            case .bits:
                return agreement
                    + row(
                        .bits, isDown: true, 2...2, "side of each row in each node of the host", 4 + bitBytes, times: 1)
            }
        }
    }

    func reads() -> [DatasetUse] {
        sources.indices.sorted { parties[$0] < parties[$1] }.map { party in
            var use = DatasetUse(party: parties[party], dataset: sources[party].dataset)
            use.columns = sources[party].features.map { features in
                sources[party].keys + features + (party == 0 ? label.map { [$0] } ?? [] : [])
            }
            if party > 0, method == .bits {
                use.reveals = ["bins"]
                use.minimumBin = 1
            }
            return use
        }
    }

    func cost(party: Int, _ rates: MachineRates) -> TaskCost {
        let rows = messages()
        let wire = rows.reduce(0) { $0 + $1.expectedBytes }
        let steps = Double(trees * depth * most)
        return TaskCost(
            seconds: 0.5 + Double(wire) / rates.bandwidth + Double(2 * depth) * rates.roundTrip + steps * 3e-8
                + Double(self.rows) * 2e-5,
            bytesOut: rows.filter { $0.from == party }.reduce(0) { $0 + $1.expectedBytes },
            memory: UInt64(64 << 20) + UInt64(2 * (questionBytes + bitBytes)) + UInt64(self.rows * 400))
    }
}

/// The types of messages of `predict`.
enum PredictMessage: String, Sendable {
    /// Both ways.
    case rows = "predict.rows"
    /// Guest to host.
    case questions = "predict.questions"
    /// Host to guest.
    case answers = "predict.answers"
    case bits = "predict.bits"
}
