import Faults

/// Doubles: as decimals where they are such, else their bits.
///
/// | first byte | then |
/// |---|---|
/// | 0 decimals | exponent e (u8, 0 to 18), whole numbers m as `IntegerCoding`; each value is the double m / 10^e |
/// | 1 bits | shift z (u8, 0 to 63), the bit patterns shifted right by z as `IntegerCoding` of signed 64-bit numbers |
///
/// The quotient m / 10^e is one operation on two exact doubles (|m| < 2^53), so it is the same on every machine.
enum FloatCoding {
    static func encode(_ values: [Double], into writer: inout ByteWriter) {
        guard !values.isEmpty else { return }
        if let (exponent, numbers) = decimals(values) {
            writer.put(UInt8(0))
            writer.put(UInt8(exponent))
            IntegerCoding.encode(numbers, into: &writer)
            return
        }
        let patterns = values.map { Int64(bitPattern: $0.bitPattern) }
        // Values of single precision leave 29 bits at zero.
        let shift = min(patterns.reduce(0, |).trailingZeroBitCount, 63)
        writer.put(UInt8(1))
        writer.put(UInt8(shift))
        IntegerCoding.encode(patterns.map { $0 >> Int64(shift) }, into: &writer)
    }

    static func decode(_ count: Int, from reader: inout ByteReader) throws -> [Double] {
        guard count > 0 else { return [] }
        let values: [Double]
        switch try reader.get(UInt8.self) {
        case 0:
            let exponent = Int(try reader.get(UInt8.self))
            guard exponent <= 18 else { throw reader.damage("A block's exponent is out of range.") }
            let power = Double(NumberText.powers[exponent])
            values = try IntegerCoding.decode(count, from: &reader).map { Double($0) / power }
        case 1:
            let shift = UInt64(try reader.get(UInt8.self))
            guard shift < 64 else { throw reader.damage("A block's shift is out of range.") }
            values = try IntegerCoding.decode(count, from: &reader).map {
                Double(bitPattern: UInt64(bitPattern: $0) << shift)
            }
        default: throw reader.damage("A block has an unknown form.")
        }
        guard values.allSatisfy(\.isFinite) else { throw reader.damage("A block holds what is no finite number.") }
        return values
    }

    /// The smallest exponent at which every value is a whole number over a power of ten, bit for bit.
    private static func decimals(_ values: [Double]) -> (exponent: Int, numbers: [Int64])? {
        var exponent = 0
        var numbers: [Int64] = []
        numbers.reserveCapacity(values.count)
        var place = 0
        while place < values.count {
            let power = Double(NumberText.powers[exponent])
            let product = (values[place] * power).rounded(.toNearestOrEven)
            if product.magnitude < 9.007e15, product / power == values[place],
                !(product == 0 && values[place].sign == .minus)
            {
                numbers.append(Int64(product))
                place += 1
                continue
            }
            exponent += 1
            if exponent > 15 { return nil }
            // What fitted so far is looked at again with the larger exponent.
            numbers.removeAll(keepingCapacity: true)
            place = 0
        }
        return (exponent, numbers)
    }
}
