import CTables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Numbers as bytes of text, read and written. Only ASCII digits, `+`, `-`, `.`, `e` and `E` count; no blanks, no
/// grouping, no decimal comma. Written for speed: parsing is most of what reading CSV costs.
enum NumberText {
    /// `[+-]?[0-9]+` within 64 bits.
    @inline(__always)
    static func integer(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
        var place = 0
        var isNegative = false
        guard count > 0 else { return nil }
        if text[0] == 0x2D || text[0] == 0x2B {
            isNegative = text[0] == 0x2D
            place = 1
            guard count > 1 else { return nil }
        }
        // 18 digits never overflow.
        guard count - place <= 18 else { return longInteger(text, count) }
        var value: UInt64 = 0
        while place < count {
            let digit = text[place] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ UInt64(digit)
            place &+= 1
        }
        return isNegative ? 0 &- Int64(bitPattern: value) : Int64(bitPattern: value)
    }

    /// `[+-]?[0-9]+(\.[0-9]*)?` or `[+-]?\.[0-9]+`, times 10^scale; digits behind the scale must be zeros.
    @inline(__always)
    static func decimal(_ text: UnsafePointer<UInt8>, _ count: Int, scale: Int) -> Int64? {
        guard count > 0, count <= 18 else { return longDecimal(text, count, scale: scale) }
        var place = 0
        let isNegative = text[0] == 0x2D
        if isNegative || text[0] == 0x2B { place = 1 }
        var value: UInt64 = 0
        var digits = 0
        var pointAt = -1
        while place < count {
            let byte = text[place]
            let digit = byte &- 0x30
            if digit < 10 {
                value = value &* 10 &+ UInt64(digit)
                digits &+= 1
            } else if byte == 0x2E, pointAt < 0 {
                pointAt = place
            } else {
                return nil
            }
            place &+= 1
        }
        let fraction = pointAt < 0 ? 0 : count - 1 - pointAt
        let missing = scale - fraction
        guard digits > 0, missing >= 0, digits + missing <= 18 else { return longDecimal(text, count, scale: scale) }
        value = value &* ct_power(Int32(truncatingIfNeeded: missing))
        return isNegative ? 0 &- Int64(bitPattern: value) : Int64(bitPattern: value)
    }

    /// 10^0 to 10^19.
    static let powers: [UInt64] = (0...19).map { (0..<$0).reduce(UInt64(1)) { value, _ in value * 10 } }

    /// Whether the text is `[+-]?[0-9]+(\.[0-9]*)?` or `[+-]?\.[0-9]+`; then how many digits stand before the point
    /// without leading zeros, how many behind it, and whether a leading zero would be lost (`007`).
    static func plainForm(_ text: UnsafePointer<UInt8>, _ count: Int) -> PlainForm? {
        var form = PlainForm()
        var place = 0
        if count > 0, text[0] == 0x2D || text[0] == 0x2B {
            form.isSigned = true
            form.isPlus = text[0] == 0x2B
            place = 1
        }
        let start = place
        while place < count, text[place] &- 0x30 < 10 { place += 1 }
        let whole = place - start
        form.hasLeadingZero = whole > 1 && text[start] == 0x30
        var leading = start
        while leading < place, text[leading] == 0x30 { leading += 1 }
        form.wholeDigits = place - leading
        form.isZero = form.wholeDigits == 0
        if place < count, text[place] == 0x2E {
            form.hasPoint = true
            place += 1
            let fraction = place
            while place < count, text[place] &- 0x30 < 10 {
                if text[place] != 0x30 { form.isZero = false }
                place += 1
            }
            form.fractionDigits = place - fraction
        }
        guard place == count, whole + form.fractionDigits > 0 else { return nil }
        return form
    }

    struct PlainForm {
        var isSigned = false
        var isPlus = false
        var hasPoint = false
        var hasLeadingZero = false
        var isZero = false
        var wholeDigits = 0
        var fractionDigits = 0
    }

    private static func longInteger(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
        guard let form = plainForm(text, count), !form.hasPoint else { return nil }
        return scaled(text, count, form, scale: 0)
    }

    private static func longDecimal(_ text: UnsafePointer<UInt8>, _ count: Int, scale: Int) -> Int64? {
        plainForm(text, count).flatMap { scaled(text, count, $0, scale: scale) }
    }

    /// The number times 10^scale, exactly; `nil` when that is no whole number of 64 bits.
    private static func scaled(_ text: UnsafePointer<UInt8>, _ count: Int, _ form: PlainForm, scale: Int) -> Int64? {
        guard form.wholeDigits + scale <= 20 else { return nil }
        var value: UInt64 = 0
        var overflow = false
        func push(_ digit: UInt8) {
            let (product, high) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            (value, overflow) = (sum, overflow || high || carry)
        }
        var behind: Int? = nil
        for place in (form.isSigned ? 1 : 0)..<count {
            if text[place] == 0x2E {
                behind = 0
                continue
            }
            let digit = text[place] &- 0x30
            if let seen = behind {
                if seen >= scale {
                    if digit != 0 { return nil }
                    continue
                }
                behind = seen + 1
            }
            push(digit)
        }
        for _ in 0..<(scale - (behind ?? 0)) { push(0) }
        if overflow { return nil }
        if text[0] == 0x2D {
            return value <= 1 << 63 ? Int64(bitPattern: 0 &- value) : nil
        }
        return value < 1 << 63 ? Int64(bitPattern: value) : nil
    }
}
