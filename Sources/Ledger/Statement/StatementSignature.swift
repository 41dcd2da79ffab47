import Crypto
package import Faults

/// Checks signatures of statements against root keys that fit their site ids.
package enum StatementSignature {
    /// - Throws: `LedgerFaults.unknownKey`, `.badSignature`.
    static func check(_ signature: [UInt8], of statement: [UInt8], by site: SiteID, key: [UInt8]?) throws(Fault) {
        try check(signature, ofBytes: LedgerStatement.signedBytes(statement), by: site, key: key)
    }

    /// Of any bytes, which begin with a tag of their own.
    ///
    /// - Throws: `LedgerFaults.unknownKey`, `.badSignature`.
    package static func check(
        _ signature: [UInt8], ofBytes bytes: [UInt8], by site: SiteID, key: [UInt8]?
    ) throws(Fault) {
        guard let key, SiteID(digest: SHA256.hash(data: key)) == site,
            let key = try? P256.Signing.PublicKey(derRepresentation: key)
        else { throw Fault(LedgerFaults.unknownKey, at: "site \(site)") }
        guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature),
            key.isValidSignature(signature, for: bytes)
        else { throw Fault(LedgerFaults.badSignature, at: "site \(site)") }
    }

    /// Both signatures of a statement.
    static func check(
        _ signed: SignedStatement, _ statement: LedgerStatement, keys: (SiteID) -> [UInt8]?
    ) throws(Fault) {
        let (lower, upper) = (statement.lower.site, statement.upper.site)
        try check(signed.lowerSignature, of: signed.statement, by: lower, key: keys(lower))
        try check(signed.upperSignature, of: signed.statement, by: upper, key: keys(upper))
    }
}
