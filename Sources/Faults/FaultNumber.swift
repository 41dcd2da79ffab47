/// The number of a fault, written `ATL-nnnn`. Numbers are stable for ever: one that is retired is never given out again.
///
/// Ranges: 0xxx program and configuration, 1xxx resources and documents, 2xxx arithmetic and encryption,
/// 3xxx sites and routes, 4xxx jobs and workers, 5xxx files, tables and grants, 6xxx modelling and training,
/// 7xxx trials and models, 8xxx people and permissions, 9xxx observability.
public struct FaultNumber: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// `ATL-` and four digits.
    public var description: String {
        let digits = String(rawValue)
        return "ATL-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Reads `ATL-1001`, `atl-1001` or `1001`.
    public init?(_ text: some StringProtocol) {
        let digits = text.lowercased().hasPrefix("atl-") ? String(text.dropFirst(4)) : String(text)
        // Digits alone: `UInt16` would also read a sign.
        guard digits.utf8.count <= 4, digits.utf8.allSatisfy({ (0x30...0x39) ~= $0 }), let value = UInt16(digits) else {
            return nil
        }
        self.init(rawValue: value)
    }
}
