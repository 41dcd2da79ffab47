import Foundation
import Testing

@testable import Observability

@Suite struct LogTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func knownMoments(milliseconds: Int64, text: String) {
        #expect(LogTime(milliseconds: milliseconds).description == text)
    }

    /// Every 17 days and some from 1700 to 2300, against Foundation's calendar.
    @Test func theCalendarAgreesWithFoundation() {
        let form = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var differing: [Int64] = []
        for milliseconds in stride(from: Int64(-8_520_336_000_000), to: 10_413_792_000_000, by: 1_468_811_357) {
            // Whole quarters of a second are exact in a Date, so both sides print the same moment.
            let moment = milliseconds / 250 * 250
            let expected = Date(timeIntervalSince1970: Double(moment) / 1_000).formatted(form)
            if LogTime(milliseconds: moment).description != expected { differing.append(moment) }
        }
        #expect(differing.isEmpty)
    }

    @Test func nowIsNow() {
        let difference = Double(LogTime.now().milliseconds) / 1_000 - Date().timeIntervalSince1970
        #expect(abs(difference) < 5)
    }
}
