import Foundation
import Testing

@testable import Charts

/// Dates and clocks.
@Suite struct CivilTimeTests {
    @Test func itAgreesWithTheCalendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        for offset in [0, 8 * 3600, -5 * 3600 - 1800] {
            calendar.timeZone = try #require(TimeZone(secondsFromGMT: offset))
            // Every 13th day or so from 1900 to 2100, at ever other times of the day.
            for time in stride(from: -2_208_988_800.0, to: 4_102_444_800, by: 1_123_457) {
                let wanted = calendar.dateComponents(
                    [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: time))
                let found = try #require(CivilTime(time, offset: offset))
                #expect(
                    [found.year, found.month, found.day] == [wanted.year, wanted.month, wanted.day]
                        && [found.hour, found.minute, found.second] == [wanted.hour, wanted.minute, wanted.second],
                    "\(time)")
            }
        }
        #expect(CivilTime(.nan, offset: 0) == nil && CivilTime(1e18, offset: 0) == nil)
    }

    @Test func ticksAreRoundWhereTheClockIs() throws {
        let begin = 1_796_000_000.0
        let zone = ValueFormat.time(offset: 5 * 3600 + 1800)
        let day = Scale([begin, begin + 86_400], count: 8, isTight: true, format: zone)
        #expect(day.ticks.map(day.label) == ["09:00", "12:00", "15:00", "18:00", "21:00", "12-01", "03:00", "06:00"])
        let hour = Scale([begin, begin + 3600], count: 6, isTight: true, format: .time(offset: 0))
        #expect(hour.ticks.map(hour.label) == ["01:00", "01:10", "01:20", "01:30", "01:40", "01:50"])
        let days = Scale([begin, begin + 10 * 86_400], count: 5, isTight: true, format: .time(offset: 0))
        #expect(days.ticks.map(days.label) == ["12-01", "12-03", "12-05", "12-07", "12-09"])
        // One moment alone, and two within a second.
        for moments in [[begin], [begin, begin + 0.4], [begin, begin + 1.5]] {
            let scale = Scale(moments, isTight: true, format: .time(offset: 0))
            #expect(scale.low < scale.high && scale.high - scale.low < 61 && !scale.ticks.isEmpty)
        }
    }
}
