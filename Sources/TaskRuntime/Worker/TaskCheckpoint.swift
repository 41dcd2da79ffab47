import Faults

/// What a worker gives the site after a unit: the protocol's own state, and where every channel stood.
///
/// `ATLK`, a version byte 1; the operator's name and `u32` version, the program's version, the task's name; `u64` unit;
/// `u16` count of channels, and for each `u16` party, a byte (0 out, 1 in) and `u64` next sequence, rising; then the
/// protocol's bytes. Names have a byte of length. Big-endian.
struct TaskCheckpoint: Equatable {
    struct Channel: Hashable, Comparable {
        var party: Int
        var isIncoming: Bool

        static func < (left: Channel, right: Channel) -> Bool {
            (left.party, left.isIncoming ? 1 : 0) < (right.party, right.isIncoming ? 1 : 0)
        }
    }

    /// What must be the same for a worker to go on from it.
    struct Maker: Equatable {
        var operatorName: String
        var operatorVersion: UInt32
        /// Version of the program.
        var code: String
        var task: String
    }

    private static let magic: [UInt8] = Array("ATLK".utf8) + [1]

    var maker: Maker
    var unit: UInt64
    var positions: [Channel: UInt64]
    var state: [UInt8]

    func encoded() -> [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        writer.put(name: maker.operatorName)
        writer.put(maker.operatorVersion)
        writer.put(name: maker.code)
        writer.put(name: maker.task)
        writer.put(unit)
        writer.put(UInt16(positions.count))
        for (channel, next) in positions.sorted(by: { $0.key < $1.key }) {
            writer.put(UInt16(channel.party))
            writer.put(channel.isIncoming ? 1 as UInt8 : 0)
            writer.put(next)
        }
        return writer.bytes + state
    }

    /// - Throws: `TaskFaults.checkpointUnreadable`; `.checkpointVersion` for another maker.
    init(decoding bytes: [UInt8], of maker: Maker, unit: UInt64) throws(Fault) {
        let unreadable = Fault(TaskFaults.checkpointUnreadable)
        var reader = WireReader(bytes, or: TaskFaults.checkpointUnreadable)
        guard try reader.block(4) == Array(Self.magic.prefix(4)) else { throw unreadable }
        guard try reader.number(UInt8.self) == Self.magic[4] else { throw Fault(TaskFaults.checkpointVersion) }
        let found = Maker(
            operatorName: try reader.name(), operatorVersion: try reader.number(), code: try reader.name(),
            task: try reader.name())
        guard found.task == maker.task else { throw unreadable }
        guard found == maker else {
            throw Fault(
                TaskFaults.checkpointVersion,
                "The checkpoint was made by \(found.operatorName) \(found.operatorVersion) of program \(found.code).",
                wanted: "\(maker.operatorName) \(maker.operatorVersion) of program \(maker.code)")
        }
        guard try reader.number(UInt64.self) == unit else { throw unreadable }
        var positions: [Channel: UInt64] = [:]
        var last: Channel?
        for _ in 0..<Int(try reader.number(UInt16.self)) {
            let party = Int(try reader.number(UInt16.self))
            let direction = try reader.number(UInt8.self)
            let channel = Channel(party: party, isIncoming: direction == 1)
            guard direction <= 1, last.map({ $0 < channel }) ?? true else { throw unreadable }
            positions[channel] = try reader.number(UInt64.self)
            last = channel
        }
        self.init(maker: maker, unit: unit, positions: positions, state: reader.rest())
    }

    /// The protocol's own bytes, whoever made the checkpoint.
    ///
    /// - Throws: `TaskFaults.checkpointUnreadable`.
    static func state(of bytes: [UInt8]) throws(Fault) -> [UInt8] {
        var reader = WireReader(bytes, or: TaskFaults.checkpointUnreadable)
        guard try reader.block(magic.count) == magic else { throw Fault(TaskFaults.checkpointUnreadable) }
        _ = try reader.name()
        _ = try reader.number(UInt32.self)
        for _ in 0..<2 { _ = try reader.name() }
        _ = try reader.number(UInt64.self)
        let channels = Int(try reader.number(UInt16.self))
        _ = try reader.block(channels * 11)
        return reader.rest()
    }

    init(maker: Maker, unit: UInt64, positions: [Channel: UInt64], state: [UInt8]) {
        self.maker = maker
        self.unit = unit
        self.positions = positions
        self.state = state
    }
}
