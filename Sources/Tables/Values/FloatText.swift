import CTables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Reading numbers of double precision, each rounded exactly (to nearest, ties to even).
enum FloatText {
    /// `[+-]?(digits[.digits?]|.digits)([eE][+-]?digits)?`. `nil` when the text is none of that.
    /// What is too large becomes an infinity, which callers refuse.
    @inline(__always)
    static func parse(_ text: UnsafePointer<UInt8>, _ count: Int) -> Double? {
        guard count > 0 else { return nil }
        var place = 0
        let isNegative = text[0] == 0x2D
        if isNegative || text[0] == 0x2B { place = 1 }
        var mantissa: UInt64 = 0
        let start = place
        while place < count {
            let digit = text[place] &- 0x30
            guard digit < 10 else { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            place &+= 1
        }
        var digits = place - start
        var exponent = 0
        if place < count, text[place] == 0x2E {
            place &+= 1
            let fraction = place
            while place < count {
                let digit = text[place] &- 0x30
                guard digit < 10 else { break }
                mantissa = mantissa &* 10 &+ UInt64(digit)
                place &+= 1
            }
            exponent = fraction - place
            digits += place - fraction
        }
        guard digits > 0 else { return nil }
        if place < count {
            guard let written = writtenExponent(text, count, at: place) else { return nil }
            exponent += written
        }
        // 19 digits fit into 64 bits, leading zeros included.
        let magnitude =
            digits <= 19 && exponent >= -19 && exponent <= 19
            ? exact(mantissa, exponent) : Double.parsedByLibrary(text, count)
        guard let magnitude else { return nil }
        return isNegative ? -Swift.abs(magnitude) : Swift.abs(magnitude)
    }

    /// mantissa · 10^exponent, |exponent| at most 19, rounded once.
    @inline(__always)
    static func exact(_ mantissa: UInt64, _ exponent: Int) -> Double {
        if mantissa < 1 << 53 {
            // Both operands are exact, so the one operation rounds exactly (10^22 is the largest exact power).
            if exponent == 0 { return Double(mantissa) }
            if exponent < 0 { return Double(mantissa) / ct_double_power(Int32(truncatingIfNeeded: -exponent)) }
            return Double(mantissa) * ct_double_power(Int32(truncatingIfNeeded: exponent))
        }
        return exponent < 0
            ? quotient(mantissa, NumberText.powers[-exponent]) : product(mantissa, NumberText.powers[exponent])
    }

    /// value / divisor by a division of 127 by 64 bits with its remainder, so that nothing is rounded before the end.
    private static func quotient(_ value: UInt64, _ divisor: UInt64) -> Double {
        let valueShift = value.leadingZeroBitCount
        let divisorShift = divisor.leadingZeroBitCount
        let normalised = value << valueShift
        // (normalised · 2^63) / (divisor · 2^divisorShift) lies in (2^62, 2^64).
        let (quotient, remainder) = (divisor << divisorShift).dividingFullWidth((normalised >> 1, normalised << 63))
        return rounded(quotient, sticky: remainder != 0, exponent: divisorShift - valueShift - 63)
    }

    private static func product(_ value: UInt64, _ factor: UInt64) -> Double {
        let (high, low) = value.multipliedFullWidth(by: factor)
        if high == 0 { return rounded(low, sticky: false, exponent: 0) }
        let shift = high.leadingZeroBitCount
        let top = shift == 0 ? high : high << shift | low >> (64 - shift)
        return rounded(top, sticky: low << shift != 0, exponent: 64 - shift)
    }

    /// bits · 2^exponent with `sticky` for anything below the bits, rounded to 53 bits, ties to even. Far from both ends
    /// of the range by construction.
    private static func rounded(_ bits: UInt64, sticky: Bool, exponent: Int) -> Double {
        let excess = 64 - bits.leadingZeroBitCount - 53
        guard excess > 0 else { return Double(sign: .plus, exponent: exponent, significand: Double(bits)) }
        var kept = bits >> UInt64(excess)
        let rest = bits & ((1 << UInt64(excess)) - 1)
        let half: UInt64 = 1 << UInt64(excess - 1)
        if rest > half || (rest == half && (sticky || kept & 1 == 1)) { kept += 1 }
        return Double(sign: .plus, exponent: exponent + excess, significand: Double(kept))
    }

    /// `[eE][+-]?[0-9]+` up to the end; large exponents are cut off at 100,000, which is beyond every double.
    private static func writtenExponent(_ text: UnsafePointer<UInt8>, _ count: Int, at start: Int) -> Int? {
        var place = start
        guard text[place] | 0x20 == 0x65 else { return nil }
        place += 1
        var isNegative = false
        if place < count, text[place] == 0x2D || text[place] == 0x2B {
            isNegative = text[place] == 0x2D
            place += 1
        }
        guard place < count else { return nil }
        var value = 0
        while place < count {
            let digit = text[place] &- 0x30
            guard digit < 10 else { return nil }
            value = min(value * 10 + Int(digit), 100_000)
            place += 1
        }
        return isNegative ? -value : value
    }
}

extension Double {
    /// The C library's conversion, which rounds exactly. The program never leaves the C locale. The text was checked.
    fileprivate static func parsedByLibrary(_ text: UnsafePointer<UInt8>, _ count: Int) -> Double? {
        guard count <= 4096 else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { copy in
            for place in 0..<count { copy[place] = CChar(bitPattern: text[place]) }
            copy[count] = 0
            return strtod(copy.baseAddress!, nil)
        }
    }
}
