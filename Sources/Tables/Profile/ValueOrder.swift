/// Values of a column as unsigned whole numbers in the same order, which is what the sketches keep.
struct ValueOrder: Sendable {
    let type: ColumnType

    /// Whole numbers, scaled decimals and days.
    @inline(__always)
    static func key(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    /// Finite doubles.
    @inline(__always)
    static func key(_ value: Double) -> UInt64 {
        let bits = value.bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    func number(_ key: UInt64) -> Double {
        switch type {
        case .float: Double(bitPattern: key >> 63 == 1 ? key ^ 1 << 63 : ~key)
        case .decimal(let scale): Double(integer(key)) / Double(NumberText.powers[scale])
        default: Double(integer(key))
        }
    }

    /// As it stands in a CSV file.
    func text(_ key: UInt64) -> String {
        switch type {
        case .float: Cell.float(number(key)).text
        case .decimal(let scale): DecimalText.text(integer(key), scale: scale)
        case .date: CalendarDate.text(integer(key))
        default: String(integer(key))
        }
    }

    private func integer(_ key: UInt64) -> Int64 { Int64(bitPattern: key ^ 1 << 63) }
}
