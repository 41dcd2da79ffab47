import Faults
import Testing

@testable import Arithmetic

@Suite struct KernelTests {
    @Test func namesAndOrder() throws {
        let names = Kernel.available.map(\.name)
        #expect(names.contains("portable"))
        #expect(names.last == "ifma-model")
        #expect(try Kernel(named: "portable") == Kernel.available.first { $0.name == "portable" })
    }

    @Test func environmentDecides() throws {
        #expect(try Kernel.choose("portable").name == "portable")
        #expect(try Kernel.choose("ifma-model").name == "ifma-model")
        #expect(try Kernel.choose(nil) == Kernel.available[0])
        #expect(try Kernel.choose("") == Kernel.available[0])
        #expect(try Kernel.choose(nil).name != "ifma-model")
    }

    @Test func unknownName() {
        #expect(throws: Fault(ArithmeticFaults.kernelUnknown)) { try Kernel.choose("fastest") }
    }

    @Test func unavailableKernel() {
        #expect(throws: Fault(ArithmeticFaults.kernelUnavailable)) {
            unsafe try Kernel(named: "avx512ifma", runsHere: { _ in false })
        }
    }

    @Test(arguments: Kernel.available)
    func selfTestFindsAWrongAnswer(kernel: Kernel) throws {
        try KernelSelfTest.run(kernel)
        for known in KernelSelfTest.answers {
            let wrong = KernelSelfTest.KnownAnswer(bits: known.bits, answer: known.answer ^ 1)
            #expect(throws: Fault(ArithmeticFaults.kernelSelfTest)) {
                try KernelSelfTest.run(kernel, answers: [wrong])
            }
        }
    }

    @Test func selfTestAnswersComeFromTheScript() {
        let known = Vectors.all.selfTest
        #expect(known.map(\.bits) == KernelSelfTest.answers.map(\.bits))
        #expect(known.map(\.answer) == KernelSelfTest.answers.map { Natural($0.answer) })
    }

    @Test(arguments: [0, 1, 2, 4, 1 << 20] as [UInt64])
    func unsuitableModulus(n: UInt64) {
        #expect(throws: Fault(ArithmeticFaults.modulusUnsuitable)) { try Modulus(Natural(n)) }
        #expect(throws: Fault(ArithmeticFaults.modulusUnsuitable)) { try PairModulus(Natural(n)) }
    }

    @Test func modulusTooLong() {
        #expect(throws: Fault(ArithmeticFaults.modulusUnsuitable)) {
            try PairModulus(Natural.power(ofTwo: 3072) + 1)
        }
    }
}
