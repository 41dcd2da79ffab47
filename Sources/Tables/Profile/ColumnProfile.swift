/// What a column is like. Texts stand as in a CSV file. docs/tables.md states every error bound.
public struct ColumnProfile: Codable, Equatable, Sendable {
    public let name: String
    /// `decimal(2)`, `category`, …
    public let type: String
    public let count: Int
    public let missing: Int
    public let distinct: Distinct
    /// Least and greatest value of numbers and dates, exact.
    public let least: String?
    public let greatest: String?
    /// Shortest and longest text in bytes of UTF-8; of texts and categories.
    public let shortest: Int?
    public let longest: Int?
    /// Of numbers.
    public let mean: Double?
    public let standardDeviation: Double?
    /// Of numbers and dates.
    public let quantiles: [Quantile]
    /// No rank behind quantiles and histogram is wrong by more than this many values; 0 where they are exact.
    public let rankError: Int
    /// Of numbers: bins of equal width.
    public let histogram: [Bin]
    /// Highest counts first; not of text columns, whose values tell rows apart.
    public let frequent: [Frequent]

    public struct Distinct: Codable, Equatable, Sendable {
        public let count: Int
        public let isExact: Bool
        /// One standard deviation over the truth; 0 when exact.
        public let standardError: Double
    }

    public struct Quantile: Codable, Equatable, Sendable {
        /// 0 to 1.
        public let at: Double
        /// The least value that so large a share of the values does not exceed.
        public let value: String
    }

    public struct Bin: Codable, Equatable, Sendable {
        /// From this on; of the last bin, including `to`.
        public let from: Double
        public let to: Double
        public let count: Int
    }

    public struct Frequent: Codable, Equatable, Sendable {
        public let value: String
        /// Never too high.
        public let count: Int
        /// Too low by at most this.
        public let error: Int
    }
}
