import Faults
import ResourcesTestKit
import Sites
import TaskRuntime

/// One run of all parties of a task, step by step in a random order.
struct TaskSimulation {
    /// A party's checkpoint, with how many messages it had sent to and taken from each other party.
    struct Checkpoint {
        var state: [UInt8]
        var sent: [Int: UInt64]
        var taken: [Int: UInt64]
    }

    private struct Party {
        var task: any TaskProtocol
        var effects: [TaskEffect] = []
        var answers: [Measurement] = []
        var sent: [Int: UInt64] = [:]
        var taken: [Int: UInt64] = [:]
        var unit: UInt64 = 0
        var checkpoints: [UInt64: Checkpoint] = [:]
        var result: TaskResult?
    }

    private struct Way: Hashable {
        let from: Int
        let to: Int
    }

    /// How a row's payload may exceed its declared elements: for the head of a block, in bytes.
    private static let head = 64

    private let harness: ProtocolHarness
    private let window: Int
    private var generator: SeededGenerator
    private var parties: [Party] = []
    private var waiting: [Way: [TaskMessage]] = [:]
    private var counts: [UInt64]
    private var clock = Duration.zero
    private var firstUnit: UInt64 = 0
    private(set) var problems: [String] = []
    private(set) var steps = 0

    init(_ harness: ProtocolHarness, window: Int, seed: UInt64) {
        self.harness = harness
        self.window = window
        generator = SeededGenerator(seed: seed)
        counts = harness.rows.map { _ in 0 }
    }

    // MARK: What came out

    var outputs: [[UInt8]] { parties.map { $0.result?.output ?? [] } }

    /// Units of which every party made a checkpoint, rising.
    var commonUnits: [UInt64] {
        guard let first = parties.first else { return [] }
        return first.checkpoints.keys.filter { unit in parties.allSatisfy { $0.checkpoints[unit] != nil } }.sorted()
    }

    /// The latest of the units that a site keeps of every party; 0 for none.
    var latestCommonUnitKept: UInt64 {
        commonUnits.last { unit in
            parties.allSatisfy { $0.unit - unit < CheckpointRetention.units }
        } ?? 0
    }

    var allHaveCheckpoints: Bool { parties.allSatisfy { $0.unit > 0 } }

    func checkpoints(of unit: UInt64) -> (unit: UInt64, checkpoints: [Checkpoint]) {
        (unit, parties.map { $0.checkpoints[unit]! })
    }

    // MARK: Running

    /// - Parameter most: stops after so many steps, as if everything were killed.
    mutating func run(from start: (unit: UInt64, checkpoints: [Checkpoint])?, steps most: Int = .max) {
        begin(start)
        while problems.isEmpty, steps < most {
            guard let party = (0..<parties.count).filter(canGoOn).randomElement(using: &generator) else { break }
            steps += 1
            step(party)
        }
        guard problems.isEmpty, steps < most else { return }
        for (index, party) in parties.enumerated() where party.result == nil {
            problems.append("party \(index) waits for ever, after unit \(party.unit)")
        }
        for (way, messages) in waiting where !messages.isEmpty {
            problems.append("\(messages.count) messages from party \(way.from) to \(way.to) were never taken")
        }
        if problems.isEmpty { checkCounts(start?.checkpoints) }
        checkPositions()
    }

    private mutating func begin(_ start: (unit: UInt64, checkpoints: [Checkpoint])?) {
        firstUnit = start?.unit ?? 0
        for index in harness.setting.parties.indices {
            do throws(Fault) {
                var party = Party(
                    task: try harness.subject.makeProtocol(harness.setting, party: index, data: TaskData()))
                if let checkpoint = start?.checkpoints[index] {
                    (party.sent, party.taken, party.unit) = (checkpoint.sent, checkpoint.taken, firstUnit)
                    party.checkpoints[firstUnit] = checkpoint
                }
                party.effects = try party.task.start(from: start?.checkpoints[index].state)
                parties.append(party)
            } catch {
                return problems.append("party \(index) does not start: \(error)")
            }
        }
    }

    private func canGoOn(_ index: Int) -> Bool {
        let party = parties[index]
        guard party.result == nil else { return false }
        switch party.effects.first {
        case .send(let message): return bytes(Way(from: index, to: message.party)) < window
        case .checkpoint, .measure(.clockAfterFlush): return isFlushed(index)
        case .some: return true
        case nil: return !party.answers.isEmpty || !senders(index).isEmpty
        }
    }

    private mutating func step(_ index: Int) {
        do throws(Fault) {
            if !parties[index].effects.isEmpty {
                perform(parties[index].effects.removeFirst(), index)
            } else if !parties[index].answers.isEmpty {
                let answer = parties[index].answers.removeFirst()
                parties[index].effects = try parties[index].task.handle(.measured(answer))
            } else if let sender = senders(index).randomElement(using: &generator) {
                var message = waiting[Way(from: sender, to: index)]!.removeFirst()
                message.party = sender
                clock += .microseconds(1 + Int(generator.next() % 1_000))
                parties[index].effects = try parties[index].task.handle(.message(message, at: clock))
                parties[index].taken[sender, default: 0] += 1
            }
        } catch {
            problems.append("party \(index) fails: \(error)")
        }
    }

