import Faults

/// One party of `verify`. Units: 1 the machine itself, and that all are ready; 2 round trips; 3 bandwidth; 4 the largest
/// frame. Within a unit it deals with one peer after another, by index; of each pair the lower party drives.
struct VerifyProtocol: TaskProtocol {
    /// What is waited for; peers by their place in `peers`.
    private enum Stage {
        case kernels
        case disk
        case ready(missing: Set<Int>)
        /// This many have come: pings where the peer drives, pongs where this party does.
        case rounds(place: Int, done: Int)
        /// Blocks are being sent, each after an answer of the clock; `begin` is the first answer.
        case sending(place: Int, sent: Int, begin: Duration?)
        /// All blocks were sent; the peer says when it has taken them.
        case taken(place: Int, begin: Duration)
        case receiving(place: Int, got: Int, first: Duration)
        case large(place: Int)
        case ended
    }

    private static let units: UInt64 = 4

    private let plan: VerifyPlan
    private let party: Int
    private let peers: [Int]
    private var unit: UInt64 = 0
    private var stage = Stage.kernels
    /// Digests of everything received, by party.
    private var digests: [Int: [UInt8]]
    private var figures: [String: Double] = [:]
    private var arrivals: [Duration] = []

    init(_ plan: VerifyPlan, party: Int) {
        self.plan = plan
        self.party = party
        peers = (0..<plan.parties).filter { $0 != party }
        digests = Dictionary(uniqueKeysWithValues: peers.map { ($0, [UInt8](repeating: 0, count: 32)) })
    }

    var awaited: Set<Int>? {
        switch stage {
        case .ready(let missing): missing
        case .rounds(let place, _), .sending(let place, _, _), .taken(let place, _), .receiving(let place, _, _),
            .large(let place):
            [peers[place]]
        case .kernels, .disk, .ended: []
        }
    }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        guard let checkpoint else { return beginMachine() }
        let kept = try TaskResult(decoding: checkpoint)
        guard kept.output.count == 8 + 32 * peers.count else { throw Fault(TaskFaults.checkpointUnreadable) }
        unit = kept.output[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        for (place, peer) in peers.enumerated() {
            digests[peer] = Array(kept.output[(8 + 32 * place)..<(40 + 32 * place)])
        }
        figures = kept.figures
        return try beginUnit()
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        switch event {
        case .measured(let measurement): try take(measurement)
        case .message(let message, let now): try take(message, at: now)
        }
    }

    // MARK: Units

    private mutating func endUnit() throws(Fault) -> [TaskEffect] {
        unit += 1
        let number = (0..<8).map { UInt8(truncatingIfNeeded: unit >> UInt64(56 - 8 * $0)) }
        let state = TaskResult(output: number + output, figures: figures)
        return [
            .checkpoint(unit: unit, try state.encoded()), .progress(done: unit, total: Self.units, what: "measuring"),
        ] + (try beginUnit())
    }

    private mutating func beginUnit() throws(Fault) -> [TaskEffect] {
        switch unit {
        case 0: return beginMachine()
        case 1: return try begin(2, at: 0)
        case 2: return try begin(3, at: 0)
        case 3: return try begin(4, at: 0)
        default:
            stage = .ended
            return [.finish(TaskResult(output: output, figures: figures))]
        }
    }

    /// Begins with the peer at a place, or ends the unit after the last.
    private mutating func begin(_ unit: UInt64, at place: Int) throws(Fault) -> [TaskEffect] {
        guard place < peers.count else { return try endUnit() }
        switch unit {
        case 2:
            arrivals = []
            stage = .rounds(place: place, done: 0)
            return drives(place) ? [send(.ping, place, step: 2, 0, VerifyTable.smallBytes)] : []
        case 3:
            if drives(place) { return beginSending(place) }
            stage = .receiving(place: place, got: 0, first: .zero)
            return []
        default:
            stage = .large(place: place)
            return drives(place) ? [send(.large, place, step: 5, 0, plan.largestFrame)] : []
        }
    }

    private var output: [UInt8] { peers.flatMap { digests[$0]! } }

    private func drives(_ place: Int) -> Bool { party < peers[place] }

    // MARK: This machine

    private mutating func beginMachine() -> [TaskEffect] {
        stage = .kernels
        return plan.kernelTime > .zero ? [.measure(.kernels(plan.kernelTime))] : beginDisk()
    }

    private mutating func beginDisk() -> [TaskEffect] {
        stage = .disk
        return plan.diskBytes > 0 ? [.measure(.disk(bytes: plan.diskBytes))] : beginReady()
    }

    /// Ways are measured when no machine is busy with itself any more.
    private mutating func beginReady() -> [TaskEffect] {
        stage = .ready(missing: Set(peers))
        return peers.indices.map { send(.ready, $0, step: 1, 0, VerifyTable.smallBytes) }
    }

    private mutating func take(_ measurement: Measurement) throws(Fault) -> [TaskEffect] {
        switch (stage, measurement) {
        case (.kernels, .kernels(let products, let encryptions, let decryptions, let kernel)):
            figures["kernel.products_per_second"] = products
            figures["kernel.encryptions_per_second"] = encryptions
            figures["kernel.decryptions_per_second"] = decryptions
            return [.log(level: 2, "arithmetic kernel \(kernel)")] + beginDisk()
        case (.disk, .disk(let write, let read)):
            figures["disk.write"] = write
            figures["disk.read"] = read
            return beginReady()
        case (.sending(let place, let sent, let begin), .clock(let now)):
            return sendNext(place, sent, begin ?? now)
        default: throw Fault(TaskFaults.protocolBroken, "A measurement came that was not asked for.")
        }
    }

