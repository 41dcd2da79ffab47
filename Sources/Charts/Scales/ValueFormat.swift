/// What the numbers of an axis and of a table are.
public enum ValueFormat: Sendable, Hashable {
    case number
    /// A share of one, shown in percent.
    case percent
    case seconds
    case bytes
    /// As many decimals everywhere.
    case fixed(Int)
    /// Seconds since 1970, shown as date and time at so many seconds east of Greenwich.
    case time(offset: Int)

    /// For labels and tables.
    public func text(_ value: Double) -> String {
        switch self {
        case .number: Figures.short(value)
        case .percent: Figures.percent(value)
        case .seconds: Figures.seconds(value)
        case .bytes: Figures.bytes(value)
        case .fixed(let decimals): Figures.fixed(value, decimals)
        case .time(let offset): CivilTime(value, offset: offset)?.text ?? Figures.none
        }
    }

    /// With as many decimals as tell neighbours apart.
    func tick(_ value: Double, spacing: Double) -> String {
        switch self {
        case .number, .fixed:
            if spacing < 1e-7 || spacing >= 1e12 { return value == 0 ? "0" : Figures.short(value) }
            // Thousands only where the label would be long.
            for (limit, unit, least) in [(1e9, "G", 1e9), (1e6, "M", 1e6), (1e3, "k", 1e4)] where spacing >= least {
                return value == 0 ? "0" : Figures.fixed(value / limit, Self.decimals(spacing / limit)) + unit
            }
            return Figures.fixed(value, Self.decimals(spacing))
        case .percent: return Figures.fixed(value * 100, Self.decimals(spacing * 100)) + "%"
        case .time(let offset):
            guard let time = CivilTime(value, offset: offset) else { return Figures.none }
            if spacing >= 86_400 { return spacing < 86_400 * 60 ? time.dayOfYear : time.date }
            if time.hour == 0, time.minute == 0, time.second == 0 { return time.dayOfYear }
            return spacing < 60 ? time.clockWithSeconds : time.clock
        case .bytes: return value == 0 ? "0" : Figures.bytes(value)
        case .seconds:
            if spacing < 60 { return Figures.fixed(value, Self.decimals(spacing)) + " s" }
            if spacing < 1800 { return Figures.fixed(value / 60, 0) + " min" }
            return Figures.fixed(value / 3600, spacing < 3600 ? 1 : 0) + " h"
        }
    }

    private static func decimals(_ spacing: Double) -> Int {
        var decimals = 0
        var scaled = spacing
        while decimals < 9, scaled > 0, (scaled - scaled.rounded()).magnitude > 1e-6 * scaled {
            scaled *= 10
            decimals += 1
        }
        return decimals
    }
}
