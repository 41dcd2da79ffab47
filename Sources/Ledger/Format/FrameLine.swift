import Faults

/// What a line keeps of a frame: the record without peer and job, which the chain has, and with what the chain adds.
struct FrameLine: Sendable, Hashable {
    var direction: FrameDirection
    var task: String
    var step: UInt32
    var sequence: UInt64
    var attempt: UInt32
    var messageType: String
    var schemaDigest: [UInt8]
    var elements: UInt64
    var elementBits: UInt32
    var bytes: UInt64
    /// SHA-256 of the salt. The salt itself is kept beside the line, so that an export without salts can be checked.
    var saltDigest: [UInt8]
    var payloadDigest: [UInt8]
    var keyID: String
    var route: String
    /// How this frame stands to the ones before it in its channel.
    var standing: Standing = .first
    /// The channel's agreement hash up to and with this frame's sequence number.
    var agreement: [UInt8] = []

    /// Declared counts are those of `first`; the others are listed apart.
    enum Standing: UInt8, Sendable, Hashable, CaseIterable {
        /// This sequence number crossed for the first time.
        case first = 0
        /// The same frame once more.
        case resent = 1
        /// Another content under a number that has crossed before: the attempt was repeated from here.
        case replaced = 2
    }

    /// - Throws: `LedgerFaults.invalidRecord`.
    init(_ record: FrameRecord) throws(Fault) {
        let texts = [record.task, record.messageType, record.keyID, record.route]
        guard texts.allSatisfy({ $0.utf8.count <= LedgerLine.longestText }) else {
            throw Fault(LedgerFaults.invalidRecord, at: "a text", wanted: "at most \(LedgerLine.longestText) bytes")
        }
        guard record.schemaDigest.count == LedgerHash.length, record.payloadDigest.count == LedgerHash.length else {
            throw Fault(LedgerFaults.invalidRecord, at: "a digest", wanted: "\(LedgerHash.length) bytes")
        }
        guard record.salt.count == Self.saltBytes else {
            throw Fault(LedgerFaults.invalidRecord, at: "the salt", wanted: "\(Self.saltBytes) bytes")
        }
        guard record.attempt > 0, max(record.sequence, record.elements, record.bytes) < UInt64(Int64.max) else {
            throw Fault(LedgerFaults.invalidRecord, at: "a number", wanted: "below 2^63; attempts count from 1")
        }
        direction = record.direction
        task = record.task
        step = record.step
        sequence = record.sequence
        attempt = record.attempt
        messageType = record.messageType
        schemaDigest = record.schemaDigest
        elements = record.elements
        elementBits = record.elementBits
        bytes = record.bytes
        saltDigest = LedgerHash.salt(record.salt)
        payloadDigest = record.payloadDigest
        keyID = record.keyID
        route = record.route
    }

    static let saltBytes = 16

    func write(to writer: inout ByteWriter) {
        writer.put(direction.code)
        writer.put(task)
        writer.put(step)
        writer.put(sequence)
        writer.put(attempt)
        writer.put(messageType)
        writer.put(schemaDigest)
        writer.put(elements)
        writer.put(elementBits)
        writer.put(bytes)
        writer.put(saltDigest)
        writer.put(payloadDigest)
        writer.put(keyID)
        writer.put(route)
        writer.put(standing.rawValue)
        writer.put(agreement)
    }

    init(_ reader: inout ByteReader) throws(Fault) {
        direction = try FrameDirection(&reader)
        task = try reader.text(atMost: LedgerLine.longestText)
        step = try reader.integer()
        sequence = try reader.count()
        attempt = try reader.integer()
        messageType = try reader.text(atMost: LedgerLine.longestText)
        schemaDigest = try reader.raw(LedgerHash.length)
        elements = try reader.count()
        elementBits = try reader.integer()
        bytes = try reader.count()
        saltDigest = try reader.raw(LedgerHash.length)
        payloadDigest = try reader.raw(LedgerHash.length)
        keyID = try reader.text(atMost: LedgerLine.longestText)
        route = try reader.text(atMost: LedgerLine.longestText)
        guard let standing = Standing(rawValue: try reader.integer()) else { throw reader.refuse("0, 1 or 2") }
        self.standing = standing
        agreement = try reader.raw(LedgerHash.length)
    }
}

extension FrameDirection {
    var code: UInt8 { self == .sent ? 0 : 1 }

    init(_ reader: inout ByteReader) throws(Fault) {
        switch try reader.integer(UInt8.self) {
        case 0: self = .sent
        case 1: self = .received
        default: throw reader.refuse("0 or 1")
        }
    }
}
