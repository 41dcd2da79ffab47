import CKernels
import Faults

/// A modulus in its kernel's form with the constants of Montgomery arithmetic; shared by the plain and the pair shape.
@safe final class ModulusCore: @unchecked Sendable {
    let pointer: OpaquePointer
    let kernel: Kernel
    /// 1 for arithmetic modulo n, 2 for arithmetic modulo n² on pairs.
    let form: Int32
    let n: Natural
    /// What values are reduced by: n or n².
    let modulus: Natural
    /// Words of n, and of a value.
    let partWords: Int
    let valueWords: Int
    /// Words of one residue in kernel form.
    let element: Int
    /// The number one in Montgomery form.
    let one: WipedWords
    /// 2^(t · bits(n)) · R² for t in 0 ..< 8, which enter digit t of a value.
    let entry: WipedWords
    /// R² mod n as a plain element, for the factor m of 1 + m·n.
    let plainSquareOfR: WipedWords
    private let logR: Int

    static let largestBitWidth = Int(ATOLL_MODULUS_MAX_BITS)
    static let entryDigits = 8

    init(_ n: Natural, form: Int32, kernel: Kernel?) throws(Fault) {
        let kernel = if let kernel { kernel } else { try Kernel.preferred() }
        guard n.isOdd, n > 2, n.bitWidth <= ModulusCore.largestBitWidth,
            let pointer = unsafe atoll_modulus_create(kernel.pointer, n.storage.base, n.wordCount)
        else {
            throw Fault(ArithmeticFaults.modulusUnsuitable, wanted: "an odd number in [3, 2^3072)")
        }
        unsafe self.pointer = pointer
        self.kernel = kernel
        self.form = form
        self.n = n
        modulus = form == 2 ? n * n : n
        partWords = n.wordCount
        // The width of a value follows from bits(n) alone, so equal key lengths give equal encodings.
        valueWords = (Int(form) * n.bitWidth + 63) / 64
        let limbs = unsafe Int(atoll_modulus_limbs(pointer))
        element = Int(form) * limbs
        logR = unsafe limbs * Int(atoll_modulus_limb_bits(pointer))

        let r = Natural.power(ofTwo: logR) % modulus
        let square = r * r % modulus
        one = WipedWords(zeroes: element)
        entry = WipedWords(zeroes: element * ModulusCore.entryDigits)
        plainSquareOfR = WipedWords(zeroes: limbs)
        unsafe ModulusCore.write(r, form: form, n: n, limbs: limbs, pointer: pointer, to: one.base)
        unsafe ModulusCore.write(square % n, form: 1, n: n, limbs: limbs, pointer: pointer, to: plainSquareOfR.base)
        var weight = square
        for digit in 0..<ModulusCore.entryDigits {
            let place = unsafe entry.base + digit * element
            unsafe ModulusCore.write(weight, form: form, n: n, limbs: limbs, pointer: pointer, to: place)
            weight = (weight << n.bitWidth) % modulus
        }
    }

    deinit {
        unsafe atoll_modulus_destroy(pointer)
    }

    /// `weight · R^powers` reduced, as a canonical element, for sums of weighted digits.
    func writeWeight(_ weight: Natural, powersOfR powers: Int, to place: UnsafeMutablePointer<UInt64>) {
        var value = weight % modulus
        for _ in 0..<powers { value = (value << logR) % modulus }
        unsafe ModulusCore.write(
            value, form: form, n: n, limbs: element / Int(form), pointer: pointer, to: place)
    }

    private static func write(
        _ value: Natural, form: Int32, n: Natural, limbs: Int, pointer: OpaquePointer,
        to place: UnsafeMutablePointer<UInt64>
    ) {
        let (high, low) = value.divided(by: n)
        unsafe atoll_modulus_limbs_of(pointer, place, low.storage.base, low.wordCount)
        if form == 2 { unsafe atoll_modulus_limbs_of(pointer, place + limbs, high.storage.base, high.wordCount) }
    }
}
