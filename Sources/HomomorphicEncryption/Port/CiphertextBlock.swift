import Faults

/// The header of a block of ciphertexts on the wire; all numbers little-endian.
///
/// | bytes | content |
/// |---|---|
/// | 0–3 | `ATLC` |
/// | 4 | version, 1 |
/// | 5 | scheme |
/// | 6–7 | 0 |
/// | 8–23 | key identifier |
/// | 24–27 | number of ciphertexts |
/// | 28–31 | bytes of one ciphertext |
/// | 32– | the ciphertexts, each of that length, little-endian |
enum CiphertextBlock {
    static let magic = Array("ATLC".utf8)
    static let version: UInt8 = 1
    static let headerBytes = 32

    /// A header for `count` ciphertexts, and room for them.
    static func header<Key: AdditivePublicKey>(_ key: Key, count: Int) -> [UInt8] {
        var bytes = magic + [version, Key.scheme.code, 0, 0] + key.identifier.bytes
        bytes += Self.bytes(UInt32(count)) + Self.bytes(UInt32(key.ciphertextBytes))
        bytes.reserveCapacity(headerBytes + count * key.ciphertextBytes)
        return bytes
    }

    /// Checks everything but the ciphertexts themselves.
    ///
    /// - Throws: `ciphertext-block-encoding`, `-version`, `-key`, `-count`, `-length`, in this order.
    static func check<Key: AdditivePublicKey>(_ block: [UInt8], _ key: Key, count: Int) throws(Fault) {
        guard block.count >= headerBytes, Array(block[..<4]) == magic else {
            throw Fault(EncryptionFaults.blockEncoding)
        }
        guard block[4] == version, block[5] == Key.scheme.code, block[6] == 0, block[7] == 0 else {
            throw Fault(EncryptionFaults.blockVersion, wanted: "version \(version) of scheme \(Key.scheme)")
        }
        guard Array(block[8..<24]) == key.identifier.bytes else { throw Fault(EncryptionFaults.blockKey) }
        guard number(block[24..<28]) == count else {
            throw Fault(EncryptionFaults.blockCount, wanted: "\(count) ciphertexts")
        }
        guard number(block[28..<32]) == key.ciphertextBytes,
            block.count == headerBytes + count * key.ciphertextBytes
        else { throw Fault(EncryptionFaults.blockLength) }
    }

    static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> Number(8 * $0)) }
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
