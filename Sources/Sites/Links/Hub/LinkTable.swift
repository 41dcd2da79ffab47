import Faults
import Ledger

/// Which links there are and which calls wait for an answer: the hub's state, without tasks and clocks.
struct LinkTable {
    /// One link while it is up.
    final class Entry: Sendable {
        let number: UInt64
        let link: any Link

        init(number: UInt64, link: any Link) {
            self.number = number
            self.link = link
        }
    }

    private var entries: [SiteID: [Entry]] = [:]
    private var links: UInt64 = 0
    private var calls: UInt64 = 0
    private var waiting: [UInt64: (link: UInt64, answer: Latch<CallAnswer>)] = [:]

    /// - Throws: `LinkFaults.busy` when the peer has too many accepted links open.
    mutating func add(_ link: any Link) throws(Fault) -> Entry {
        let accepted = entries[link.peer, default: []].count { !$0.link.isDialled }
        guard link.isDialled || accepted < LinkLimits.linksPerPeer else {
            throw Fault(
                LinkFaults.busy, "The site has \(accepted) links open here.", wanted: "\(LinkLimits.linksPerPeer)")
        }
        links += 1
        let entry = Entry(number: links, link: link)
        entries[link.peer, default: []].append(entry)
        return entry
    }

    /// Forgets the link and gives back the calls that waited on it.
    mutating func remove(_ entry: Entry) -> [Latch<CallAnswer>] {
        entries[entry.link.peer]?.removeAll { $0.number == entry.number }
        if entries[entry.link.peer]?.isEmpty == true { entries[entry.link.peer] = nil }
        let lost = waiting.filter { $0.value.link == entry.number }
        for id in lost.keys { waiting[id] = nil }
        return lost.values.map(\.answer)
    }

    /// The link that is used to reach a peer: the newest that this side dialled, else the newest that came.
    func preferred(_ peer: SiteID) -> Entry? {
        guard let all = entries[peer] else { return nil }
        return all.last { $0.link.isDialled } ?? all.last
    }

    func all(_ peer: SiteID) -> [any Link] {
        entries[peer, default: []].map(\.link)
    }

    var everything: [any Link] { entries.values.flatMap { $0.map(\.link) } }

    mutating func newCall(on entry: Entry) -> (id: UInt64, answer: Latch<CallAnswer>) {
        calls += 1
        let answer = Latch<CallAnswer>()
        waiting[calls] = (entry.number, answer)
        return (calls, answer)
    }

    /// The call that a response answers; nil when it came on another link, too late, or was never asked.
    mutating func answered(_ id: UInt64, on entry: Entry) -> Latch<CallAnswer>? {
        guard let call = waiting[id], call.link == entry.number else { return nil }
        waiting[id] = nil
        return call.answer
    }

    mutating func forget(_ id: UInt64) {
        waiting[id] = nil
    }

    /// Calls that wait for an answer.
    var open: Int { waiting.count }
}

/// How a call ended.
enum CallAnswer: Sendable {
    case body([UInt8])
    case fault(Fault)
}
