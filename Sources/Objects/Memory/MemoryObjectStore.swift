import Crypto
import Faults
import Resources
import Synchronization

/// Objects in memory, for tests and for sites that keep nothing. Durable as long as the process.
public final class MemoryObjectStore: ObjectStore {
    private struct Parts {
        let upload: PartUpload
        var parts: [Int: [UInt8]] = [:]
    }

    private struct State {
        var objects: [ObjectKey: [UInt8]] = [:]
        var uploads: [String: Parts] = [:]
    }

    private let state = Mutex(State())
    /// The most bytes of all objects and parts together; nil without a limit.
    private let capacity: Int?

    public init(capacity: Int? = nil) {
        self.capacity = capacity
    }

    public func put(_ key: ObjectKey, _ content: ObjectContent) async throws -> ObjectInfo {
        var bytes: [UInt8] = []
        while let piece = try await content.next() { bytes += piece }
        return try state.withLock { state in
            try check(state, adding: bytes.count - (state.objects[key]?.count ?? 0))
            state.objects[key] = bytes
            return Self.info(key, bytes)
        }
    }

    public func read(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectReading {
        guard let bytes = state.withLock({ $0.objects[key] }) else {
            throw Fault(ObjectFaults.notFound, at: key.text)
        }
        let range = range?.within(Int64(bytes.count)) ?? 0..<Int64(bytes.count)
        let chosen = Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
        return ObjectReading(Self.info(key, bytes), bytes: Int64(chosen.count), ObjectContent(bytes: chosen))
    }

    public func head(_ key: ObjectKey) async throws -> ObjectInfo? {
        state.withLock { state in state.objects[key].map { Self.info(key, $0) } }
    }

    public func list(prefix: String, after: ObjectKey?, limit: Int) async throws -> [ObjectInfo] {
        state.withLock { state in
            let keys = state.objects.keys.filter { key in
                key.text.hasPrefix(prefix) && after.map { $0 < key } ?? true
            }
            return keys.sorted().prefix(limit).map { Self.info($0, state.objects[$0]!) }
        }
    }

    public func delete(_ key: ObjectKey) async throws {
        _ = state.withLock { $0.objects.removeValue(forKey: key) }
    }

    public func beginParts(_ key: ObjectKey, partBytes: Int) async throws -> PartUpload {
        let upload = PartUpload(key: key, id: ULID.make(), partBytes: partBytes)
        state.withLock { $0.uploads[upload.id] = Parts(upload: upload) }
        return upload
    }

    public func putPart(_ number: Int, _ bytes: [UInt8], of upload: PartUpload) async throws -> PartTag {
        try PartRules.check(number, bytes.count, of: upload)
        return try state.withLock { state in
            guard let parts = state.uploads[upload.id] else { throw Fault(ObjectFaults.unknownParts) }
            try check(state, adding: bytes.count - (parts.parts[number]?.count ?? 0))
            state.uploads[upload.id]?.parts[number] = bytes
            return PartTag(number: number, bytes: bytes.count, tag: PartRules.tag(bytes))
        }
    }

    public func finish(_ upload: PartUpload, _ parts: [PartTag]) async throws -> ObjectInfo {
        let total = try PartRules.check(parts, of: upload)
        return try state.withLock { state in
            guard let kept = state.uploads[upload.id] else {
                guard let bytes = state.objects[upload.key], bytes.count == total else {
                    throw Fault(ObjectFaults.unknownParts)
                }
                return Self.info(upload.key, bytes)
            }
            var bytes: [UInt8] = []
            for part in parts {
                guard let content = kept.parts[part.number], PartRules.tag(content) == part.tag else {
                    throw Fault(ObjectFaults.wrongParts, "Part \(part.number) is missing or another one.")
                }
                bytes += content
            }
            state.uploads[upload.id] = nil
            state.objects[upload.key] = bytes
            return Self.info(upload.key, bytes)
        }
    }

    public func abort(_ upload: PartUpload) async throws {
        _ = state.withLock { $0.uploads.removeValue(forKey: upload.id) }
    }

    private func check(_ state: State, adding bytes: Int) throws(Fault) {
        guard let capacity else { return }
        let held =
            state.objects.values.reduce(0) { $0 + $1.count }
            + state.uploads.values.reduce(0) { $0 + $1.parts.values.reduce(0) { $0 + $1.count } }
        if held + bytes > capacity { throw Fault(ObjectFaults.full) }
    }

    private static func info(_ key: ObjectKey, _ bytes: [UInt8]) -> ObjectInfo {
        ObjectInfo(key: key, bytes: Int64(bytes.count), tag: PartRules.tag(bytes))
    }
}

/// What holds for the parts of every adapter.
enum PartRules {
    /// - Throws: `ObjectFaults.wrongParts`.
    static func check(_ number: Int, _ bytes: Int, of upload: PartUpload) throws(Fault) {
        guard (1...PartUpload.mostParts).contains(number), (1...upload.partBytes).contains(bytes) else {
            throw Fault(
                ObjectFaults.wrongParts, "Part \(number) has \(bytes) bytes.",
                wanted: "parts 1 to \(PartUpload.mostParts) of at most \(upload.partBytes) bytes")
        }
    }

    /// - Returns: the bytes of the whole.
    /// - Throws: `ObjectFaults.wrongParts` for a gap, or a part before the last that is not whole.
    static func check(_ parts: [PartTag], of upload: PartUpload) throws(Fault) -> Int64 {
        guard !parts.isEmpty, parts.count <= PartUpload.mostParts else {
            throw Fault(ObjectFaults.wrongParts, "An object of \(parts.count) parts is none.")
        }
        for (index, part) in parts.enumerated() {
            let isWhole = part.bytes == upload.partBytes || (index == parts.count - 1 && part.bytes > 0)
            guard part.number == index + 1, isWhole else {
                throw Fault(ObjectFaults.wrongParts, "Part \(index + 1) is missing or not whole.")
            }
        }
        return parts.reduce(0) { $0 + Int64($1.bytes) }
    }

    /// SHA-256 in hexadecimal.
    static func tag(_ bytes: [UInt8]) -> String { Array(SHA256.hash(data: bytes)).hexadecimal }
}

extension [UInt8] {
    /// Lower-case hexadecimal.
    public var hexadecimal: String {
        let digits = [UInt8]("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Nil for what is no hexadecimal text of whole bytes.
    public init?(hexadecimal text: String) {
        let digits = text.utf8.map { digit -> UInt8? in
            switch digit {
            case 0x30...0x39: digit - 0x30
            case 0x61...0x66: digit - 0x57
            case 0x41...0x46: digit - 0x37
            default: nil
            }
        }
        guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0]! << 4 | digits[$0 + 1]! }
    }
}
