import Foundation
import ResourcesTestKit
import Testing

@testable import Tables

/// Reading numbers, against slower ways to the same answer.
@Suite struct NumberTextTests {
    @Test func doublesAreRoundedAsTheLibraryRoundsThem() {
        var random = SeededGenerator.printed(for: "doublesAreRoundedAsTheLibraryRoundsThem")
        for _ in 0..<Effort.runs(6000) {
            let text = Self.number(&random)
            let bytes = Array(text.utf8)
            #expect(FloatText.parse(bytes, bytes.count)?.bitPattern == strtod(text, nil).bitPattern, "\(text)")
        }
    }

    @Test func everyDoubleComesBackFromItsShortestText() {
        var random = SeededGenerator.printed(for: "everyDoubleComesBackFromItsShortestText")
        for _ in 0..<Effort.runs(3000) {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let bytes = Array(value.description.utf8)
            #expect(FloatText.parse(bytes, bytes.count) == value)
        }
    }

    /// Numbers that lie half-way between two doubles or next to it.
    @Test(arguments: [
        "9007199254740993", "9007199254740992.5", "9007199254740993.0000000000001", "18014398509481985",
        "0.500000000000000166533453693773481063544750213623046875",
        "5e-324", "2.4703282292062327e-324", "2.4703282292062329e-324", "1.7976931348623157e308",
        "1.7976931348623159e308", "1e400", "1e-400",
        "0e99999999999999999999", "1e99999999999999999999", "00000000000000000000000000001",
        "0.00000000000000000000000000000000001",
        "123456789012345678901234567890", "9223372036854775807", "18446744073709551615", "18446744073709551616",
        "9999999999999999999", "-0", "1.", ".5e1", "+7E-2",
    ])
    func hardCasesAreRoundedExactly(text: String) {
        let bytes = Array(text.utf8)
        #expect(FloatText.parse(bytes, bytes.count)?.bitPattern == strtod(text, nil).bitPattern)
    }

    @Test(arguments: [
        "", "+", "-", ".", "e1", "1e", "1e+", "1.2.3", "--1", "0x10", "inf", "nan", "1 ", " 1", "1,5", "1_000", "1e1.5",
        "１",
    ])
    func whatIsNoNumberIsNone(text: String) {
        let bytes = Array(text.utf8)
        #expect(FloatText.parse(bytes, bytes.count) == nil)
        #expect(NumberText.integer(bytes, bytes.count) == nil)
        #expect(NumberText.decimal(bytes, bytes.count, scale: 2) == nil)
    }

    @Test func integersAreReadAsTheStandardLibraryReadsThem() {
        var random = SeededGenerator.printed(for: "integersAreReadAsTheStandardLibraryReadsThem")
        let edges = [
            "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
            "99999999999999999999",
            "000000000000000000000000000000012", "+5", "-0", "18446744073709551616",
        ]
        let others = (0..<Effort.runs(2000)).map { _ in
            String(Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random))
        }
        for text in edges + others {
            let bytes = Array(text.utf8)
            #expect(NumberText.integer(bytes, bytes.count) == Int64(text), "\(text)")
        }
    }

    @Test func decimalsAreReadExactly() {
        var random = SeededGenerator.printed(for: "decimalsAreReadExactly")
        for _ in 0..<Effort.runs(2000) {
            let scale = Int.random(in: 0...18, using: &random)
            let value = Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random)
            var text = DecimalText.text(value, scale: scale)
            if scale > 0, Bool.random(using: &random) {
                // Zeros at the end may be left out or added.
                text = Bool.random(using: &random) ? text + "00" : String(text.reversed().drop { $0 == "0" }.reversed())
            }
            let bytes = Array(text.utf8)
            #expect(NumberText.decimal(bytes, bytes.count, scale: scale) == value, "\(text) with \(scale)")
        }
    }

    @Test(
        arguments: [
            ("1.255", 2, nil), ("1.25", 2, 125), ("1.250", 2, 125), ("-.5", 1, -5), ("5.", 1, 50),
            ("92233720368547758.07", 2, .max),
            ("92233720368547758.08", 2, nil), ("-92233720368547758.08", 2, .min), ("1", 18, 1_000_000_000_000_000_000),
            ("10", 18, nil), ("1e2", 2, nil),
        ] as [(String, Int, Int64?)])
    func whatDoesNotFitTheScaleIsRefused(text: String, scale: Int, expected: Int64?) {
        let bytes = Array(text.utf8)
        #expect(NumberText.decimal(bytes, bytes.count, scale: scale) == expected)
    }

    @Test func everyDayComesBackAndNoOtherDateExists() throws {
        var expected = CalendarDate.first
        for year in 1...9999 where year < 3 || year % 400 < 1 || (1996...2004).contains(year) || year > 9997 {
            if expected != CalendarDate.days(year: year, month: 1, day: 1) {
                expected = try #require(CalendarDate.days(year: year, month: 1, day: 1))
            }
            for month in 1...12 {
                for day in 1...31 {
                    guard let days = CalendarDate.days(year: year, month: month, day: day) else {
                        #expect(day > 28)
                        continue
                    }
                    #expect(days == expected)
                    expected += 1
                    let text = Array(CalendarDate.text(days).utf8)
                    #expect(CalendarDate.parse(text, text.count, separator: 0x2D) == days)
                }
            }
        }
        #expect(CalendarDate.days(year: 9999, month: 12, day: 31) == CalendarDate.last)
        #expect(CalendarDate.text(0) == "1970-01-01")
        for (year, month, day) in [
            (0, 1, 1), (10_000, 1, 1), (2023, 2, 29), (1900, 2, 29), (2024, 13, 1), (2024, 0, 1), (2024, 4, 31),
            (2024, 1, 0),
        ] {
            #expect(CalendarDate.days(year: year, month: month, day: day) == nil)
        }
    }

    private static func number(_ random: inout SeededGenerator) -> String {
        func digits(_ range: ClosedRange<Int>) -> String {
            String((0..<Int.random(in: range, using: &random)).map { _ in "0123456789".randomElement(using: &random)! })
        }
        var text = ["", "", "-", "+"].randomElement(using: &random)! + digits(1...20)
        if Bool.random(using: &random) { text += "." + digits(0...20) }
        if Int.random(in: 0...2, using: &random) == 0 { text += "e\(Int.random(in: -330...330, using: &random))" }
        return text
    }
}
