import HomomorphicEncryption

/// What a training costs, from the plan and the machine's rates. Processor time is of one core; the guest encrypts while
/// hosts add up, so the slower of the two counts, and what follows the root's sums is done one after the other.
extension BoostPlan {
    func cost(party: Int, _ rates: MachineRates) -> TaskCost {
        let work = (0..<hosts).map { BoostWork(self, host: $0, rates) }
        let trees = Double(schedule.trees.count)
        let slowest = work.map(\.waited).max() ?? 0
        let guest = BoostWork.encryption(self, rates)
        let receiving = work.map(\.streamed).max() ?? 0
        let rows = messages()
        let out = rows.filter { $0.from == party }.reduce(0) { $0 + $1.expectedBytes }
        let wire = rows.reduce(0) { $0 + $1.expectedBytes }
        // Gradients cross while more are encrypted.
        let streamed = rows.filter { $0.type == BoostMessage.gradients.rawValue }.reduce(0) { $0 + $1.expectedBytes }
        let crossing = trees > 0 ? Double(streamed) / trees / rates.bandwidth : 0
        let rounds = Double(schedule.trees.count * schedule.depth * 2) + 4
        let seconds =
            1 + trees * (max(guest, receiving, crossing) + slowest) + rounds * rates.roundTrip
            + Double(wire - streamed) / rates.bandwidth
        let working = 5 * schedule.shape.ciphertextBytes / 4
        // Ciphertexts of one tree at a host, ready randomness at the guest; cells that are being added up; columns.
        let memory = schedule.sampled * working + (48 << 20) + schedule.rows * 64
        return TaskCost(seconds: seconds, bytesOut: out, memory: UInt64(64 << 20) + UInt64(memory))
    }
}

/// Seconds of one tree with one host.
struct BoostWork {
    /// At the host while gradients arrive: checking them and adding up the root.
    let streamed: Double
    /// Until the tree is grown, when all have come.
    let waited: Double

    init(_ plan: BoostPlan, host: Int, _ rates: MachineRates) {
        let schedule = plan.schedule
        let rows = Double(schedule.sampled)
        let bins = Double(plan.bins.bins)
        let columns = Double(schedule.candidates[host]) / (2 * (bins - 1))
        let product = schedule.shape.product / rates.productsPerSecond
        streamed = rows * (3.5 + 0.7 * columns) * product
        var waited = 0.0
        for level in 0..<schedule.depth {
            let pairs = Double(schedule.pairs(level: level))
            // The smaller children have about a third of the rows; guards leave about half of the candidates.
            let added = level == 0 ? 0 : 0.33 * rows * 0.75 * columns
            let cells = pairs * columns * (bins - 1) * (level == 0 ? 1 : 0.5)
            let packed = (cells / Double(schedule.layout.slots)).rounded(.up)
            waited += (added + cells * (1.5 + 0.8 * Double(schedule.layout.slotBits)) + packed * 275) * product
            waited += packed * schedule.shape.power / rates.decryptionsPerSecond
        }
        self.waited = waited
    }

    /// The guest's encryption of one tree's gradients.
    static func encryption(_ plan: BoostPlan, _ rates: MachineRates) -> Double {
        Double(plan.schedule.sampled) * plan.schedule.shape.power / rates.encryptionsPerSecond
    }
}

extension SchemeShape {
    /// How many products of the machine's rates one of this scheme takes: rates are of keys of 2048 bits, and products grow
    /// with the square of the length.
    var product: Double {
        let ratio = Double(plaintextBits + 1) / 2048
        return ratio * ratio
    }

    /// The same of what exponentiates, which grows with the cube.
    var power: Double {
        let ratio = Double(plaintextBits + 1) / 2048
        return ratio * ratio * ratio
    }
}
