import Resources
import ResourcesTestKit

extension SeededGenerator {
    /// A document of every type, at most `depth` deep.
    mutating func json(depth: Int = 5) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .integer(Int64(bitPattern: next()) >> Int64.random(in: 0...63, using: &self))
        case 3: return .number(double())
        case 4, 5: return .string(text())
        case 6: return .array((0..<Int.random(in: 0...4, using: &self)).map { _ in json(depth: depth - 1) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 0...4, using: &self) { members[text()] = json(depth: depth - 1) }
            return .object(members)
        }
    }

    private mutating func double() -> Double {
        let value = Double(bitPattern: next())
        return value.isFinite ? value : Double.random(in: -1000...1000, using: &self)
    }

    private mutating func text() -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &self) {
            let top: UInt32 = [0x20, 0x7F, 0x2FF, 0xFFFF, 0x10FFFF].randomElement(using: &self)!
            if let scalar = Unicode.Scalar(UInt32.random(in: 0...top, using: &self)) { scalars.append(scalar) }
        }
        return String(scalars)
    }
}
