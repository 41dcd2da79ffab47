import Arithmetic
import CKernels
import Testing

@testable import PrivateSetIntersection

/// Field operations of every kernel against unbounded integers.
@Suite struct FieldTests {
    static let p = Natural.power(ofTwo: 255) - 19

    /// Values at which carries run through, and canonical forms turn over.
    static let edges: [Natural] = {
        let ones = Natural.power(ofTwo: 51) - 1
        var values: [Natural] = [0, 1, 2, 19, 38, p - 1, p, p + 1, p + 18, p - 19]
        values += [Natural.power(ofTwo: 255) - 1, (p - 1) >> 1]
        for limb in 0..<5 {
            values += [ones << (51 * limb), Natural.power(ofTwo: 51 * limb), Natural.power(ofTwo: 51 * limb + 50)]
            values += [(Natural.power(ofTwo: 50) - 1) << (51 * limb), (Natural.power(ofTwo: 50) + 1) << (51 * limb)]
        }
        // Every limb half full: where a signed limb turns over; and alternating.
        for limb in [Natural.power(ofTwo: 50), Natural.power(ofTwo: 50) - 1] {
            var value = Natural(0)
            for place in 0..<5 { value += limb << (51 * place) }
            values.append(value)
        }
        values.append(ones + (ones << 102) + (ones << 204))
        return values
    }()

    static func bytes(_ value: Natural) -> [UInt8] {
        value.words(width: 4).flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
    }

    static func values(_ bytes: [UInt8]) -> [Natural] {
        stride(from: 0, to: bytes.count, by: 32).map { begin in
            var words = [UInt64](repeating: 0, count: 4)
            for place in 0..<32 { words[place / 8] |= UInt64(bytes[begin + place]) << UInt64(8 * (place % 8)) }
            return Natural(words: words)
        }
    }

    private static func check(_ kernel: CurveKernel, _ left: [Natural], _ right: [Natural], _ what: String) {
        let a = left.flatMap(bytes)
        let b = right.flatMap(bytes)
        let p = Self.p
        func expected(_ operation: Int, _ x: Natural, _ y: Natural) -> Natural {
            switch operation {
            case Int(ATOLL_FIELD_MULTIPLY): return x * y % p
            case Int(ATOLL_FIELD_SQUARE): return x * x % p
            case Int(ATOLL_FIELD_ADD): return (x + y) % p
            case Int(ATOLL_FIELD_SUBTRACT): return (x + p + p - y) % p
            case Int(ATOLL_FIELD_LADDER_TERM): return (x + y * 121665) % p
            case Int(ATOLL_FIELD_SUM_SQUARED): return (x + y) * (x + y) % p
            default: return (x + p + p - y) * x % p
            }
        }
        let operations = [
            ATOLL_FIELD_MULTIPLY, ATOLL_FIELD_SQUARE, ATOLL_FIELD_ADD, ATOLL_FIELD_SUBTRACT, ATOLL_FIELD_LADDER_TERM,
            ATOLL_FIELD_SUM_SQUARED, ATOLL_FIELD_DIFFERENCE_BY,
        ].map { Int($0) }
        for operation in operations {
            let found = values(kernel.field(Int32(operation), a, b))
            for place in left.indices where found[place] != expected(operation, left[place], right[place]) {
                Issue.record("\(kernel): operation \(operation) differs at \(place) of \(what)")
                return
            }
        }
        let inverses = values(kernel.field(Int32(ATOLL_FIELD_INVERT), a, b))
        for place in left.indices {
            let value = left[place] % p
            #expect(value * inverses[place] % p == (value.isZero ? 0 : 1), "\(kernel): inverse at \(place) of \(what)")
        }
    }

    @Test(arguments: CurveKernel.available)
    func edgesAgreeWithIntegers(_ kernel: CurveKernel) {
        for (turn, _) in Self.edges.enumerated() {
            let right = Self.edges[turn...] + Self.edges[..<turn]
            Self.check(kernel, Self.edges, Array(right), "edges turned by \(turn)")
        }
    }

    @Test(arguments: CurveKernel.available)
    func randomElementsAgreeWithIntegers(_ kernel: CurveKernel) {
        let left = (0..<203).map { _ in SecureRandom.natural(bits: 255) }
        let right = (0..<203).map { _ in SecureRandom.natural(bits: 255) }
        Self.check(kernel, left, right, "\(left) and \(right)")
    }

    /// Sums and differences of long chains stay within what the kernels carry: (x - y)·x of ever new values.
    @Test(arguments: CurveKernel.available)
    func chainsStayExact(_ kernel: CurveKernel) {
        var x = Self.edges.flatMap(Self.bytes)
        var y = Self.edges.reversed().flatMap(Self.bytes)
        var a = Self.edges
        var b = Array(Self.edges.reversed())
        for _ in 0..<40 {
            let next = kernel.field(Int32(ATOLL_FIELD_DIFFERENCE_BY), x, y)
            (x, y) = (next, kernel.field(Int32(ATOLL_FIELD_SUM_SQUARED), x, y))
            let expected = zip(a, b).map { ($0 + Self.p + Self.p - $1) * $0 % Self.p }
            (a, b) = (expected, zip(a, b).map { ($0 + $1) * ($0 + $1) % Self.p })
        }
        #expect(Self.values(x) == a && Self.values(y) == b)
    }
}
