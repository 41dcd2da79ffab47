import Crypto
import Faults
import PrivateSetIntersection

/// The parameters of `align`, read once.
struct AlignPlan: Sendable {
    let exchange: ExchangePlan
    let rules: KeyRules
    /// Dataset and key columns of guest and host.
    let datasets: [String]
    let columns: [[String]]
    /// Which of the task's parties are guest and host.
    let parties: [Int]
    let binding: ExchangeBinding
    let minimumCommon: UInt64

    /// - Throws: `AlignFaults.keyColumns`, `.keyRuleUnknown`.
    init(_ setting: TaskSetting, sizes: ExchangeSizes = .usual) throws(Fault) {
        let columns = ["guestKey", "hostKey"].map {
            ParameterList.elements(of: setting.text($0), by: ParameterList.columns)
        }
        rules = try KeyRules(parsing: setting.text("rules"))
        let areNamed = columns.allSatisfy { Set($0).count == $0.count && !$0.contains("") }
        guard columns[0].count == columns[1].count, areNamed else {
            throw Fault(AlignFaults.keyColumns)
        }
        guard rules.rules.count == columns[0].count else {
            throw Fault(AlignFaults.keyColumns, "There are not as many rules as key columns.")
        }
        self.columns = columns
        datasets = ["guestDataset", "hostDataset"].map { setting.text($0) }
        parties = ["guest", "host"].map { role in setting.parties.firstIndex { $0.role == role } ?? 0 }
        exchange = ExchangePlan(
            guestRows: Int(setting.integer("guestRows")), hostRows: Int(setting.integer("hostRows")),
            disclosure: Disclosure(rawValue: setting.text("who")) ?? .both, sizes: sizes)
        binding = ExchangeBinding(digest: Self.digest(of: setting))
        minimumCommon = UInt64(setting.integer("minimumCommon"))
    }

    /// 0 where a party is the guest, 1 where it is the host.
    func own(_ party: Int) -> Int { party == parties[0] ? 0 : 1 }

    /// SHA-256 of everything that the result depends on beside the data: seed, roles and parameters in order of name.
    private static func digest(of setting: TaskSetting) -> [UInt8] {
        var writer = WireWriter()
        writer.put(Array("atoll/align/binding/1".utf8) + [0])
        writer.put(setting.seed)
        for party in setting.parties { writer.put(name: party.role) }
        for (name, value) in setting.parameters.sorted(by: { $0.key < $1.key }) {
            writer.put(name: name)
            switch value {
            case .integer(let value): writer.put(UInt64(bitPattern: value))
            case .text(let value):
                writer.put(UInt32(value.utf8.count))
                writer.put(value.utf8)
            case .number(let value): writer.put(value.bitPattern)
            case .boolean(let value): writer.put(value ? 1 as UInt8 : 0)
            }
        }
        return Array(SHA256.hash(data: writer.bytes))
    }
}

extension AlignPlan {
    /// Each party's key columns. The other one tests as many ids as it declares rows.
    func reads() -> [DatasetUse] {
        [0, 1].sorted { parties[$0] < parties[$1] }.map { role in
            var use = DatasetUse(party: parties[role], dataset: datasets[role])
            use.columns = columns[role]
            use.minimumIntersection = Int64(minimumCommon)
            use.ids = Int64(exchange.rows[1 - role])
            return use
        }
    }

    /// The dataset whose common rows are left at a party; nil where it does not learn which they are.
    func table(party: Int) -> String? {
        let own = own(party)
        return exchange.disclosure != .sizeOnly && exchange.learns(own) ? datasets[own] : nil
    }

    /// Step j is part j, from 1.
    func rows() -> [MessageRow] {
        [0, 1].flatMap { party in
            let parts = UInt64(exchange.parts)
            let frames = parts * UInt64(exchange.frames(party))
            let points = parts * UInt64(exchange.capacities[party])
            let most = exchange.count(party, frame: 0)
            func row(_ type: AlignMessage, from: Int, _ schema: String, _ bytes: Int) -> MessageRow {
                MessageRow(
                    type: type.rawValue, from: parties[from], to: parties[1 - from],
                    steps: 1...UInt32(exchange.parts), count: frames, schema: schema, elementBits: UInt32(8 * bytes),
                    maximumBytes: most * bytes, expectedBytes: points * UInt64(bytes))
            }
            let sent = row(.points, from: party, "x-coordinates of hashed ids times a secret scalar", 32)
            let answer = row(
                .tags, from: 1 - party, "tags of the receiver's points times a second secret scalar",
                exchange.tagBytes)
            return exchange.learns(party) ? [sent, answer] : [sent]
        }
    }

    /// A multiplication of a point takes about as long as twelve products modulo the square of a 2048-bit key.
    func cost(party: Int, _ rates: MachineRates) -> TaskCost {
        let own = own(party)
        let parts = Double(exchange.parts)
        let points = parts * (1.3 * Double(exchange.capacities[own]) + Double(exchange.capacities[1 - own]))
        let bytes = rows().filter { $0.from == party }.reduce(0) { $0 + $1.expectedBytes }
        let all = rows().reduce(0) { $0 + $1.expectedBytes }
        let rounds = parts * Double(max(exchange.frames(0), exchange.frames(1)))
        // A part is exchanged, then its rows are arranged by some millions of cells at a time.
        let memory = max(160 * exchange.capacities.max()!, 200 << 20) + exchange.rows[own] / 8
        return TaskCost(
            seconds: 0.5 + points * 12 / rates.productsPerSecond + rounds * rates.roundTrip
                + Double(all) / rates.bandwidth,
            bytesOut: bytes, memory: UInt64(64 << 20) + UInt64(memory))
    }
}

/// The types of messages of `align`.
enum AlignMessage: String, Sendable {
    case points = "align.points"
    case tags = "align.tags"
}
