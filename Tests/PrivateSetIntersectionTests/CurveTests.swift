import Arithmetic
import Faults
import Testing

@testable import PrivateSetIntersection

private let bytes = CurveSelfTest.bytes

/// RFC 7748, 5.2: X25519.
@Suite struct MultiplicationTests {
    @Test(arguments: CurveKernel.available)
    func vectorsOfRFC7748(_ kernel: CurveKernel) {
        let scalar = CurveScalar(
            bytes: bytes("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"))
        let point = bytes("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")
        #expect(
            kernel.multiply(point, by: scalar)
                == bytes("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"))
        #expect(kernel.multiply([], by: scalar) == [])
        // The first vector is the kernels' self-test.
        #expect(throws: Never.self) { try CurveSelfTest.run(kernel) }
    }

    /// The iterated vector: 1 and 1,000 turns.
    @Test(arguments: CurveKernel.available)
    func iteratedVector(_ kernel: CurveKernel) {
        var k = [UInt8](repeating: 0, count: 32)
        k[0] = 9
        var u = k
        for turn in 1...1_000 {
            (k, u) = (kernel.multiply(u, by: CurveScalar(bytes: k)), k)
            if turn == 1 {
                #expect(k == bytes("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"))
            }
        }
        #expect(k == bytes("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"))
    }

    @Test(arguments: CurveKernel.available)
    func diffieHellman(_ kernel: CurveKernel) {
        let alice = CurveScalar(bytes: bytes("77076d0a7318a57d3c16c17251b26645df4c2f92ebc099c6c2f5b8b6ab9eb1d0"))
        let bob = CurveScalar(bytes: bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
        var base = [UInt8](repeating: 0, count: 32)
        base[0] = 9
        let bobs = kernel.multiply(base, by: bob)
        #expect(bobs == bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"))
        #expect(kernel.multiply(bobs, by: alice) == kernel.multiply(kernel.multiply(base, by: alice), by: bob))
    }

    /// All kernels give the same for points of the curve, of the twist, not canonical and of small order, in any number.
    @Test func kernelsAgree() {
        let reference = CurveKernel.available.first { $0.name == "portable" }!
        var points = [UInt8](repeating: 0, count: 32 * 1_037)
        var span = points.mutableSpan
        SecureRandom.fill(&span)
        for (place, low) in SmallOrder.points.enumerated() {
            points.replaceSubrange((64 * place)..<(64 * place + 32), with: low)
        }
        let scalar = CurveScalar()
        let expected = reference.multiply(points, by: scalar)
        for kernel in CurveKernel.available where kernel != reference {
            #expect(kernel.multiply(points, by: scalar) == expected, "\(kernel)")
            for count in 0...17 {
                let some = Array(points[..<(32 * count)])
                #expect(kernel.multiply(some, by: scalar) == Array(expected[..<(32 * count)]), "\(kernel), \(count)")
            }
        }
    }

    @Test func anUnknownOrForeignNameChoosesTheFastest() {
        #expect(CurveKernel.choose(nil) == CurveKernel.available[0])
        #expect(CurveKernel.choose("nonsense") == CurveKernel.available[0])
        #expect(CurveKernel.choose("portable").name == "portable")
        #expect(CurveKernel.choose("ifma-model").name == "ifma-model")
        #expect(CurveKernel.choose("mulx").name != "avx512ifma")
    }

    @Test(arguments: CurveKernel.available)
    func theSelfTestFindsAWrongAnswer(_ kernel: CurveKernel) {
        var wrong = CurveSelfTest.product
        wrong[31] ^= 1
        #expect(throws: Fault(AlignFaults.curveSelfTest)) { try CurveSelfTest.run(kernel, product: wrong) }
        wrong = CurveSelfTest.hashed
        wrong[0] ^= 1
        #expect(throws: Fault(AlignFaults.curveSelfTest)) { try CurveSelfTest.run(kernel, hashed: wrong) }
    }
}

/// The coordinates of the points of order 1, 2, 4 and 8 of the curve and its twist, canonical ones.
enum SmallOrder {
    static let points: [[UInt8]] = [
        bytes("0000000000000000000000000000000000000000000000000000000000000000"),
        bytes("0100000000000000000000000000000000000000000000000000000000000000"),
        bytes("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        bytes("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        bytes("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ]
}

@Suite struct PeerPointTests {
    private let scalar = CurveScalar()

    @Test(arguments: CurveKernel.available, SmallOrder.points)
    func pointsOfSmallOrderAreRefused(_ kernel: CurveKernel, _ point: [UInt8]) {
        #expect(kernel.multiply(point, by: scalar) == [UInt8](repeating: 0, count: 32))
        var good = [UInt8](repeating: 0, count: 32)
        good[0] = 9
        #expect(throws: Fault(AlignFaults.pointUnusable)) { try kernel.raise(good + point + good, by: scalar) }
        #expect(throws: Never.self) { try kernel.raise(good + good, by: scalar) }
    }

    @Test(arguments: CurveKernel.available)
    func coordinatesOutOfRangeAreRefused(_ kernel: CurveKernel) {
        for value in [FieldTests.p, FieldTests.p + 9, Natural.power(ofTwo: 255) - 1, Natural.power(ofTwo: 255) + 9] {
            let point = FieldTests.bytes(value)
            #expect(throws: Fault(AlignFaults.pointUnusable)) { try kernel.raise(point, by: scalar) }
        }
        #expect(throws: Never.self) { try kernel.raise(FieldTests.bytes(FieldTests.p - 2), by: scalar) }
    }

    /// x = 2 lies on the twist: no y has y² = x³ + 486662·x² + x. Its product is that of the twist's group.
    @Test(arguments: CurveKernel.available)
    func pointsOfTheTwistAreMultiplied(_ kernel: CurveKernel) throws {
        let x = Natural(2)
        let square = (x * x * x + x * x * 486662 + x) % FieldTests.p
        #expect(square.power((FieldTests.p - 1) >> 1, modulo: FieldTests.p) == FieldTests.p - 1)
        let other = CurveScalar()
        let point = FieldTests.bytes(x)
        let raised = try kernel.raise(point, by: scalar)
        #expect(try kernel.raise(raised, by: other) == kernel.raise(try kernel.raise(point, by: other), by: scalar))
    }
}
