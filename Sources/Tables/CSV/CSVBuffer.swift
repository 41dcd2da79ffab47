import CTables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Text being put together. Not for use by several threads.
final class CSVBuffer {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity = 1 << 20
    private var count = 0
    private var flushed = 0

    init() {
        start = .allocate(capacity: capacity)
    }

    deinit { start.deallocate() }

    /// Bytes put so far.
    var total: Int { flushed + count }

    var isLong: Bool { count > 256 << 10 }

    func flush(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
        try write(UnsafeRawBufferPointer(start: start, count: count))
        flushed += count
        count = 0
    }

    @inline(__always)
    func put(_ byte: UInt8) {
        reserve(1)
        start[count] = byte
        count &+= 1
    }

    func put(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { put($0) }
    }

    @inline(__always)
    func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let from = bytes.baseAddress else { return }
        reserve(bytes.count)
        memcpy(start + count, from, bytes.count)
        count &+= bytes.count
    }

    /// value / 10^scale with all digits of the scale.
    @inline(__always)
    func put(_ value: Int64, scale: Int) {
        reserve(48)
        if value < 0 {
            start[count] = 0x2D
            count &+= 1
        }
        put(magnitude: value.magnitude, scale: scale)
    }

    /// The shortest text that reads back as the same double.
    func put(_ value: Double) {
        if let (digits, scale) = Self.decimal(value) {
            put(digits, scale: scale)
            return
        }
        var text = value.description
        text.withUTF8 { put($0) }
    }

    func put(date days: Int64) {
        var bytes: [UInt8] = []
        CalendarDate.append(days, to: &bytes)
        put(bytes)
    }

    @inline(__always)
    private func put(magnitude: UInt64, scale: Int) {
        // 20 digits at most, and a point.
        let length = max(Self.digits(magnitude), scale + 1)
        var rest = magnitude
        var place = count &+ length &+ (scale > 0 ? 1 : 0)
        let end = place
        for digit in 0..<length {
            if digit == scale, scale > 0 {
                place &-= 1
                start[place] = 0x2E
            }
            place &-= 1
            start[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count = end
    }

    /// The number of decimal digits, 1 for 0.
    @inline(__always)
    private static func digits(_ value: UInt64) -> Int {
        var count = 1
        while count < 20, value >= ct_power(Int32(truncatingIfNeeded: count)) { count &+= 1 }
        return count
    }

    /// A double that is the nearest one to a whole number below 2^53 over 10^0 to 10^9, without trailing zeros: such a
    /// text of at most 15 digits is the shortest one, and reads back exactly.
    private static func decimal(_ value: Double) -> (Int64, Int)? {
        guard value.magnitude < 1e15 else { return nil }
        for scale in 0...9 {
            let power = ct_double_power(Int32(truncatingIfNeeded: scale))
            let product = (value * power).rounded()
            guard product.magnitude < 1e15 else { return nil }
            if product / power == value { return (Int64(product), scale) }
        }
        return nil
    }

    @inline(__always)
    private func reserve(_ more: Int) {
        if count &+ more > capacity { grow(more) }
    }

    private func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }
}
