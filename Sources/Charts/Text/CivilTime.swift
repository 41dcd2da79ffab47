/// A moment as a calendar and a clock show it, without the machine's time zone.
struct CivilTime {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int

    /// - Parameters:
    ///   - time: seconds since 1970 in UTC; nil for what is no number or lies outside of the years 1 to 9999.
    ///   - offset: seconds east of Greenwich.
    init?(_ time: Double, offset: Int) {
        guard time.isFinite, (-62_000_000_000...253_000_000_000).contains(time) else { return nil }
        let seconds = Int(time.rounded(.down)) + offset
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - days * 86_400
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        // Days into eras of 400 years that begin in March: Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026-11-30 07:35:11`.
    var text: String { "\(date) \(clock):\(Self.two(second))" }
    /// `2026-11-30`.
    var date: String { "\(year)-\(dayOfYear)" }
    /// `11-30`.
    var dayOfYear: String { "\(Self.two(month))-\(Self.two(day))" }
    /// `07:35`.
    var clock: String { "\(Self.two(hour)):\(Self.two(minute))" }
    var clockWithSeconds: String { "\(clock):\(Self.two(second))" }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
