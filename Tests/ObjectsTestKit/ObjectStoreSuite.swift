import Faults
public import Objects
import Resources
public import Testing

/// What every object store must do. Each check gets a store whose part of the name space is its own.
public struct ObjectStoreCheck: Sendable, CustomTestStringConvertible {
    public let name: String
    let body: @Sendable (any ObjectStore, _ prefix: String) async throws -> Void

    public var testDescription: String { name }

    /// Every key that the check uses begins with a word that nothing else uses.
    public func run(on store: any ObjectStore) async throws {
        try await body(store, ULID.make().lowercased())
    }
}

public enum ObjectStoreSuite {
    public static let checks: [ObjectStoreCheck] = [
        check("what is put is read back, whole and in ranges") { store, key in
            let bytes = sample(3_000_000)
            let info = try await store.put(key("a/b.c-d_e"), pieces(bytes, of: 700_001))
            #expect(info.bytes == 3_000_000)
            #expect(try await store.read(key("a/b.c-d_e"), range: nil).all() == bytes)
            for range in [Int64(0)..<1, 2_999_999..<3_000_000, 1_048_575..<2_097_153, 2_000_000..<9_000_000, 5..<5] {
                let reading = try await store.read(key("a/b.c-d_e"), range: range)
                let wanted = Array(bytes[Int(range.lowerBound)..<min(3_000_000, Int(range.upperBound))])
                #expect(reading.bytes == Int64(wanted.count) && reading.info.bytes == 3_000_000)
                #expect(try await reading.all() == wanted)
            }
        },
        check("an object may be empty") { store, key in
            try await store.put(key("empty"), ObjectContent(bytes: []))
            #expect(try await store.head(key("empty"))?.bytes == 0)
            #expect(try await store.read(key("empty"), range: nil).all() == [])
        },
        check("content of any length is taken in pieces") { store, key in
            let bytes = sample(17 << 20)
            try await store.put(key("long"), pieces(bytes, of: 1 << 20))
            #expect(try await digest(store, key("long")) == whole(bytes))
        },
        check("a second writer replaces the whole object") { store, key in
            let first = try await store.put(key("x"), ObjectContent(bytes: sample(1_000)))
            let second = try await store.put(key("x"), ObjectContent(bytes: sample(10, seed: 2)))
            #expect(first.tag != second.tag)
            #expect(try await store.read(key("x"), range: nil).all() == sample(10, seed: 2))
        },
        check("what is not there is not found") { store, key in
            await #expect(throws: Fault(ObjectFaults.notFound)) { try await store.read(key("none"), range: nil) }
            #expect(try await store.head(key("none")) == nil)
            try await store.delete(key("none"))
        },
        check("a key and one below it are two objects") { store, key in
            try await store.put(key("a"), ObjectContent(bytes: [1]))
            try await store.put(key("a/b"), ObjectContent(bytes: [2]))
            try await store.put(key("a/b/c"), ObjectContent(bytes: [3]))
            try await store.delete(key("a/b"))
            #expect(try await store.read(key("a"), range: nil).all() == [1])
            #expect(try await store.head(key("a/b")) == nil)
            #expect(try await store.read(key("a/b/c"), range: nil).all() == [3])
        },
        check("lists are in the order of the keys' bytes and come in pages") { store, key in
            let names = ["b", "a/z", "a", "a-b", "a.b", "a/b", "a0", "a/b/c"]
            for name in names { try await store.put(key(name), ObjectContent(bytes: [0])) }
            let wanted = try names.map { try key($0) }.sorted()
            let prefix = try String(key("x").text.dropLast(1))
            #expect(try await store.listAll(prefix: prefix).map(\.key) == wanted)
            var found: [ObjectKey] = []
            while true {
                let page = try await store.list(prefix: prefix, after: found.last, limit: 3)
                if page.isEmpty { break }
                #expect(page.count <= 3 && page.allSatisfy { $0.bytes == 1 })
                found += page.map(\.key)
            }
            #expect(found == wanted)
            #expect(
                try await store.listAll(prefix: prefix + "a/").map(\.key) == wanted.filter { $0.text.contains("/a/") })
        },
        check("content that fails leaves what was there before") { store, key in
            struct Broken: Error {}
            try await store.put(key("kept"), ObjectContent(bytes: [7]))
            for name in ["kept", "new"] {
                let rest = pieces(sample(17 << 20), of: 1 << 20)
                let broken = ObjectContent {
                    guard let piece = try await rest.next() else { throw Broken() }
                    return piece
                }
                await #expect(throws: Broken.self) { try await store.put(key(name), broken) }
            }
            #expect(try await store.read(key("kept"), range: nil).all() == [7])
            #expect(try await store.head(key("new")) == nil)
        },
        check("parts in any order, some twice, make the whole") { store, key in
            let part = 5 << 20
            let bytes = sample(2 * part + 1234)
            let upload = try await store.beginParts(key("parts"), partBytes: part)
            let third = try await store.putPart(3, Array(bytes[(2 * part)...]), of: upload)
            _ = try await store.putPart(1, sample(part, seed: 9), of: upload)
            let second = try await store.putPart(2, Array(bytes[part..<2 * part]), of: upload)
            let first = try await store.putPart(1, Array(bytes[..<part]), of: upload)
            #expect(try await store.head(key("parts")) == nil)
            let info = try await store.finish(upload, [first, second, third])
            #expect(info.bytes == Int64(bytes.count))
            #expect(try await digest(store, key("parts")) == whole(bytes))
            // The answer to the first may have been lost.
            #expect(try await store.finish(upload, [first, second, third]).bytes == Int64(bytes.count))
        },
        check("parts with gaps, of other sizes or replaced since make nothing") { store, key in
            let part = 5 << 20
            let upload = try await store.beginParts(key("gaps"), partBytes: part)
            let first = try await store.putPart(1, sample(part), of: upload)
            let third = try await store.putPart(3, sample(10), of: upload)
            for parts in [[], [third], [first, third], [third, first]] {
                await #expect(throws: Fault(ObjectFaults.wrongParts)) { try await store.finish(upload, parts) }
            }
            await #expect(throws: Fault(ObjectFaults.wrongParts)) {
                try await store.putPart(0, [1], of: upload)
            }
            await #expect(throws: Fault(ObjectFaults.wrongParts)) {
                try await store.putPart(2, sample(part + 1), of: upload)
            }
            _ = try await store.putPart(1, sample(part, seed: 3), of: upload)
            await #expect(throws: Fault(ObjectFaults.wrongParts)) { try await store.finish(upload, [first]) }
            #expect(try await store.head(key("gaps")) == nil)
            try await store.abort(upload)
        },
        check("an upload that was aborted is not known") { store, key in
            let upload = try await store.beginParts(key("gone"), partBytes: 5 << 20)
            let tag = try await store.putPart(1, [1, 2, 3], of: upload)
            try await store.abort(upload)
            try await store.abort(upload)
            await #expect(throws: Fault(ObjectFaults.unknownParts)) { try await store.putPart(2, [1], of: upload) }
            await #expect(throws: Fault(ObjectFaults.unknownParts)) { try await store.finish(upload, [tag]) }
            #expect(try await store.head(key("gone")) == nil)
        },
        check("writers of one key at once leave one of their objects") { store, key in
            try await withThrowingDiscardingTaskGroup { group in
                for seed in 1...8 {
                    group.addTask {
                        try await store.put(key("raced"), pieces(sample(200_000, seed: UInt8(seed)), of: 50_000))
                    }
                }
            }
            let found = try await store.read(key("raced"), range: nil).all()
            #expect((1...8).contains { sample(200_000, seed: UInt8($0)) == found })
        },
    ]

    private static func check(
        _ name: String,
        _ body:
            @escaping @Sendable (any ObjectStore, @escaping @Sendable (String) throws -> ObjectKey) async throws
            -> Void
    ) -> ObjectStoreCheck {
        ObjectStoreCheck(name: name) { store, prefix in try await body(store) { try ObjectKey("\(prefix)/\($0)") } }
    }

    /// Bytes that differ from place to place and from seed to seed.
    public static func sample(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
        var state = UInt32(seed) &* 2_654_435_761
        let block = (0..<65_536).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            // Each block begins with its place.
            withUnsafeBytes(of: bytes.count) { bytes += $0 }
            bytes += block
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    public static func pieces(_ bytes: [UInt8], of size: Int) -> ObjectContent {
        let cursor = Pieces(bytes, size)
        return ObjectContent { await cursor.next() }
    }

    private static func whole(_ bytes: [UInt8]) -> [UInt8] {
        var digester = FileDigester()
        digester.update(bytes)
        return digester.finish()
    }

    private static func digest(_ store: any ObjectStore, _ key: ObjectKey) async throws -> [UInt8] {
        let reading = try await store.read(key, range: nil)
        var digester = FileDigester()
        while let piece = try await reading.next() { digester.update(piece) }
        return digester.finish()
    }
}

private actor Pieces {
    private var rest: ArraySlice<UInt8>
    private let size: Int

    init(_ bytes: [UInt8], _ size: Int) {
        rest = bytes[...]
        self.size = size
    }

    func next() -> [UInt8]? {
        guard !rest.isEmpty else { return nil }
        defer { rest = rest.dropFirst(size) }
        return Array(rest.prefix(size))
    }
}
