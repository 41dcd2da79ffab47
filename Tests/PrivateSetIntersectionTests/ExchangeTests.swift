import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import PrivateSetIntersection

/// Both parties of a whole exchange in memory: every frame by the steps, checked for size and order.
struct WholeExchange {
    let plan: ExchangePlan
    let binding = ExchangeBinding(digest: [UInt8](0..<32))
    var kernel = CurveKernel.available[0]
    /// Bytes sent by guest and host.
    var bytes = [0, 0]

    struct Outcome: Equatable {
        var counts = [0, 0]
        var rows: [[UInt32]] = [[], []]
    }

    mutating func run(_ guest: [[UInt8]], _ host: [[UInt8]]) throws -> Outcome {
        var outcome = Outcome()
        for part in 0..<plan.parts {
            var parties = try [guest, host].enumerated().map { party, ids in
                var identifiers = PartIdentifiers(part: part, of: plan, binding: binding)
                identifiers.add(IdentifierTable(ids), rows: ids.indices.map { UInt32($0) })
                return try PartExchange(identifiers, plan: plan, party: party, kernel: kernel)
            }
            var waiting: [[(isPoints: Bool, payload: [UInt8])]] = [[], []]
            var steps = [plan.steps(0)[...], plan.steps(1)[...]]
            while let party = [0, 1].first(where: { party in
                switch steps[party].first {
                case nil: false
                // The channels hold a frame of points and one of tags: nobody may wait for ever within that.
                case .sendPoints, .sendTags: waiting[party].count < 2
                case .takePoints, .takeTags: !waiting[1 - party].isEmpty
                }
            }) {
                switch steps[party].removeFirst() {
                case .sendPoints(let frame): waiting[party].append((true, parties[party].points(frame: frame)))
                case .sendTags(let frame): waiting[party].append((false, parties[party].tags(frame: frame)))
                case .takePoints(let frame):
                    let message = waiting[1 - party].removeFirst()
                    #expect(message.isPoints)
                    bytes[1 - party] += message.payload.count
                    try parties[party].take(points: message.payload, frame: frame)
                case .takeTags(let frame):
                    let message = waiting[1 - party].removeFirst()
                    #expect(!message.isPoints)
                    bytes[1 - party] += message.payload.count
                    try parties[party].take(tags: message.payload, frame: frame)
                }
            }
            #expect(steps.allSatisfy(\.isEmpty) && waiting.allSatisfy(\.isEmpty))
            for party in 0...1 {
                let found = parties[party].outcome()
                outcome.counts[party] += found.count
                outcome.rows[party] += found.rows
            }
        }
        return outcome
    }
}

/// The join that the exchange must find: of each common id the first row at either side.
func plainJoin(_ guest: [[UInt8]], _ host: [[UInt8]]) -> [[UInt8]: (UInt32, UInt32)] {
    var rows: [[UInt8]: UInt32] = [:]
    var joined: [[UInt8]: (UInt32, UInt32)] = [:]
    for (row, id) in guest.enumerated() where rows[id] == nil { rows[id] = UInt32(row) }
    for (row, id) in host.enumerated() where joined[id] == nil {
        if let first = rows[id] { joined[id] = (first, UInt32(row)) }
    }
    return joined
}

@Suite struct ExchangeTests {
    private static let small = ExchangeSizes(part: 40, frame: 16)

    private static func ids(_ numbers: [Int]) -> [[UInt8]] { numbers.map { Array("id-\($0) \u{e9}\u{4e2d}".utf8) } }

