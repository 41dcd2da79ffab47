import Crypto
public import Faults
public import Modeling

/// What a training leaves at the guest: the trees with its own conditions, and the digests of the hosts' parts. `ATLB`, a
/// version byte 1, `u16` hosts and a digest of each, then the model's bytes. Big-endian.
public struct BoostGuestResult: Sendable, Hashable {
    /// The structure and the guest's part.
    public let model: BoostedModel
    /// In the order of hosts.
    public let hosts: [ModelDigest]

    private static let magic: [UInt8] = Array("ATLB".utf8) + [1]

    public init(model: BoostedModel, hosts: [ModelDigest]) {
        self.model = model
        self.hosts = hosts
    }

    public var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        writer.put(UInt16(hosts.count))
        for host in hosts { writer.put(host.bytes) }
        writer.put(model.bytes)
        return writer.bytes
    }

    /// - Throws: `BoostFaults.modelUnusable`.
    public init(bytes: [UInt8]) throws(Fault) {
        let unusable = Fault(BoostFaults.modelUnusable)
        var reader = WireReader(bytes, or: BoostFaults.modelUnusable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw unusable }
        var hosts: [ModelDigest] = []
        for _ in 0..<(try reader.number(UInt16.self)) { hosts.append(try ModelDigest(bytes: reader.block(32))) }
        do throws(Fault) {
            model = try BoostedModel(bytes: reader.rest())
        } catch {
            throw unusable
        }
        guard model.parts.map(\.party) == [0], hosts.count + 1 == model.structure.parties else { throw unusable }
        self.hosts = hosts
    }

    /// The digest of the whole model: the plaintext trainer's of the same rows, with the hosts' salts.
    public var digest: ModelDigest {
        .joint(structure: model.structure.digest, parts: model.parts.map { $0.digest() } + hosts)
    }
}

/// What a training leaves at a host: `ATLH`, a version byte 1, a salt of 32 bytes, and its part of the model.
public struct BoostHostResult: Sendable, Hashable {
    /// Of the part's digest.
    public let salt: [UInt8]
    public let part: ModelPart

    private static let magic: [UInt8] = Array("ATLH".utf8) + [1]

    public init(salt: [UInt8], part: ModelPart) {
        precondition(salt.count == 32, "a salt has 32 bytes")
        self.salt = salt
        self.part = part
    }

    public var bytes: [UInt8] { Self.magic + salt + part.bytes }

    /// What keeps the guest from trying out conditions until the digest of the part fits: nobody else has the columns.
    static func salt(of columns: PartyColumns, seed: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("atoll/boost/salt/1".utf8) + [0])
        hash.update(data: seed)
        for column in columns.columns {
            var writer = WireWriter()
            for edge in column.edges.values { writer.put(edge.bitPattern) }
            hash.update(data: writer.bytes)
            hash.update(data: column.codes)
        }
        return Array(hash.finalize())
    }

    /// - Throws: `BoostFaults.modelUnusable`.
    public init(bytes: [UInt8]) throws(Fault) {
        let unusable = Fault(BoostFaults.modelUnusable)
        var reader = WireReader(bytes, or: BoostFaults.modelUnusable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw unusable }
        salt = try reader.block(32)
        do throws(Fault) {
            part = try ModelPart(bytes: reader.rest())
        } catch {
            throw unusable
        }
        guard part.party > 0 else { throw unusable }
    }
}
