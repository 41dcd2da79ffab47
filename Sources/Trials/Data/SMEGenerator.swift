/// Small merchants that never were: what a bank knows of them, what a payment partner knows, and who defaulted. The same
/// numbers make the same tables, on every machine.
///
/// A merchant has a hidden health. The bank sees it late and blurred in limits, use and repayment; the partner sees it in
/// takings, refunds and the network that the merchant trades in. Default follows from health, leverage and trade: with the
/// partner's columns it is told better than with the bank's alone. The two know different merchants: the bank's are older
/// and larger. Some values are missing, more often where things go badly.
public struct SMEGenerator: Sendable, Hashable {
    public enum Party: String, Sendable, CaseIterable {
        case bank, partner
    }

    /// Merchants that each knows.
    public let bank: Int
    public let partner: Int
    /// Share of the smaller population that both know.
    public let overlap: Double
    public let seed: UInt64

    public init(bank: Int, partner: Int, overlap: Double, seed: UInt64) {
        self.bank = bank
        self.partner = partner
        self.overlap = overlap
        self.seed = seed
    }

    /// Merchants that both know.
    public var common: Int { Int((Double(min(bank, partner)) * overlap).rounded()) }

    public static let label = "defaulted"
    public static let id = "merchant"

    public static func columns(of party: Party) -> [String] {
        switch party {
        case .bank:
            [
                "loans", "limit", "utilisation", "repayment_rate", "days_late", "years_with_bank", "balance_swing",
                "sector", label,
            ]
        case .partner:
            [
                "takings", "takings_trend", "refund_share", "seasonality", "active_days", "network_size",
                "network_defaults", "chargebacks", "card_share",
            ]
        }
    }

    /// The header's line, then a line for each merchant in an order of its own.
    ///
    /// - Parameter write: takes the text in pieces.
    public func write<Failure: Error>(_ party: Party, _ write: (String) throws(Failure) -> Void) throws(Failure) {
        try write(([Self.id] + Self.columns(of: party)).joined(separator: ",") + "\n")
        let all = merchants(of: party)
        var text = ""
        for merchant in all {
            text += line(merchant, party)
            if text.utf8.count > 1 << 16 {
                try write(text)
                text = ""
            }
        }
        try write(text)
    }

    /// Numbers of merchants: the common ones come first, then those of the bank alone, then the partner's.
    private func merchants(of party: Party) -> [Int] {
        var numbers: [Int] = Array(0..<common)
        switch party {
        case .bank: numbers += common..<bank
        case .partner: numbers += bank..<(bank + partner - common)
        }
        var random = Random(seed, party == .bank ? 1 : 2)
        for place in stride(from: numbers.count - 1, to: 0, by: -1) {
            numbers.swapAt(place, Int(random.next() % UInt64(place + 1)))
        }
        return numbers
    }

    private func line(_ number: Int, _ party: Party) -> String {
        let merchant = Merchant(number, bankOnly: number >= common && number < bank, seed)
        var random = Random(seed &+ 77, UInt64(number) << 2 | (party == .bank ? 1 : 2))
        let cells = party == .bank ? merchant.bank(&random) : merchant.partner(&random)
        return "SME-\(10_000_000 + number * 7)," + cells.joined(separator: ",") + "\n"
    }
}

/// The hidden truth of one merchant.
private struct Merchant {
    let health: Double
    let size: Double
    let leverage: Double
    let network: Double
    let age: Double
    let sector: Int
    let hasDefaulted: Bool

    init(_ number: Int, bankOnly: Bool, _ seed: UInt64) {
        var random = Random(seed, UInt64(number) << 2 | 3)
        sector = Int(random.next() % 8)
        network = random.normal()
        size = random.normal() * 0.9 + (bankOnly ? 0.6 : 0)
        age = max(0, 6 + 4 * random.normal() + (bankOnly ? 4 : 0))
        leverage = random.normal()
        health = 0.75 * random.normal() + 0.25 * network + [0.3, 0.1, 0, -0.1, -0.3, 0.2, 0, -0.2][sector]
        let pressure =
            -1.45 * health + 0.55 * leverage - 0.35 * network - 0.03 * age + (leverage > 1 && health < 0 ? 0.8 : 0)
        // About one in nine of those that both know; what decides it is not all in any table.
        hasDefaulted = pressure + 1.6 * random.normal() > 2.6
    }

    func bank(_ random: inout Random) -> [String] {
        let limit = max(5, 40 + 30 * size + 8 * random.normal())
        let use = min(1.2, max(0, 0.5 + 0.22 * leverage - 0.1 * health + 0.12 * random.normal()))
        let repayment = min(1, max(0, 0.93 + 0.06 * health - 0.03 * leverage + 0.1 * random.normal()))
        let late = max(0, 4 - 7 * health + 12 * random.normal())
        let swing = max(0, 0.3 - 0.08 * health + 0.12 * random.normal())
        return [
            "\(Int(max(0, 1.5 + leverage + 0.7 * random.normal()).rounded()))", "\(Int(limit) * 1_000)",
            decimal(use, 3), random.uniform() < (health < -0.5 ? 0.12 : 0.04) ? "" : decimal(repayment, 3),
            "\(Int(late))", decimal(age, 1), decimal(swing, 3), "\(sector)", hasDefaulted ? "1" : "0",
        ]
    }

    func partner(_ random: inout Random) -> [String] {
        let takings = max(1, 60 + 45 * size + 10 * random.normal())
        let trend = 0.09 * health + 0.04 * random.normal()
        let refunds = max(0, 0.04 - 0.018 * health + 0.014 * random.normal())
        let season = max(0, 0.2 + 0.05 * Double(sector % 3) + 0.06 * random.normal())
        let days = min(31, max(1, 24 + 2.5 * health + 2.5 * random.normal()))
        return [
            "\(Int(takings * 100))", random.uniform() < (health < -0.5 ? 0.1 : 0.03) ? "" : decimal(trend, 4),
            random.uniform() < 0.05 ? "" : decimal(refunds, 4), decimal(season, 3), "\(Int(days))",
            "\(Int(max(1, 12 + 6 * network + 4 * random.normal())))",
            "\(Int(max(0, 1.2 - 1.1 * network + 0.9 * random.normal())))",
            "\(Int(max(0, 1 - 1.3 * health + 1.2 * random.normal())))",
            decimal(min(1, max(0, 0.5 + 0.2 * random.normal())), 2),
        ]
    }

    private func decimal(_ value: Double, _ places: Int) -> String {
        let scale = [1, 10, 100, 1_000, 10_000][places]
        let scaled = Int((value * Double(scale)).rounded())
        let rest = "\(abs(scaled) % scale)"
        return (scaled < 0 ? "-" : "") + "\(abs(scaled) / scale)." + String(repeating: "0", count: places - rest.count)
            + rest
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014) under a seed and a stream; normal numbers by the sum of twelve uniform ones, so
/// that no function of a mathematics library decides.
private struct Random {
    private var state: UInt64

    init(_ seed: UInt64, _ stream: UInt64) {
        state = seed &* 0x9e37_79b9_7f4a_7c15 ^ (stream &+ 1) &* 0xd1b5_4a32_d192_ed03
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// 0 ..< 1.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += uniform() }
        return sum
    }
}