    private mutating func perform(_ effect: TaskEffect, _ index: Int) {
        switch effect {
        case .send(let message): send(message, from: index)
        case .progress(let done, let total, _):
            if done > total { problems.append("party \(index) has done more than everything") }
        case .checkpoint(let unit, let state): save(state, unit, index)
        case .log(let level, _):
            if level > 6 { problems.append("party \(index) logs at level \(level)") }
        case .measure(let request): parties[index].answers.append(answer(request))
        case .finish(let result):
            if !parties[index].effects.isEmpty || !parties[index].answers.isEmpty {
                problems.append("party \(index) wants something after its end")
            }
            do throws(Fault) {
                let decoded = try TaskResult(decoding: try result.encoded())
                if decoded != result { problems.append("the result of party \(index) does not read back") }
            } catch {
                problems.append("the result of party \(index) cannot be handed over: \(error)")
            }
            parties[index].result = result
        }
    }

    private mutating func answer(_ request: MeasureRequest) -> Measurement {
        clock += .microseconds(1 + Int(generator.next() % 1_000))
        let figure = Double(1 + generator.next() % 1_000_000)
        return switch request {
        case .clock, .clockAfterFlush: .clock(clock)
        case .kernels:
            .kernels(
                productsPerSecond: figure, encryptionsPerSecond: figure, decryptionsPerSecond: figure, kernel: "none")
        case .disk: .disk(write: figure, read: figure)
        }
    }

    // MARK: Messages

    private mutating func send(_ message: TaskMessage, from index: Int) {
        let place = harness.rows.firstIndex { row in
            row.type == message.type && row.from == index && row.to == message.party
                && row.steps.contains(message.step)
        }
        guard let place else {
            return problems.append(
                "party \(index) sends \(message.type) of step \(message.step) to \(message.party), undeclared")
        }
        let row = harness.rows[place]
        counts[place] += 1
        if message.payload.count > min(row.maximumBytes, 4 << 20) {
            problems.append("a payload of \(row.type) has \(message.payload.count) bytes")
        }
        let (bits, isHuge) = message.elements.multipliedReportingOverflow(by: UInt64(row.elementBits))
        if !isHuge, UInt64(message.payload.count) > (bits + 7) / 8 + UInt64(Self.head) {
            problems.append("a payload of \(row.type) says more than its \(message.elements) elements")
        }
        waiting[Way(from: index, to: message.party), default: []].append(message)
        parties[index].sent[message.party, default: 0] += 1
    }

    private func senders(_ index: Int) -> [Int] {
        let awaited = parties[index].task.awaited
        return parties.indices.filter { sender in
            (awaited?.contains(sender) ?? true) && waiting[Way(from: sender, to: index)]?.isEmpty == false
        }
    }

    private func bytes(_ way: Way) -> Int {
        waiting[way, default: []].reduce(0) { $0 + $1.payload.count + 256 }
    }

    private func isFlushed(_ index: Int) -> Bool {
        waiting.allSatisfy { $0.key.from != index || $0.value.isEmpty }
    }

    // MARK: Checks

    private mutating func save(_ state: [UInt8], _ unit: UInt64, _ index: Int) {
        if unit != parties[index].unit + 1 {
            problems.append("party \(index) has unit \(unit) after \(parties[index].unit)")
        }
        parties[index].unit = unit
        parties[index].checkpoints[unit] = Checkpoint(
            state: state, sent: parties[index].sent, taken: parties[index].taken)
        for row in harness.rows where row.from == index || row.to == index {
            let peer = row.from == index ? row.to : row.from
            // The peer has what a site would find after a stop now.
            if parties[peer].result == nil, unit > parties[peer].unit + 1 {
                problems.append("party \(index) is at unit \(unit) while party \(peer) is at \(parties[peer].unit)")
            }
        }
    }

    private mutating func checkPositions() {
        for unit in commonUnits {
            for one in parties.indices {
                for other in parties.indices where one != other {
                    let sent = parties[one].checkpoints[unit]!.sent[other, default: 0]
                    let taken = parties[other].checkpoints[unit]!.taken[one, default: 0]
                    if sent != taken {
                        problems.append(
                            "at unit \(unit) party \(one) has sent \(sent) to \(other), which has taken \(taken)")
                    }
                }
            }
        }
    }

    private mutating func checkCounts(_ start: [Checkpoint]?) {
        if start == nil {
            for (row, count) in zip(harness.rows, counts) where row.isMost ? count > row.count : count != row.count {
                problems.append(
                    "\(count) of \(row.type) from \(row.from) to \(row.to) in steps \(row.steps), declared \(row.count)"
                )
            }
        }
        for index in parties.indices {
            for peer in parties.indices where peer != index {
                let rows = harness.rows.filter { $0.from == index && $0.to == peer }
                let declared = rows.reduce(0) { $0 + $1.count }
                let sent = parties[index].sent[peer, default: 0]
                if rows.contains(where: \.isMost) ? sent > declared : sent != declared {
                    problems.append("party \(index) sent \(sent) to \(peer), declared \(declared)")
                }
            }
        }
    }
}
