import Faults

/// One line of a chain, as both the hash and the disk see it.
struct LedgerLine: Sendable, Hashable {
    /// Milliseconds since 1970, by this site's clock.
    var time: Int64
    var body: Body

    enum Body: Sendable, Hashable {
        case frame(FrameLine)
        case refusal(RefusalRecord.Line)
        /// A statement that both have signed; with `isClosed` in the statement it is the closing receipt.
        case signed(SignedStatement)
        case opened(Opening)
    }

    /// The plan under which the lines that follow were written.
    struct Opening: Sendable, Hashable {
        /// 32 bytes.
        var planDigest: [UInt8]
        var epoch: UInt64
        /// DER SubjectPublicKeyInfo of this site's root key.
        var siteKey: [UInt8]
        var peerKey: [UInt8]
    }

    static let longestText = 128
    static let longestKey = 256
    private static let version: UInt8 = 1

    /// The canonical bytes: what is hashed and kept.
    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(Self.version)
        writer.put(kind)
        writer.put(time)
        switch body {
        case .frame(let frame): frame.write(to: &writer)
        case .refusal(let refusal): refusal.write(to: &writer)
        case .signed(let signed):
            writer.put(UInt32(signed.statement.count))
            writer.put(signed.statement)
            writer.put(signed.lowerSignature)
            writer.put(signed.upperSignature)
        case .opened(let opening):
            writer.put(opening.planDigest)
            writer.put(opening.epoch)
            for key in [opening.siteKey, opening.peerKey] {
                writer.put(UInt16(key.count))
                writer.put(key)
            }
        }
        return writer.bytes
    }

    private var kind: UInt8 {
        switch body {
        case .frame: 1
        case .refusal: 2
        case .signed: 3
        case .opened: 4
        }
    }

    /// - Throws: `LedgerFaults.damaged`.
    init(_ bytes: ArraySlice<UInt8>) throws(Fault) {
        var reader = ByteReader(bytes, or: LedgerFaults.damaged)
        guard try reader.integer(UInt8.self) == Self.version else { throw reader.refuse("version \(Self.version)") }
        let kind = try reader.integer(UInt8.self)
        time = try reader.integer()
        switch kind {
        case 1: body = .frame(try FrameLine(&reader))
        case 2: body = .refusal(try RefusalRecord.Line(&reader))
        case 3:
            let count = Int(try reader.integer(UInt32.self))
            guard count <= LedgerStatement.maximumBytes else { throw reader.refuse("a statement") }
            let statement = try reader.raw(count)
            let lower = try reader.raw(SignedStatement.signatureBytes)
            let upper = try reader.raw(SignedStatement.signatureBytes)
            body = .signed(SignedStatement(statement: statement, lowerSignature: lower, upperSignature: upper))
        case 4:
            let plan = try reader.raw(LedgerHash.length)
            let epoch = try reader.count()
            let siteKey = try Self.key(&reader)
            let peerKey = try Self.key(&reader)
            body = .opened(Opening(planDigest: plan, epoch: epoch, siteKey: siteKey, peerKey: peerKey))
        default: throw reader.refuse("a known kind of line")
        }
        try reader.end()
    }

    init(time: Int64, body: Body) {
        self.time = time
        self.body = body
    }

    private static func key(_ reader: inout ByteReader) throws(Fault) -> [UInt8] {
        let count = Int(try reader.integer(UInt16.self))
        guard count <= longestKey else { throw reader.refuse("a key of at most \(longestKey) bytes") }
        return try reader.raw(count)
    }
}
