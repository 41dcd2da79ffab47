import Synchronization

/// Bytes that are pulled piece by piece, once.
public struct ObjectContent: Sendable {
    /// The next piece; nil at the end. Pieces may be of any size but none is empty.
    public let next: @Sendable () async throws -> [UInt8]?

    public init(_ next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.next = next
    }

    public init(bytes: [UInt8]) {
        let rest = Mutex<[UInt8]?>(bytes.isEmpty ? nil : bytes)
        next = {
            rest.withLock { rest in
                defer { rest = nil }
                return rest
            }
        }
    }
}

/// An object that is open for reading, from its first byte or that of a range to the last.
public struct ObjectReading: Sendable {
    /// Of the whole object.
    public let info: ObjectInfo
    /// How many bytes will come.
    public let bytes: Int64
    private let content: ObjectContent

    public init(_ info: ObjectInfo, bytes: Int64, _ content: ObjectContent) {
        self.info = info
        self.bytes = bytes
        self.content = content
    }

    /// The next piece; nil at the end. Not to be called from two tasks at once.
    public func next() async throws -> [UInt8]? { try await content.next() }

    /// Everything that is left; for small objects.
    public func all() async throws -> [UInt8] {
        var all: [UInt8] = []
        while let piece = try await next() { all += piece }
        return all
    }
}

extension Range<Int64> {
    /// The part of the range that an object of so many bytes has.
    func within(_ bytes: Int64) -> Range<Int64> {
        let start = Swift.max(0, Swift.min(lowerBound, bytes))
        return start..<Swift.max(start, Swift.min(upperBound, bytes))
    }
}
