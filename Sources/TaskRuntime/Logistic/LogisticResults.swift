import Crypto
public import Faults
public import Modeling

/// What `train.logistic` leaves at the guest: `ATLL`, a version byte 1; `u16` passes; the bits of the deviance; 32 bytes of the
/// digest of the host's part; `u32` length and bytes of its own coefficients; the bytes of its weights of evidence. Big-endian.
public struct LogisticGuestResult: Sendable, Hashable {
    public let part: LogisticPart
    public let woe: WoePart
    public let host: ModelDigest
    public let passes: Int
    public let deviance: Double

    private static let magic: [UInt8] = Array("ATLL".utf8) + [1]

    init(part: LogisticPart, woe: WoePart, host: ModelDigest, passes: Int, deviance: Double) {
        self.part = part
        self.woe = woe
        self.host = host
        self.passes = passes
        self.deviance = deviance
    }

    /// The digest of both parts: the same as in one place, with the host's salt.
    public var digest: ModelDigest { .logistic(parts: [part.digest(), host]) }

    public var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        writer.put(UInt16(passes))
        writer.put(deviance.bitPattern)
        writer.put(host.bytes)
        writer.put(UInt32(part.bytes.count))
        writer.put(part.bytes)
        writer.put(woe.bytes)
        return writer.bytes
    }

    /// - Throws: `LogisticFaults.modelUnusable`.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = WireReader(bytes, or: LogisticFaults.modelUnusable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw Fault(LogisticFaults.modelUnusable) }
        passes = Int(try reader.number(UInt16.self))
        deviance = Double(bitPattern: try reader.number())
        host = try ModelDigest(bytes: try reader.block(32))
        (part, woe) = try reader.coefficients(party: 0)
    }
}

/// What `train.logistic` leaves at the host: `ATLM`, a version byte 1, 32 bytes of salt, then as at the guest. Big-endian.
public struct LogisticHostResult: Sendable, Hashable {
    public let part: LogisticPart
    public let woe: WoePart
    /// Of the part's digest.
    public let salt: [UInt8]

    private static let magic: [UInt8] = Array("ATLM".utf8) + [1]

    init(part: LogisticPart, woe: WoePart, salt: [UInt8]) {
        self.part = part
        self.woe = woe
        self.salt = salt
    }

    public var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        writer.put(salt)
        writer.put(UInt32(part.bytes.count))
        writer.put(part.bytes)
        writer.put(woe.bytes)
        return writer.bytes
    }

    /// What keeps the guest from trying out coefficients until the digest fits: nobody else has the rows' bins.
    static func salt(of columns: WeightedColumns, seed: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("atoll/logistic/salt/1".utf8) + [0])
        hash.update(data: seed)
        for bins in columns.bins {
            var writer = WireWriter()
            for bin in bins { writer.put(bin) }
            hash.update(data: writer.bytes)
        }
        return Array(hash.finalize())
    }

    /// - Throws: `LogisticFaults.modelUnusable`.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = WireReader(bytes, or: LogisticFaults.modelUnusable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw Fault(LogisticFaults.modelUnusable) }
        salt = try reader.block(32)
        (part, woe) = try reader.coefficients(party: 1)
    }
}

extension WireReader {
    /// Coefficients and the weights of evidence that they belong to, to the end.
    fileprivate mutating func coefficients(party: Int) throws(Fault) -> (LogisticPart, WoePart) {
        let own = try block(Int(try number(UInt32.self)))
        let part: LogisticPart
        let woe: WoePart
        do throws(Fault) {
            part = try LogisticPart(bytes: own)
            woe = try WoePart(bytes: rest())
        } catch {
            throw Fault(LogisticFaults.modelUnusable)
        }
        guard part.party == party, part.names.allSatisfy({ woe[$0]?.bins != nil }) else {
            throw Fault(LogisticFaults.modelUnusable)
        }
        return (part, woe)
    }
}
