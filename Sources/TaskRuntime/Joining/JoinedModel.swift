public import Faults
public import Modeling

/// The whole of a model in one place: `ATLJ`, a version byte 1, `u16` hosts and the salt of each one's part, then the
/// model's bytes. Big-endian.
public struct JoinedModel: Sendable, Hashable {
    /// With the parts of all parties.
    public let model: BoostedModel
    /// In the order of hosts, 32 bytes each.
    public let salts: [[UInt8]]

    private static let magic: [UInt8] = Array("ATLJ".utf8) + [1]

    init(model: BoostedModel, salts: [[UInt8]]) {
        self.model = model
        self.salts = salts
    }

    public var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        writer.put(UInt16(salts.count))
        for salt in salts { writer.put(salt) }
        writer.put(model.bytes)
        return writer.bytes
    }

    /// - Throws: `BoostFaults.modelUnusable`.
    public init(bytes: [UInt8]) throws(Fault) {
        let unusable = Fault(BoostFaults.modelUnusable)
        var reader = WireReader(bytes, or: BoostFaults.modelUnusable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw unusable }
        var salts: [[UInt8]] = []
        for _ in 0..<(try reader.number(UInt16.self)) { salts.append(try reader.block(JoinPlan.saltBytes)) }
        do throws(Fault) {
            model = try BoostedModel(bytes: reader.rest())
        } catch {
            throw unusable
        }
        guard model.parts.map(\.party) == Array(0...salts.count), model.structure.parties == salts.count + 1 else {
            throw unusable
        }
        self.salts = salts
    }

    /// The digest of the training.
    public var digest: ModelDigest {
        let parts = model.parts.map { $0.digest(salt: $0.party == 0 ? [] : salts[$0.party - 1]) }
        return .joint(structure: model.structure.digest, parts: parts)
    }
}
