public import Faults

/// What a side says when a link opens, and how both come to one version.
public struct LinkTerms: Sendable, Hashable {
    /// The versions this program speaks: its own and the one before. The first is 1, so there is none before it yet.
    public static let spoken: ClosedRange<UInt32> = 1...1

    public var versions: ClosedRange<UInt32>
    /// The program and its version, for the other side's log; at most 128 bytes count.
    public var build: String

    public init(versions: ClosedRange<UInt32> = LinkTerms.spoken, build: String) {
        self.versions = versions
        self.build = build
    }

    /// The highest version that both speak.
    ///
    /// - Throws: `LinkFaults.noVersion`; both sides come to the same answer, so both report it.
    public func agree(with other: ClosedRange<UInt32>) throws(Fault) -> UInt32 {
        guard versions.overlaps(other) else {
            throw Fault(
                LinkFaults.noVersion,
                "The other side speaks version\(Self.text(other)), this one version\(Self.text(versions)).",
                at: "greeting", wanted: "a version that both speak")
        }
        return min(versions.upperBound, other.upperBound)
    }

    private static func text(_ range: ClosedRange<UInt32>) -> String {
        range.count == 1 ? " \(range.lowerBound)" : "s \(range.lowerBound) to \(range.upperBound)"
    }
}

/// The first message each way.
struct Hello: Sendable, Hashable {
    var versions: ClosedRange<UInt32>
    var build: String
    /// Milliseconds since 1970 (UTC) at the sender; for the log, not for the measurement of clocks.
    var clock: UInt64
}