    private static func check(_ guest: [[UInt8]], _ host: [[UInt8]], _ sizes: ExchangeSizes, _ note: String) throws {
        let joined = plainJoin(guest, host)
        for disclosure in Disclosure.allCases {
            // The plan may say more rows than there are.
            let plan = ExchangePlan(
                guestRows: guest.count + 3, hostRows: host.count + 1, disclosure: disclosure, sizes: sizes)
            var exchange = WholeExchange(plan: plan)
            let found = try exchange.run(guest, host)
            switch disclosure {
            case .both:
                #expect(found.counts == [joined.count, joined.count], "\(note)")
                // Row by row the same id, and every id.
                #expect(zip(found.rows[0], found.rows[1]).allSatisfy { guest[Int($0)] == host[Int($1)] }, "\(note)")
                #expect(Set(found.rows[0]) == Set(joined.values.map(\.0)), "\(note)")
                #expect(Set(found.rows[1]) == Set(joined.values.map(\.1)), "\(note)")
                #expect(found.rows[0].count == joined.count && found.rows[1].count == joined.count, "\(note)")
                var again = WholeExchange(plan: plan)
                #expect(try again.run(guest, host) == found, "other scalars, the same result: \(note)")
            case .guestOnly:
                #expect(found.counts == [joined.count, 0] && found.rows[1].isEmpty, "\(note)")
                #expect(Set(found.rows[0]) == Set(joined.values.map(\.0)), "\(note)")
            case .sizeOnly:
                #expect(found.counts == [joined.count, joined.count], "\(note)")
                #expect(found.rows == [[], []], "\(note)")
            }
            for party in 0...1 {
                let points = 32 * plan.parts * plan.capacities[party]
                let tags = plan.learns(1 - party) ? plan.tagBytes * plan.parts * plan.capacities[1 - party] : 0
                #expect(exchange.bytes[party] == points + tags, "\(note), \(disclosure)")
            }
        }
    }

    @Test func randomSetsJoinAsInPlaintext() throws {
        var random = SeededGenerator.printed(for: "randomSetsJoinAsInPlaintext")
        for _ in 0..<6 {
            let guest = (0..<Int.random(in: 0...150, using: &random)).map { _ in Int.random(in: 0..<200, using: &random)
            }
            let host = (0..<Int.random(in: 0...90, using: &random)).map { _ in Int.random(in: 100..<300, using: &random)
            }
            try Self.check(Self.ids(guest), Self.ids(host), Self.small, "seed \(random.seed)")
        }
    }

    @Test func emptySetsSingleIdsAndDuplicates() throws {
        let one = Self.ids([7])
        let many = Self.ids([1, 7, 7, 9, 7, 1])
        for (guest, host) in [([], []), ([], one), (one, []), (one, one), (one, many), (many, one), (many, many)] {
            try Self.check(guest, host, Self.small, "\(guest.count) and \(host.count)")
        }
        try Self.check([[0]], [[0, 0]], Self.small, "a prefix is another id")
        try Self.check(
            [[UInt8](repeating: 65, count: 5_000)], [[UInt8](repeating: 65, count: 5_000), [65]], .usual, "long")
    }

    @Test(arguments: CurveKernel.available)
    func everyKernelFindsTheSame(_ kernel: CurveKernel) throws {
        let guest = Self.ids(Array(0..<30))
        let host = Self.ids(Array(20..<60))
        let plan = ExchangePlan(guestRows: 30, hostRows: 40, disclosure: .both, sizes: Self.small)
        var exchange = WholeExchange(plan: plan)
        exchange.kernel = kernel
        #expect(try exchange.run(guest, host).counts == [10, 10])
    }

    @Test func aTagIsAsLongAsTheFormulaSays() {
        func bytes(_ guest: Int, _ host: Int) -> Int {
            ExchangePlan(guestRows: guest, hostRows: host, disclosure: .both).tagBytes
        }
        #expect(bytes(1, 1) == 5 && bytes(1 << 8, 1) == 6 && bytes(257, 1) == 7)
        #expect(bytes(100_000, 100_000) == 10 && bytes(1_000_000, 1_000_000) == 10)
        #expect(bytes(10_000_000, 10_000_000) == 11 && bytes(33_000_000, 33_000_000) == 12)
    }

    @Test func aPartHoldsAboutAMillionIdsHoweverManyThereAre() {
        let million = ExchangePlan(guestRows: 1_000_000, hostRows: 1_000_000, disclosure: .both)
        #expect(million.parts == 1 && million.capacities == [1_000_000, 1_000_000])
        let ten = ExchangePlan(guestRows: 10_000_000, hostRows: 50_000, disclosure: .both)
        #expect(ten.parts == 10 && ten.capacities[0] < 1_010_000 && ten.capacities[1] < 5_700)
    }

    @Test func moreIdsThanDeclaredAreRefused() throws {
        let ids = Self.ids(Array(0..<50))
        var exchange = WholeExchange(plan: ExchangePlan(guestRows: 49, hostRows: 1, disclosure: .both))
        #expect(throws: Fault(AlignFaults.tooManyIdentifiers)) { try exchange.run(ids, []) }
        // Several parts: so many ids of one hash's part do not happen by themselves.
        exchange = WholeExchange(
            plan: ExchangePlan(guestRows: 90, hostRows: 1, disclosure: .both, sizes: ExchangeSizes(part: 1, frame: 16)))
        #expect(throws: Fault(AlignFaults.partUneven)) { try exchange.run(Self.ids(Array(0..<9_000)), []) }
    }

