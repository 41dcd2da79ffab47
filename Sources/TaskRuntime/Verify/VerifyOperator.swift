public import Faults

/// Measures what a federation's jobs will run on: the kernels and disk of each site, and every pair's way to each other,
/// by real frames through the door (`docs/protocols/verify.md`).
public struct VerifyOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "verify", version: 1,
            summary:
                "Measures kernels and disk at every site, and round trip, bandwidth and largest frame of every pair.",
            roles: [OperatorRole("member", 2...16)],
            parameters: [
                OperatorParameter(
                    "rounds", .integer(2...10_000), default: .integer(200), "Round trips per pair of sites."),
                OperatorParameter(
                    "frames", .integer(2...4_096), default: .integer(64), "Frames that measure bandwidth, each way."),
                OperatorParameter(
                    "frameBytes", .integer(32...4_194_304), default: .integer(262_144),
                    "Size of a frame that measures bandwidth, in bytes."),
                OperatorParameter(
                    "largestFrame", .integer(32...4_194_304), default: .integer(4_194_304),
                    "Size of the frame that must pass whole, in bytes."),
                OperatorParameter(
                    "kernelSeconds", .number(0...60), default: .number(2),
                    "How long to measure arithmetic and encryption, in seconds; 0 to leave it out."),
                OperatorParameter(
                    "diskMiB", .integer(0...4_096), default: .integer(64),
                    "How much to write and read in the scratch folder, in MiB; 0 to leave it out."),
            ],
            leakage: [
                LeakageStatement(
                    role: "member", learns: "Speeds and sizes of the machines and of the ways between them; no data.")
            ],
            messages: { VerifyTable.rows(VerifyPlan($0)) },
            cost: { VerifyTable.cost(VerifyPlan($0), party: $1, $2) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        VerifyProtocol(VerifyPlan(setting), party: party)
    }
}

/// The parameters of `verify`, read once.
struct VerifyPlan: Sendable {
    let rounds: Int
    let frames: Int
    let frameBytes: Int
    let largestFrame: Int
    let kernelTime: Duration
    let diskBytes: Int
    let parties: Int
    let seed: [UInt8]

    init(_ setting: TaskSetting) {
        rounds = Int(setting.integer("rounds"))
        frames = Int(setting.integer("frames"))
        frameBytes = Int(setting.integer("frameBytes"))
        largestFrame = Int(setting.integer("largestFrame"))
        kernelTime = .seconds(setting.number("kernelSeconds"))
        diskBytes = Int(setting.integer("diskMiB")) << 20
        parties = setting.parties.count
        seed = setting.seed
    }
}
