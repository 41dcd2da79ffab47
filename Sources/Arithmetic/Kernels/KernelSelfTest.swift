import Faults

/// Known answers that a kernel must reproduce before it is used: one power modulo n² at each width.
///
/// With n = 2^bits - 105 and x = n² - 2^(bits/2) - 12345 the answer is (x^65537 mod n²) mod (2^64 - 59), which every
/// bit of the power decides. Computed with Python's integers (`Tests/Vectors/arithmetic_vectors.py`).
enum KernelSelfTest {
    struct KnownAnswer {
        let bits: Int
        let answer: UInt64
    }

    static let answers = [
        KnownAnswer(bits: 1024, answer: 0x1192_67b8_d59d_3831),
        KnownAnswer(bits: 1536, answer: 0x9192_6e4f_1dc6_2af2),
        KnownAnswer(bits: 2048, answer: 0x6e26_e2bd_10b2_5257),
        KnownAnswer(bits: 3072, answer: 0x0ad3_fbb5_defc_2e4d),
    ]

    /// `ATL-2001` when an answer differs in any of the eight lanes.
    static func run(_ kernel: Kernel, answers: [KnownAnswer] = answers) throws(Fault) {
        for known in answers {
            let n = Natural.power(ofTwo: known.bits) - 105
            let x = n * n - Natural.power(ofTwo: known.bits / 2) - 12345
            let modulus = try PairModulus(n, kernel: kernel)
            let lanes = PairResidues(entering: Array(repeating: x, count: 8), modulus: modulus).power(65537)
            let words = lanes.leaveWords()
            for lane in 0..<8 {
                let value = Natural(
                    words: words.span.extracting(droppingFirst: lane * modulus.valueWords)
                        .extracting(first: modulus.valueWords))
                guard value.remainder(by: .max - 58) == known.answer else {
                    throw Fault(
                        ArithmeticFaults.kernelSelfTest,
                        "The arithmetic kernel \(kernel.name) did not reproduce its known answer at \(known.bits) bits."
                    )
                }
            }
        }
    }
}