    // MARK: Messages

    private mutating func take(_ message: TaskMessage, at now: Duration) throws(Fault) -> [TaskEffect] {
        switch stage {
        case .ready(var missing):
            guard missing.remove(message.party) != nil else { throw Fault(TaskFaults.messageUnexpected) }
            try check(message, .ready, step: 1, 0, VerifyTable.smallBytes)
            stage = .ready(missing: missing)
            return missing.isEmpty ? try endUnit() : []
        case .rounds(let place, let done):
            try check(message, drives(place) ? .pong : .ping, step: 2, done, VerifyTable.smallBytes)
            return try takeRound(place, done + 1, now)
        case .receiving(let place, let got, let first):
            try check(message, .block, step: drives(place) ? 4 : 3, got, plan.frameBytes)
            return try takeBlock(place, got + 1, first: got == 0 ? now : first, now)
        case .taken(let place, let begin):
            try check(message, .taken, step: drives(place) ? 3 : 4, 0, VerifyTable.smallBytes)
            note("bandwidth_out", place, Double(plan.frames * plan.frameBytes), now - begin)
            guard drives(place) else { return try self.begin(3, at: place + 1) }
            stage = .receiving(place: place, got: 0, first: .zero)
            return []
        case .large(let place):
            try check(message, .large, step: drives(place) ? 6 : 5, 0, plan.largestFrame)
            figures[name("largest_frame", place)] = Double(message.payload.count)
            let answer = drives(place) ? [] : [send(.large, place, step: 6, 0, plan.largestFrame)]
            return answer + (try begin(4, at: place + 1))
        case .kernels, .disk, .sending, .ended: throw Fault(TaskFaults.messageUnexpected)
        }
    }

    /// A ping or pong has come. From one to the next is a round trip, at either end.
    private mutating func takeRound(_ place: Int, _ done: Int, _ now: Duration) throws(Fault) -> [TaskEffect] {
        arrivals.append(now)
        stage = .rounds(place: place, done: done)
        var effects: [TaskEffect] = []
        if !drives(place) { effects = [send(.pong, place, step: 2, done - 1, VerifyTable.smallBytes)] }
        if done < plan.rounds {
            return drives(place) ? [send(.ping, place, step: 2, done, VerifyTable.smallBytes)] : effects
        }
        let times = zip(arrivals, arrivals.dropFirst()).map { ($1 - $0) / .seconds(1) }.sorted()
        figures[name("round_trip_p50", place)] = Self.quantile(times, 0.5)
        figures[name("round_trip_p99", place)] = Self.quantile(times, 0.99)
        return effects + (try begin(2, at: place + 1))
    }

    private mutating func takeBlock(
        _ place: Int, _ got: Int, first: Duration, _ now: Duration
    ) throws(Fault) -> [TaskEffect] {
        stage = .receiving(place: place, got: got, first: first)
        guard got == plan.frames else { return [] }
        note("bandwidth_in", place, Double((plan.frames - 1) * plan.frameBytes), now - first)
        let taken = send(.taken, place, step: drives(place) ? 4 : 3, 0, VerifyTable.smallBytes)
        return [taken] + (drives(place) ? try begin(3, at: place + 1) : beginSending(place))
    }

    private mutating func beginSending(_ place: Int) -> [TaskEffect] {
        stage = .sending(place: place, sent: 0, begin: nil)
        return [.measure(.clock)]
    }

    private mutating func sendNext(_ place: Int, _ sent: Int, _ begin: Duration) -> [TaskEffect] {
        guard sent < plan.frames else {
            stage = .taken(place: place, begin: begin)
            return []
        }
        stage = .sending(place: place, sent: sent + 1, begin: begin)
        return [send(.block, place, step: drives(place) ? 3 : 4, sent, plan.frameBytes), .measure(.clock)]
    }

    // MARK: Frames

    private func send(_ type: VerifyMessage, _ place: Int, step: UInt32, _ index: Int, _ count: Int) -> TaskEffect {
        let peer = peers[place]
        let content = VerifyContent(type: type, from: party, to: peer, step: step, index: index, count: count)
        return .send(
            TaskMessage(
                party: peer, step: step, type: type.rawValue, elements: UInt64(count),
                payload: content.bytes(seed: plan.seed)))
    }

    private mutating func check(
        _ message: TaskMessage, _ type: VerifyMessage, step: UInt32, _ index: Int, _ count: Int
    ) throws(Fault) {
        try message.expect(type.rawValue, step: step)
        let content = VerifyContent(
            type: type, from: message.party, to: party, step: step, index: index, count: count)
        guard message.elements == UInt64(count), message.payload == content.bytes(seed: plan.seed) else {
            throw Fault(
                TaskFaults.contentDiffers, at: "party \(message.party), \(type.rawValue) \(index) of step \(step)")
        }
        digests[message.party] = VerifyContent.chain(after: digests[message.party]!, message.payload)
    }

    private func name(_ figure: String, _ place: Int) -> String { "route.\(peers[place]).\(figure)" }

    private mutating func note(_ figure: String, _ place: Int, _ bytes: Double, _ time: Duration) {
        figures[name(figure, place)] = bytes / max(time / .seconds(1), 1e-9)
    }

    /// The value below which this part of the sorted values lies.
    private static func quantile(_ sorted: [Double], _ part: Double) -> Double {
        sorted[min(sorted.count - 1, Int(part * Double(sorted.count)))]
    }
}
