/// 21xx: homomorphic encryption, packing and accumulation.
public enum EncryptionFaults {
    // Keys
    public static let keyTooShort = FaultEntry(
        2101, "key-too-short", status: 400,
        "The key length is refused: encryption keys have 2048 or 3072 bits.",
        fix: "Use 3072 bits between institutions, or 2048 bits within a group."
    )
    public static let keyEncoding = FaultEntry(
        2102, "key-encoding", status: 400,
        "The bytes are not an encoded public key.",
        fix: "Send the key as its owner's Atoll encoded it."
    )
    public static let keyVersion = FaultEntry(
        2103, "key-version", status: 400,
        "The public key is encoded in a version or scheme that this Atoll does not read.",
        fix: "Run the same release of Atoll at both sites."
    )
    public static let keyLength = FaultEntry(
        2104, "key-length", status: 400,
        "The public key's modulus does not have exactly the stated length.",
        fix: "Ask the key's owner for a new key pair."
    )
    public static let keyEven = FaultEntry(
        2105, "key-even", status: 400,
        "The public key's modulus is even.",
        fix: "Ask the key's owner for a new key pair."
    )
    public static let keySmallFactor = FaultEntry(
        2106, "key-small-factor", status: 400,
        "The public key's modulus has a factor below 2^20.",
        fix: "Ask the key's owner for a new key pair."
    )
    public static let keyPrimePower = FaultEntry(
        2107, "key-prime-power", status: 400,
        "The public key's modulus is a prime or a power of a prime.",
        fix: "Ask the key's owner for a new key pair."
    )
    public static let keyBaseRange = FaultEntry(
        2108, "key-base-range", status: 400,
        "The public key's base does not lie between 1 and the square of the modulus.",
        fix: "Ask the key's owner for a new key pair."
    )
    public static let keyBaseCommonFactor = FaultEntry(
        2109, "key-base-common-factor", status: 400,
        "The public key's base has a factor in common with the modulus.",
        fix: "Ask the key's owner for a new key pair."
    )
    public static let keyBaseSymbol = FaultEntry(
        2110, "key-base-symbol", status: 400,
        "The public key's base does not have Jacobi symbol +1.",
        fix: "Ask the key's owner for a new key pair."
    )

    // Ciphertexts
    public static let blockEncoding = FaultEntry(
        2120, "ciphertext-block-encoding", status: 400,
        "The bytes are not an encoded block of ciphertexts.",
        fix: "Send blocks as the peer's Atoll encoded them."
    )
    public static let blockVersion = FaultEntry(
        2121, "ciphertext-block-version", status: 400,
        "The block of ciphertexts is encoded in a version or scheme that this Atoll does not read.",
        fix: "Run the same release of Atoll at both sites."
    )
    public static let blockKey = FaultEntry(
        2122, "ciphertext-block-key", status: 400,
        "The block of ciphertexts belongs to another key.",
        fix: "Encrypt under the key of this job."
    )
    public static let blockCount = FaultEntry(
        2123, "ciphertext-block-count", status: 400,
        "The block does not hold the number of ciphertexts that this step expects.",
        fix: "Start the step again at both sites; report the peer if it happens twice."
    )
    public static let blockLength = FaultEntry(
        2124, "ciphertext-block-length", status: 400,
        "The block's length does not agree with the number of ciphertexts it states.",
        fix: "Send blocks as the peer's Atoll encoded them."
    )
    public static let ciphertextRange = FaultEntry(
        2125, "ciphertext-range", status: 400,
        "A ciphertext is zero or not below the square of the modulus.",
        fix: "Stop the job and report the peer: an honest site does not send this."
    )
    public static let ciphertextCommonFactor = FaultEntry(
        2126, "ciphertext-common-factor", status: 400,
        "A ciphertext has a factor in common with the modulus.",
        fix: "Stop the job and report the peer: such a ciphertext marks rows through any blinding."
    )

    // Plaintexts and packing
    public static let plaintextRange = FaultEntry(
        2130, "plaintext-range", status: 400,
        "A number to be encrypted is outside what the key can hold.",
        fix: "Use fewer slots, fewer fractional bits or a longer key."
    )
    public static let packingBounds = FaultEntry(
        2131, "packing-bounds", status: 400,
        "The bounds of a packing are outside what it allows.",
        fix: "State at least one row and bounds of at least 1."
    )
    public static let packingFieldTooWide = FaultEntry(
        2132, "packing-field-too-wide", status: 400,
        "A field's sum over all rows needs more bits than a Double holds exactly.",
        fix: "Use fewer fractional bits or sample fewer rows."
    )
    public static let packingNoSlot = FaultEntry(
        2133, "packing-no-slot", status: 400,
        "Not even one sum fits into a plaintext of this key.",
        fix: "Use a longer key, fewer fractional bits or fewer rows."
    )
    public static let packingShape = FaultEntry(
        2134, "packing-shape", status: 400,
        "The numbers to be packed or unpacked do not have the layout's shape.",
        fix: "Give one gradient per row, and second derivatives of at least 0 exactly when the layout has them."
    )
    public static let packingRange = FaultEntry(
        2135, "packing-range", status: 400,
        "The sum of a field over all rows is outside what the layout holds.",
        fix: "Scale the field down or make the layout with its true bounds."
    )
    public static let packingReplyRange = FaultEntry(
        2136, "packing-reply-range", status: 400,
        "A decrypted sum is outside what any subset of the rows can give.",
        fix: "Stop the job and report the peer: its reply was not made from these rows."
    )

    // Accumulation
    public static let bucketOutOfRange = FaultEntry(
        2140, "bucket-out-of-range", status: 400,
        "A bucket or node number is outside its column's range.",
        fix: "Number buckets from 0, and state how many there are."
    )
    public static let accumulationShape = FaultEntry(
        2141, "accumulation-shape", status: 400,
        "The columns of an accumulation do not have one bucket per row.",
        fix: "Give every column and the nodes the same number of rows."
    )
    public static let accumulationOrder = FaultEntry(
        2142, "accumulation-order", status: 409,
        "Rows came after the end, too many of them, or the end came before the last row.",
        fix: "Feed every row once, in order, then finish once."
    )

    static let all: [FaultEntry] = [
        keyTooShort, keyEncoding, keyVersion, keyLength, keyEven, keySmallFactor, keyPrimePower, keyBaseRange,
        keyBaseCommonFactor, keyBaseSymbol,
        blockEncoding, blockVersion, blockKey, blockCount, blockLength, ciphertextRange, ciphertextCommonFactor,
        plaintextRange, packingBounds, packingFieldTooWide, packingNoSlot, packingShape, packingRange,
        packingReplyRange,
        bucketOutOfRange, accumulationShape, accumulationOrder,
    ]
}
