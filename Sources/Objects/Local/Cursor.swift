import Synchronization

/// What is left of a range that is read in pieces.
final class Cursor: Sendable {
    private let rest: Mutex<Range<Int64>>

    init(_ range: Range<Int64>) {
        rest = Mutex(range)
    }

    /// The next offset and count; nil at the end.
    func take(_ most: Int) -> (offset: Int64, count: Int)? {
        rest.withLock { rest in
            guard !rest.isEmpty else { return nil }
            let count = Swift.min(Int64(most), rest.upperBound - rest.lowerBound)
            defer { rest = rest.lowerBound + count..<rest.upperBound }
            return (rest.lowerBound, Int(count))
        }
    }
}
