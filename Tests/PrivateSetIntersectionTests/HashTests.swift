import Arithmetic
import Foundation
import Testing

@testable import PrivateSetIntersection

/// Known answers from `Tests/Vectors/curve_vectors.py`: those of RFC 9380, J.4.1, are the first five messages.
struct CurveVectors: Decodable {
    struct Message: Decodable, Sendable {
        let message, tag, uniform, x: String
    }
    struct Map: Decodable, Sendable {
        let uniform, x: String
    }
    let messages: [Message]
    let maps: [Map]

    static let all: CurveVectors = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/curve.json")
        // A missing or broken file must stop the tests.
        return try! JSONDecoder().decode(CurveVectors.self, from: Data(contentsOf: file))
    }()

    static func coordinate(_ hexadecimal: String) -> [UInt8] {
        let digits = String(repeating: "0", count: 64 - hexadecimal.count) + hexadecimal
        return CurveSelfTest.bytes(digits).reversed()
    }
}

@Suite struct HashTests {
    @Test(arguments: CurveKernel.available)
    func messagesHashAsInTheVectors(_ kernel: CurveKernel) {
        #expect(CurveVectors.all.messages.count > 20)
        for known in CurveVectors.all.messages {
            let message = IdentifierTable([CurveSelfTest.bytes(known.message)])
            let tag = CurveSelfTest.bytes(known.tag)
            #expect(kernel.expand(message, tag: tag) == CurveSelfTest.bytes(known.uniform), "\(known.message.count)")
            #expect(kernel.hash(message, tag: tag) == CurveVectors.coordinate(known.x), "\(known.message.count)")
        }
    }

    /// Messages of different lengths side by side: no lane disturbs another.
    @Test(arguments: CurveKernel.available)
    func batchesHashAsTheirMessagesAlone(_ kernel: CurveKernel) {
        let tag = Array("Atoll-PSI-v1-".utf8) + (0..<32)
        let known = CurveVectors.all.messages.filter { CurveSelfTest.bytes($0.tag) == tag }
        let table = IdentifierTable(known.map { CurveSelfTest.bytes($0.message) })
        #expect(table.count > 10)
        #expect(kernel.expand(table, tag: tag) == known.flatMap { CurveSelfTest.bytes($0.uniform) })
        #expect(kernel.hash(table, tag: tag) == known.flatMap { CurveVectors.coordinate($0.x) })
        #expect(kernel.hash(IdentifierTable(), tag: tag) == [])
    }

    /// Zero, equal, opposite and unreduced field elements, and ordinary ones.
    @Test(arguments: CurveKernel.available)
    func fieldElementsMapAsInTheVectors(_ kernel: CurveKernel) {
        let known = CurveVectors.all.maps
        let found = kernel.map(known.flatMap { CurveSelfTest.bytes($0.uniform) })
        for (place, answer) in known.enumerated() {
            #expect(Array(found[(32 * place)..<(32 * place + 32)]) == CurveVectors.coordinate(answer.x), "\(place)")
        }
        #expect(known.contains { $0.x == "0" })
    }

    /// What the suite gives has prime order: times the order's neighbours it is itself again.
    @Test func hashedPointsHavePrimeOrder() {
        let kernel = CurveKernel.available[0]
        let points = kernel.hash(IdentifierTable((0..<64).map { [UInt8($0)] }), tag: [1])
        for point in FieldTests.values(points) {
            let right = (point * point * point + point * point * 486662 + point) % FieldTests.p
            #expect(right.power((FieldTests.p - 1) >> 1, modulo: FieldTests.p) == 1, "on the curve")
        }
        var different: Set<[UInt8]> = []
        for start in stride(from: 0, to: points.count, by: 32) { different.insert(Array(points[start..<start + 32])) }
        #expect(different.count == 64)
    }

    @Test func sipHashAsItsAuthorsGiveIt() {
        // Aumasson, Bernstein 2012, appendix A, and the reference implementation's table for 0 bytes.
        let key = [UInt8](0..<16)
        let table = IdentifierTable([Array(0..<15), [], [0], Array(0..<8)])
        #expect(
            table.hashes(key: key) == [
                0xa129_ca61_49be_45e5, 0x726f_db47_dd0e_0e31, 0x74f8_39c5_93dc_67fd, 0x93f5_f579_9a93_2462,
            ])
    }
}
