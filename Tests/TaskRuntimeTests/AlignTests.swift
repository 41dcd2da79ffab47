import Faults
import JobsTestKit
import PrivateSetIntersection
import ResourcesTestKit
import Testing

@testable import TaskRuntime

/// `align` between two parties in memory.
@Suite(.timeLimit(.minutes(5))) struct AlignTests {
    /// Each party's site; `nil` for names the other party's dataset has.
    struct Sites: Operator {
        let sites: [MemoryAlignSite]
        let sizes: ExchangeSizes

        var description: OperatorDescription { AlignOperator(site: nil, sizes: sizes).description }

        func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
            try AlignOperator(site: sites[party], sizes: sizes).makeProtocol(setting, party: party, data: TaskData())
        }
    }

    private static func setting(
        _ guest: Int, _ host: Int, who: String = "both", rules: String = "trim nfc fold", key: String = "id",
        hostFirst: Bool = false
    ) -> TaskSetting {
        let parties = [TaskParty(site: "a", role: "guest"), TaskParty(site: "b", role: "host")]
        return TaskSetting.example(
            of: AlignOperator(),
            parameters: [
                "guestDataset": .text("loans"), "hostDataset": .text("bills"), "guestKey": .text(key),
                "hostKey": .text(key), "rules": .text(rules), "guestRows": .integer(Int64(guest)),
                "hostRows": .integer(Int64(host)), "who": .text(who),
            ], parties: hostFirst ? parties.reversed() : parties)
    }

    private static func rows(_ numbers: some Sequence<Int>) -> [[String?]] {
        numbers.map { $0 % 17 == 3 ? [nil] : [" Kunde \($0) \u{c4}\u{4e2d}"] }
    }

    @Test(arguments: Disclosure.allCases)
    func alignKeepsEveryRuleOfProtocols(_ who: Disclosure) {
        let seed = SeededGenerator.printed(for: "alignKeepsEveryRuleOfProtocols \(who)").seed
        let guest = Self.rows(0..<90)
        let host = Self.rows(40..<150)
        let subject = Sites(
            sites: [MemoryAlignSite(["loans": guest]), MemoryAlignSite(["bills": host])],
            sizes: ExchangeSizes(part: 30, frame: 16))
        let setting = Self.setting(guest.count, host.count, who: who.rawValue)
        #expect(subject.description.messages(setting).allSatisfy { $0.steps.upperBound == 4 })
        #expect(ProtocolHarness(subject, setting, seed: seed, interleavings: 4).problems() == [], "seed \(seed)")
        let common = (40..<90).count { $0 % 17 != 3 }
        #expect(subject.sites[0].rows.count == (who == .sizeOnly ? 0 : common))
        #expect(subject.sites[1].rows.count == (who == .both ? common : 0))
        if who == .both {
            for (left, right) in zip(subject.sites[0].rows, subject.sites[1].rows) {
                #expect(guest[Int(left)] == host[Int(right)])
            }
        }
    }

    /// A worker that was killed leaves rows behind it; the one that goes on begins the output anew.
    @Test func aResumedTaskWritesTheSameRows() throws {
        let guest = Self.rows(0..<60)
        let host = Self.rows((20..<80).reversed())
        let sizes = ExchangeSizes(part: 20, frame: 64)
        let setting = Self.setting(60, 60)
        let clean = [MemoryAlignSite(["loans": guest]), MemoryAlignSite(["bills": host])]
        let whole = try Pump(Sites(sites: clean, sizes: sizes), setting).run()
        #expect(whole.checkpoints.count == 3)
        for unit in 1...3 {
            let sites = [MemoryAlignSite(["loans": guest]), MemoryAlignSite(["bills": host])]
            let left = sites[0].output()
            try left.append([5, 5, 5])
            let again = try Pump(Sites(sites: sites, sizes: sizes), setting).run(from: whole.checkpoints[unit - 1])
            #expect(again.outputs == whole.outputs)
            #expect(sites.map(\.rows) == clean.map(\.rows))
        }
    }

    @Test func rolesCountAndNotTheOrderOfParties() throws {
        let guest = Self.rows(0..<20)
        let host = Self.rows(10..<40)
        let sites = [MemoryAlignSite(["bills": host]), MemoryAlignSite(["loans": guest])]
        let subject = Sites(sites: sites, sizes: .usual)
        let setting = Self.setting(20, 30, who: "guest-only", hostFirst: true)
        let rows = subject.description.messages(setting)
        #expect(rows.filter { $0.type == "align.tags" }.map(\.to) == [1])
        #expect(subject.description.reads(setting).map(\.dataset) == ["bills", "loans"])
        _ = try Pump(subject, setting).run()
        #expect(sites[0].rows.isEmpty && sites[1].rows.count == (10..<20).count)
    }

    /// The result is a function of parameters, seed and data alone: tasks with one key of output have one output.
    @Test func theCommonOrderComesFromTheSeed() throws {
        func rows(seed: UInt8) throws -> [UInt32] {
            let sites = [MemoryAlignSite(["loans": Self.rows(0..<50)]), MemoryAlignSite(["bills": Self.rows(0..<50)])]
            let plain = Self.setting(50, 50)
            let setting = TaskSetting(
                parameters: plain.parameters, parties: plain.parties, seed: [UInt8](repeating: seed, count: 32))
            _ = try Pump(Sites(sites: sites, sizes: .usual), setting).run()
            return sites[0].rows
        }
        #expect(try rows(seed: 1) == rows(seed: 1))
        #expect(try rows(seed: 1) != rows(seed: 2))
        #expect(try Set(rows(seed: 1)) == Set(rows(seed: 2)))
    }

    @Test func moreRowsThanThePlanSaysAreRefused() throws {
        let sites = [MemoryAlignSite(["loans": Self.rows(0..<9)]), MemoryAlignSite([:])]
        let subject = Sites(sites: sites, sizes: .usual)
        var guest = try subject.makeProtocol(Self.setting(8, 1), party: 0, data: TaskData())
        #expect(throws: Fault(AlignFaults.tooManyIdentifiers)) { try guest.start(from: nil) }
        var host = try subject.makeProtocol(Self.setting(8, 1), party: 1, data: TaskData())
        #expect(throws: Fault(TaskFaults.dataMissing)) { try host.start(from: nil) }
        var bare = try AlignOperator().makeProtocol(Self.setting(8, 1), party: 0, data: TaskData())
        #expect(throws: Fault(TaskFaults.dataMissing)) { try bare.start(from: nil) }
    }

    @Test func messagesOutOfPlaceAreRefused() throws {
        let sites = [MemoryAlignSite(["loans": Self.rows(0..<5)]), MemoryAlignSite(["bills": Self.rows(0..<5)])]
        let subject = Sites(sites: sites, sizes: .usual)
        let setting = Self.setting(5, 5)
        var guest = try subject.makeProtocol(setting, party: 0, data: TaskData())
        var host = try subject.makeProtocol(setting, party: 1, data: TaskData())
        _ = try guest.start(from: nil)
        guard case .send(let good) = try host.start(from: nil).first else { return #expect(Bool(false)) }
        func refused(_ entry: FaultEntry, _ change: (inout TaskMessage) -> Void) {
            var message = good
            message.party = 1
            change(&message)
            #expect(throws: Fault(entry)) {
                var guest = guest
                _ = try guest.handle(.message(message, at: .zero))
            }
        }
        refused(TaskFaults.messageUnexpected) { $0.type = "align.tags" }
        refused(TaskFaults.messageUnexpected) { $0.step = 2 }
        refused(AlignFaults.messageMalformed) { $0.elements = 4 }
        refused(AlignFaults.messageMalformed) { $0.payload.removeLast() }
        refused(AlignFaults.pointUnusable) { $0.payload.replaceSubrange(0..<32, with: repeatElement(0, count: 32)) }
        for checkpoint in [[], [2], [UInt8](repeating: 1, count: 40)] as [[UInt8]] {
            #expect(throws: Fault(TaskFaults.checkpointUnreadable)) {
                var host = host
                _ = try host.start(from: checkpoint)
            }
        }
    }

    @Test func parametersThatDoNotFitAreRefused() {
        let description = AlignOperator().description
        #expect(description.refusal(of: Self.setting(5, 5)) == nil)
        for (rules, key, entry) in [
            ("exact", "a,b", AlignFaults.keyColumns), ("exact,exact", "a, a", AlignFaults.keyColumns),
            ("exact,exact", "a,", AlignFaults.keyColumns), ("trim;", "a", AlignFaults.keyRuleUnknown),
        ] {
            let refusal = description.refusal(of: Self.setting(5, 5, rules: rules, key: key))
            #expect(refusal?.is(entry) == true, "\(rules) \(key)")
        }
        #expect(description.refusal(of: Self.setting(5, 5, who: "everyone")) != nil)
        #expect(description.refusal(of: Self.setting(5, -1)) != nil)
    }

    @Test func theCostIsWhatTheTableSays() {
        let setting = Self.setting(1_000_000, 1_000_000)
        let description = AlignOperator().description
        let rows = description.messages(setting)
        #expect(rows.count == 4 && rows.allSatisfy { $0.count == 62 && $0.maximumBytes <= 512 << 10 })
        let bytes = rows.reduce(0) { $0 + $1.expectedBytes }
        #expect(bytes == 1_000_000 * (32 + 32 + 10 + 10))
        let cost = description.cost(setting, 0, .careful)
        #expect(cost.bytesOut == 42_000_000 && cost.memory < 300 << 20)
        // 2.3 million points at 48 µs, and 84 MB at 12.5 MB/s.
        #expect((110...125).contains(cost.seconds))
        let ten = description.cost(Self.setting(10_000_000, 10_000_000), 0, .careful)
        #expect(ten.memory < cost.memory + 16 << 20)
    }
}

