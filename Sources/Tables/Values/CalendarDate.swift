/// Days since 1970-01-01 in the proleptic Gregorian calendar, and the text `YYYY-MM-DD`.
public enum CalendarDate {
    /// 0001-01-01.
    public static let first: Int64 = -719_162
    /// 9999-12-31.
    public static let last: Int64 = 2_932_896

    /// Days of a date; `nil` unless it exists and its year is in 1...9999.
    public static func days(year: Int, month: Int, day: Int) -> Int64? {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= length(of: month, in: year) else {
            return nil
        }
        // Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March.
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// Year, month and day; `days` in `first...last`.
    public static func parts(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        let z = Int(days) + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// `YYYY-MM-DD`.
    public static func text(_ days: Int64) -> String {
        var bytes: [UInt8] = []
        append(days, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(_ days: Int64, to bytes: inout [UInt8]) {
        let (year, month, day) = parts(days)
        for digit in [year / 1000, year / 100 % 10, year / 10 % 10, year % 10] { bytes.append(0x30 + UInt8(digit)) }
        bytes += [0x2D, 0x30 + UInt8(month / 10), 0x30 + UInt8(month % 10)]
        bytes += [0x2D, 0x30 + UInt8(day / 10), 0x30 + UInt8(day % 10)]
    }

    /// Reads four digits, two, two, with the separator (`-` or `/`) between them, or `YYYYMMDD` for `nil`.
    static func parse(_ text: UnsafePointer<UInt8>, _ count: Int, separator: UInt8?) -> Int64? {
        let gap = separator == nil ? 0 : 1
        guard count == 8 + 2 * gap else { return nil }
        func number(_ start: Int, _ length: Int) -> Int? {
            var value = 0
            for place in start..<start + length {
                let digit = text[place] &- 0x30
                guard digit < 10 else { return nil }
                value = value * 10 + Int(digit)
            }
            return value
        }
        if let separator, text[4] != separator || text[7] != separator { return nil }
        guard let year = number(0, 4), let month = number(4 + gap, 2), let day = number(6 + 2 * gap, 2) else {
            return nil
        }
        return days(year: year, month: month, day: day)
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
