import Faults

/// Puts the frames of a message together again.
struct FrameCollector {
    private let sizes: [Int]
    private var next = 0
    private(set) var bytes: [UInt8] = []

    /// - Parameter sizes: of the frames, in order.
    init(_ sizes: [Int]) {
        self.sizes = sizes
    }

    var isComplete: Bool { next == sizes.count }

    /// - Throws: `BoostFaults.messageMalformed` for a frame of another size, or one too many.
    mutating func take(_ payload: [UInt8]) throws(Fault) {
        guard next < sizes.count, payload.count == sizes[next] else { throw Fault(BoostFaults.messageMalformed) }
        bytes += payload
        next += 1
    }
}

/// What a party has to send, given out in pieces that the channels hold: a protocol sends no more than they do before it
/// takes a message again.
struct Outbox<Item: Sendable>: Sendable {
    private var items: [Item] = []
    private var next = 0

    var isEmpty: Bool { next == items.count }

    mutating func add(_ more: some Sequence<Item>) { items += more }

    /// The next messages, up to half of what a channel holds; then the clock, which is told when they have gone, if more
    /// are left.
    ///
    /// - Parameter make: the messages of an item.
    mutating func drain(_ make: (Item) throws(Fault) -> [TaskMessage]) throws(Fault) -> [TaskEffect] {
        var effects: [TaskEffect] = []
        var bytes = 0
        while next < items.count {
            guard bytes < 1 << 19 else { return effects + [.measure(.clock)] }
            for message in try make(items[next]) {
                bytes += message.payload.count
                effects.append(.send(message))
            }
            next += 1
        }
        items = []
        next = 0
        return effects
    }
}

extension BoostSchedule {
    /// The frames of a message, which is filled up to its size.
    ///
    /// - Parameter size: of the message; no less than `bytes`.
    static func frames(
        _ type: String, step: UInt32, to party: Int, _ bytes: [UInt8], size: Int
    ) -> [TaskMessage] {
        precondition(bytes.count <= size, "a message of \(type) fits its size")
        let filled = bytes + [UInt8](repeating: 0, count: size - bytes.count)
        var start = 0
        return frames(size).map { size in
            defer { start += size }
            return TaskMessage(
                party: party, step: step, type: type, elements: UInt64(size),
                payload: Array(filled[start..<start + size]))
        }
    }
}

extension SchemeShape {
    /// Bytes of a frame with so many ciphertexts.
    func blockBytes(_ count: Int) -> Int { Self.headerBytes + count * ciphertextBytes }

    /// A frame of ciphertexts, filled up to its size.
    ///
    /// - Parameters:
    ///   - block: nil where no ciphertext is left to send.
    ///   - count: how many ciphertexts the frame holds at most.
    func frame(
        _ type: String, step: UInt32, to party: Int, _ block: [UInt8]?, count: Int
    ) -> TaskMessage {
        var payload = block ?? []
        payload += [UInt8](repeating: 0, count: blockBytes(count) - payload.count)
        return TaskMessage(
            party: party, step: step, type: type, elements: UInt64(count), payload: payload)
    }

    /// The block of a frame of ciphertexts.
    ///
    /// - Parameters:
    ///   - count: how many are in it.
    ///   - most: how many it could hold.
    /// - Throws: `BoostFaults.messageMalformed` for another size, or when something stands behind the block.
    func block(_ payload: [UInt8], count: Int, most: Int) throws(Fault) -> [UInt8] {
        let bytes = count == 0 ? 0 : blockBytes(count)
        guard payload.count == blockBytes(most), payload[bytes...].allSatisfy({ $0 == 0 }) else {
            throw Fault(BoostFaults.messageMalformed)
        }
        return Array(payload[..<bytes])
    }
}
