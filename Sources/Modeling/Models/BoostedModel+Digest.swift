public import Faults

extension ModelStructure {
    /// SHA-256 of "atoll model structure 1\n" and the canonical bytes.
    public var digest: ModelDigest { ModelDigest(domain: "atoll model structure 1\n", bytes) }
}

extension ModelPart {
    /// SHA-256 of "atoll model part 1\n", the length of the salt (4 bytes), the salt and the canonical bytes.
    ///
    /// - Parameter salt: what keeps others from trying out conditions until the digest fits; known to the part's owner and
    ///   to whoever checks the digest. Empty where the parts are no secret.
    public func digest(salt: [UInt8] = []) -> ModelDigest {
        var writer = ByteWriter()
        writer.put(UInt32(salt.count))
        writer.put(bytes: salt)
        writer.put(bytes: bytes)
        return ModelDigest(domain: "atoll model part 1\n", writer.bytes)
    }
}

extension ModelDigest {
    /// The digest of a model of several parties, which each of them can compute without the others' parts: SHA-256 of
    /// "atoll model joint 1\n", the structure's digest and the parts' digests in the order of the parties.
    public static func joint(structure: ModelDigest, parts: [ModelDigest]) -> ModelDigest {
        ModelDigest(domain: "atoll model joint 1\n", ([structure] + parts).flatMap(\.bytes))
    }
}

extension BoostedModel {
    /// The joint digest.
    ///
    /// - Parameter salts: one per party, or none where all are empty.
    /// - Throws: `ModelingFaults.incomplete` when a party's part is not here.
    public func digest(salts: [[UInt8]] = []) throws(Fault) -> ModelDigest {
        let parts = try completeParts().enumerated().map { party, part in
            part.digest(salt: salts.isEmpty ? [] : salts[party])
        }
        return .joint(structure: structure.digest, parts: parts)
    }
}
