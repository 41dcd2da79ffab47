import Foundation

/// How much random tests do: ten times as much with `ATOLL_TEST_LONG`.
enum Effort {
    static let isLong = ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] != nil

    static func runs(_ usual: Int) -> Int { isLong ? usual * 10 : usual }
}
