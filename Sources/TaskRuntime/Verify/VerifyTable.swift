/// What `verify` sends, and what it costs.
enum VerifyTable {
    /// Payload of messages that only say something has happened, in bytes.
    static let smallBytes = 32

    /// Of each pair: the lower party drives.
    static func rows(_ plan: VerifyPlan) -> [MessageRow] {
        var rows: [MessageRow] = []
        for low in 0..<plan.parties {
            for high in low + 1..<plan.parties {
                rows += [
                    row(.ready, low, high, 1, 1, smallBytes), row(.ready, high, low, 1, 1, smallBytes),
                    row(.ping, low, high, 2, plan.rounds, smallBytes),
                    row(.pong, high, low, 2, plan.rounds, smallBytes),
                    row(.block, low, high, 3, plan.frames, plan.frameBytes),
                    row(.taken, high, low, 3, 1, smallBytes),
                    row(.block, high, low, 4, plan.frames, plan.frameBytes),
                    row(.taken, low, high, 4, 1, smallBytes),
                    row(.large, low, high, 5, 1, plan.largestFrame), row(.large, high, low, 6, 1, plan.largestFrame),
                ]
            }
        }
        return rows
    }

    /// Pairs are measured one after another at each party; the longest such row of pairs has 2n − 3.
    static func cost(_ plan: VerifyPlan, party: Int, _ rates: MachineRates) -> TaskCost {
        let out = rows(plan).filter { $0.from == party }.reduce(0) { $0 + $1.expectedBytes }
        let kernels = plan.kernelTime / .seconds(1) + (plan.kernelTime > .zero ? 1 : 0)
        let disk = Double(2 * plan.diskBytes) / 200e6
        let bytes = Double(2 * plan.frames * plan.frameBytes + 2 * plan.largestFrame)
        let pair = Double(plan.rounds + 8) * rates.roundTrip + bytes / rates.bandwidth
        let memory = UInt64(64 << 20) + UInt64(4 * max(plan.frameBytes, plan.largestFrame))
        return TaskCost(
            seconds: 0.5 + kernels + disk + Double(2 * plan.parties - 3) * pair, bytesOut: out, memory: memory)
    }

    private static func row(
        _ type: VerifyMessage, _ from: Int, _ to: Int, _ step: UInt32, _ count: Int, _ bytes: Int
    ) -> MessageRow {
        MessageRow(
            type: type.rawValue, from: from, to: to, steps: step...step, count: UInt64(count),
            schema: "bytes derived from the task's seed", elementBits: 8, maximumBytes: bytes,
            expectedBytes: UInt64(count) * UInt64(bytes))
    }
}

/// The types of messages of `verify`.
enum VerifyMessage: String, Sendable {
    case ready = "verify.ready"
    case ping = "verify.ping"
    case pong = "verify.pong"
    case block = "verify.block"
    case taken = "verify.taken"
    case large = "verify.large"
}
