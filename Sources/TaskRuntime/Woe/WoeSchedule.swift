import Faults
import HomomorphicEncryption
import Modeling

/// Every message of `woe` and its size, from the plan alone; what is shorter is filled up with zeros.
struct WoeSchedule: Sendable {
    /// Most rows that are learnt from.
    let rows: Int
    /// Most columns of each host.
    let columns: [Int]
    /// Most fine bins of a column, those of special and missing values among them.
    let fineBins: Int
    let layout: PackingLayout
    let shape: SchemeShape

    static let digestBytes = 32
    static let agreement: UInt32 = 1
    static let counting: UInt32 = 2
    static let dividing: UInt32 = 3

    /// Number of columns; of each: what its fine bins are known by, how many are ordinary and how many are not, their rows.
    func binBytes(host: Int) -> Int { 4 + columns[host] * (Self.digestBytes + 4 + 4 * fineBins) }

    /// Packed ciphertexts of the sums, at most: of every fine bin but the fullest of each column.
    func sums(host: Int) -> Int { layout.plaintexts(forCells: columns[host] * (fineBins - 1)) }

    /// Number of columns; of each: whether it has bins, the bin of every fine bin, the bads of every bin.
    func groupBytes(host: Int) -> Int { 4 + columns[host] * (1 + 2 * fineBins + 4 * fineBins) }

    /// The message table between the guest and one host.
    func rows(guest: Int, host: Int, number: Int) -> [MessageRow] {
        func row(
            _ type: WoeMessage, isDown: Bool, _ step: UInt32, _ schema: String, _ sizes: [Int], bits: Int = 8
        ) -> [MessageRow] {
            guard let largest = sizes.max() else { return [] }
            return [
                MessageRow(
                    type: type.rawValue, from: isDown ? host : guest, to: isDown ? guest : host, steps: step...step,
                    count: UInt64(sizes.count), schema: schema, elementBits: UInt32(bits), maximumBytes: largest,
                    expectedBytes: UInt64(sizes.reduce(0, +)))
            ]
        }
        let bits = 8 * shape.ciphertextBytes
        let digest = [Self.digestBytes]
        return [
            row(.rows, isDown: false, Self.agreement, "digest of the ids in their order", digest),
            row(.rows, isDown: true, Self.agreement, "digest of the ids in their order", digest),
            row(
                .key, isDown: false, Self.counting, "public key of the scheme", BoostSchedule.frames(shape.keyBytes)),
            row(
                .labels, isDown: false, Self.counting, "encrypted labels, one for each row",
                BoostSchedule.blocks(rows).map(shape.blockBytes), bits: bits),
            row(
                .bins, isDown: true, Self.counting,
                "rows of every fine bin of every column, and what the bins are known by",
                BoostSchedule.frames(binBytes(host: number))),
            row(
                .sums, isDown: true, Self.counting, "encrypted numbers of bads in fine bins, packed",
                BoostSchedule.blocks(sums(host: number)).map(shape.blockBytes), bits: bits),
            row(
                .groups, isDown: false, Self.dividing, "bins as unions of fine bins, and the bads of each bin",
                BoostSchedule.frames(groupBytes(host: number))),
            row(.part, isDown: true, Self.dividing, "digest of the host's weights of evidence", digest),
        ].flatMap { $0 }
    }
}

/// The types of messages of `woe`.
enum WoeMessage: String, Sendable, CaseIterable {
    /// Both ways: a digest of the ids.
    case rows = "woe.rows"
    /// Guest to host.
    case key = "woe.key"
    case labels = "woe.labels"
    case groups = "woe.groups"
    /// Host to guest.
    case bins = "woe.bins"
    case sums = "woe.sums"
    case part = "woe.part"
}

extension WoePlan {
    func messages() -> [MessageRow] {
        (0..<hosts).flatMap { schedule.rows(guest: parties[0], host: parties[$0 + 1], number: $0) }
    }

    /// The guest's labels are told in bins that hold a share of the rows; hosts tell fine bins.
    func reads() -> [DatasetUse] {
        sources.indices.sorted { parties[$0] < parties[$1] }.map { party in
            var use = DatasetUse(party: parties[party], dataset: sources[party].dataset)
            use.columns = sources[party].features.map { sources[party].keys + $0 + (party == 0 ? [label] : []) }
            use.minimumBin = Int64(party == 0 ? Self.least.bads + Self.least.goods : Self.least.fineRows)
            return use
        }
    }

    /// Encryption and the hosts' sums overlap; the rest is done one after the other.
    func cost(party: Int, _ rates: MachineRates) -> TaskCost {
        let product = schedule.shape.product / rates.productsPerSecond
        let rows = Double(schedule.rows)
        let encryption = rows * schedule.shape.power / rates.encryptionsPerSecond
        var (slowest, opened) = (0.0, 0.0)
        for host in 0..<hosts {
            let columns = Double(schedule.columns[host])
            let packed = Double(schedule.sums(host: host))
            let cells = columns * Double(schedule.fineBins - 1)
            let added = rows * (3.5 + 0.7 * columns) * product
            let sent = (cells * (1.5 + 0.8 * Double(schedule.layout.slotBits)) + packed * 275) * product
            slowest = max(slowest, max(0, added - encryption) + sent)
            opened += packed * schedule.shape.power / rates.decryptionsPerSecond
        }
        let table = messages()
        let wire = Double(table.reduce(0) { $0 + $1.expectedBytes })
        return TaskCost(
            seconds: 1 + encryption + slowest + opened + wire / rates.bandwidth + 6 * rates.roundTrip,
            bytesOut: table.filter { $0.from == party }.reduce(0) { $0 + $1.expectedBytes },
            memory: UInt64(112 << 20) + UInt64(schedule.rows * 64 + Int(wire)))
    }
}