    /// What a peer may send that is none: sizes, coordinates out of range, small order; points of the twist match nothing.
    @Test func framesThatNoHonestPeerSendsAreRefused() throws {
        let plan = ExchangePlan(guestRows: 3, hostRows: 3, disclosure: .both)
        let binding = ExchangeBinding(digest: [UInt8](repeating: 1, count: 32))
        func party(_ party: Int) throws -> PartExchange {
            var identifiers = PartIdentifiers(part: 0, of: plan, binding: binding)
            identifiers.add(IdentifierTable(Self.ids([1, 2, 3])), rows: [0, 1, 2])
            return try PartExchange(identifiers, plan: plan, party: party, kernel: CurveKernel.available[0])
        }
        var guest = try party(0)
        var host = try party(1)
        let good = host.points(frame: 0)
        for bad in [[], Array(good.dropLast()), good + [0], good + good] {
            #expect(throws: Fault(AlignFaults.messageMalformed)) { try guest.take(points: bad, frame: 0) }
        }
        for bad in SmallOrder.points + [[UInt8](repeating: 255, count: 32)] {
            #expect(throws: Fault(AlignFaults.pointUnusable)) {
                try guest.take(points: Array(good[..<32]) + bad + Array(good[64...]), frame: 0)
            }
        }
        #expect(throws: Fault(AlignFaults.messageMalformed)) {
            try guest.take(tags: [UInt8](repeating: 0, count: 3 * plan.tagBytes - 1), frame: 0)
        }
        // A point of the twist in place of one id: the two others are found.
        let twist = [2] + [UInt8](repeating: 0, count: 31)
        try guest.take(points: twist + Array(good[32...]), frame: 0)
        try host.take(points: guest.points(frame: 0), frame: 0)
        try guest.take(tags: host.tags(frame: 0), frame: 0)
        #expect(guest.outcome().count == 2)
    }

    /// With dummies and fresh scalars, two runs of one party share no point; and no frame repeats one.
    @Test func pointsTellNothingByRepeating() throws {
        let plan = ExchangePlan(
            guestRows: 40, hostRows: 1, disclosure: .both, sizes: ExchangeSizes(part: 99, frame: 64))
        var identifiers = PartIdentifiers(part: 0, of: plan, binding: ExchangeBinding(digest: [UInt8](0..<32)))
        identifiers.add(IdentifierTable(Self.ids([1, 2, 2, 1])), rows: [0, 1, 2, 3])
        let runs = try (0..<2).map { _ in
            let points = try PartExchange(identifiers, plan: plan, party: 0, kernel: CurveKernel.available[0])
                .points(frame: 0)
            return Set(stride(from: 0, to: points.count, by: 32).map { Array(points[$0..<$0 + 32]) })
        }
        #expect(runs[0].count == 40 && runs[1].count == 40 && runs[0].isDisjoint(with: runs[1]))
    }

    /// In `size-only` tags come sorted: their order tells nothing of the points they answer.
    @Test func tagsOfSizeOnlyComeSorted() throws {
        let plan = ExchangePlan(
            guestRows: 20, hostRows: 20, disclosure: .sizeOnly, sizes: ExchangeSizes(part: 99, frame: 8))
        let binding = ExchangeBinding(digest: [UInt8](0..<32))
        var parties = try (0...1).map { party in
            var identifiers = PartIdentifiers(part: 0, of: plan, binding: binding)
            identifiers.add(IdentifierTable(Self.ids(Array(0..<20))), rows: (0..<20).map { UInt32($0) })
            return try PartExchange(identifiers, plan: plan, party: party, kernel: CurveKernel.available[0])
        }
        for frame in 0..<3 { try parties[1].take(points: parties[0].points(frame: frame), frame: frame) }
        var tags: [[UInt8]] = []
        for frame in 0..<3 {
            let payload = parties[1].tags(frame: frame)
            tags += stride(from: 0, to: payload.count, by: plan.tagBytes).map {
                Array(payload[$0..<$0 + plan.tagBytes])
            }
        }
        #expect(tags.count == 20 && zip(tags, tags.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
    }
}