/// Runs two parties by turns, without the harness's checks, and keeps their checkpoints.
struct Pump {
    let subject: any Operator
    let setting: TaskSetting
    var checkpoints: [[[UInt8]]] = []
    var outputs: [[UInt8]] = [[], []]

    init(_ subject: any Operator, _ setting: TaskSetting) {
        self.subject = subject
        self.setting = setting
    }

    func run(from states: [[UInt8]]? = nil) throws -> Pump {
        var found = self
        var parties = try (0..<2).map { try subject.makeProtocol(setting, party: $0, data: TaskData()) }
        var waiting: [[TaskMessage]] = [[], []]
        var kept: [[[UInt8]]] = [[], []]
        var ended = [false, false]
        func perform(_ effects: [TaskEffect], _ party: Int) {
            for effect in effects {
                switch effect {
                case .send(var message):
                    message.party = party
                    waiting[1 - party].append(message)
                case .checkpoint(_, let state): kept[party].append(state)
                case .finish(let result): (found.outputs[party], ended[party]) = (result.output, true)
                default: break
                }
            }
        }
        for party in 0..<2 { perform(try parties[party].start(from: states?[party]), party) }
        while let party = (0..<2).first(where: { !ended[$0] && !waiting[$0].isEmpty }) {
            perform(try parties[party].handle(.message(waiting[party].removeFirst(), at: .zero)), party)
        }
        #expect(ended == [true, true] && waiting == [[], []])
        found.checkpoints = zip(kept[0], kept[1]).map { [$0, $1] }
        return found
    }
}
