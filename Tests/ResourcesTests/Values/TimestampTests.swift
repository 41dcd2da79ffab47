import Foundation
import Resources
import ResourcesTestKit
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_799_999, "2000-02-29T23:59:59.999Z"), (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_000_000_000_000, "2001-09-09T01:46:40.000Z"), (1_234_567_890_123, "2009-02-13T23:31:30.123Z"),
            (2_147_483_647_000, "2038-01-19T03:14:07.000Z"), (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
            (4_107_542_399_000, "2100-02-28T23:59:59.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func knownValues(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test func everyDayFromTheEpochToTheEndOf9999() {
        var day: Int64 = 0
        var previous = ""
        while day < 2_932_897 {
            let time = Timestamp(milliseconds: day * 86_400_000 + day % 86_400_000)
            let text = time.description
            #expect(Timestamp(text) == time)
            #expect(text > previous, "texts sort as times do")
            previous = text
            // A prime step meets every day of the week, month and year over time.
            day += 37
        }
    }

    /// Foundation's calendar as a second opinion.
    @Test func randomTimesAreAsFoundationSays() throws {
        var generator = SeededGenerator.printed(for: "times")
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!
        for _ in 0..<2000 {
            let milliseconds = Int64.random(in: 0...253_402_300_799_999, using: &generator)
            let date = Date(timeIntervalSince1970: Double(milliseconds / 1000))
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
            let digits = Timestamp(milliseconds: milliseconds).description.split { !$0.isNumber }.map { Int($0)! }
            #expect(
                digits == [parts.year!, parts.month!, parts.day!, parts.hour!, parts.minute!, parts.second!]
                    + [Int(milliseconds % 1000)]
            )
        }
    }

    @Test(arguments: [
        ("2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000Z"), ("2026-01-31T08:00:00.5Z", "2026-01-31T08:00:00.500Z"),
        ("2026-01-31T08:00:00.05Z", "2026-01-31T08:00:00.050Z"),
        ("2026-01-31T08:00:00.123456789Z", "2026-01-31T08:00:00.123Z"),
        ("2026-01-31T08:00:00.999999Z", "2026-01-31T08:00:00.999Z"),
    ])
    func decimalsAreCutToMilliseconds(_ text: String, _ wanted: String) {
        #expect(Timestamp(text)?.description == wanted)
    }

    @Test(arguments: [
        "", "Z", "2026-01-31", "2026-01-31T08:00:00", "2026-01-31T08:00:00+00:00", "2026-01-31T08:00:00.Z",
        "2026-01-31 08:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.1234567890Z", "20260-01-01T00:00:00Z", "-026-01-01T00:00:00Z", "2026-1-01T00:00:00Z",
        "2026/01/01T00:00:00Z",
        "2026-01-01t00:00:00Z", "2026-01-01T00:00:00z", "2026-01-01T00:00:0éZ", "2026-01-01T00:00:00.12x4Z",
        " 2026-01-01T00:00:00Z",
    ])
    func whatIsNoTimeIsRefused(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func nowIsNow() {
        let before = Int64(Date().timeIntervalSince1970 * 1000)
        let now = Timestamp.now.milliseconds
        #expect((before - 1...Int64(Date().timeIntervalSince1970 * 1000) + 1).contains(now))
    }
}
