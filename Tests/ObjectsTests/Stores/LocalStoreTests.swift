import Faults
import Foundation
import Objects
import ObjectsTestKit
import Resources
import ResourcesTestKit
import Testing

/// What the folder does beyond the port.
@Suite struct LocalStoreTests {
    @Test func keysThatCouldLeaveTheFolderAreNone() throws {
        let long = String(repeating: "a", count: 513)
        for text in ["", "/", "a//b", "/a", "a/", "..", "a/../b", ".", "A", "a b", "ä", "a\0", "a+", long] {
            #expect(throws: Fault(ObjectFaults.invalidKey), "\(text.prefix(20))") { try ObjectKey(text) }
        }
        #expect(try ObjectKey("...a/b..").text == "...a/b..")
    }

    @Test func everythingIsForItsOwnerAlone() async throws {
        try await TestDisk.withFolder { folder in
            let root = "\(folder)/store"
            let store = try LocalObjectStore(folder: root)
            let key = try ObjectKey("a/b/c")
            _ = try await store.put(key, ObjectContent(bytes: [1]))
            let upload = try await store.beginParts(key, partBytes: 5 << 20)
            _ = try await store.putPart(1, [1], of: upload)
            for name in try FileManager.default.subpathsOfDirectory(atPath: root) + ["."] {
                let facts = try FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")
                let isFolder = facts[.type] as? FileAttributeType == .typeDirectory
                #expect((facts[.posixPermissions] as? Int) == (isFolder ? 0o700 : 0o600), "\(name)")
            }
            #expect(store.localPath(of: key).map(FileManager.default.fileExists) == true)
        }
    }

    @Test func whatAKilledProcessLeftHalfWrittenIsRemovedAtTheNextStart() async throws {
        try await TestDisk.withFolder { folder in
            let store = try LocalObjectStore(folder: folder)
            let kept = try await store.beginParts(ObjectKey("k"), partBytes: 5 << 20)
            let lost = try await store.beginParts(ObjectKey("l"), partBytes: 5 << 20)
            _ = try await store.putPart(1, [1, 2], of: lost)
            try Data([1]).write(to: URL(filePath: "\(folder)/new/half"))
            let next = try LocalObjectStore(folder: folder)
            try await next.forgetParts(
                exceptOf: [kept.id], begunBefore: Timestamp(milliseconds: Timestamp.now.milliseconds + 1_000))
            #expect(TestDisk.files(under: folder).isEmpty)
            _ = try await next.putPart(1, [1], of: kept)
            await #expect(throws: Fault(ObjectFaults.unknownParts)) { try await next.putPart(1, [1], of: lost) }
        }
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "mounting is not allowed here"))
    func aFullDiskIsToldAndNothingIsLeft() async throws {
        try await SmallDisk.with(bytes: 12 << 20) { folder in
            let store = try LocalObjectStore(folder: folder)
            let key = try ObjectKey("large")
            _ = try await store.put(ObjectKey("kept"), ObjectContent(bytes: [7]))
            await #expect(throws: Fault(ObjectFaults.full)) {
                let content = ObjectStoreSuite.pieces([UInt8](repeating: 1, count: 20 << 20), of: 1 << 20)
                _ = try await store.put(key, content)
            }
            #expect(try await store.head(key) == nil)
            let upload = try await store.beginParts(key, partBytes: 8 << 20)
            let part = ObjectStoreSuite.sample(8 << 20)
            let first = try await store.putPart(1, part, of: upload)
            await #expect(throws: Fault(ObjectFaults.full)) { try await store.putPart(2, part, of: upload) }
            // Room for the part that failed is there again, and the first is whole.
            _ = try await store.put(ObjectKey("other"), ObjectContent(bytes: [UInt8](repeating: 2, count: 3 << 20)))
            try await store.delete(ObjectKey("other"))
            let second = try await store.putPart(2, ObjectStoreSuite.sample(100), of: upload)
            #expect(try await store.finish(upload, [first, second]).bytes == (8 << 20) + 100)
            #expect(TestDisk.files(under: folder).keys.sorted() == ["objects/kept", "objects/large"])
        }
    }

    @Test func aFolderThatCannotBeUsedIsToldAtTheStart() throws {
        let error = #expect(throws: Fault.self) { try LocalObjectStore(folder: "/proc/atoll-objects") }
        #expect(
            error.map {
                [ObjectFaults.denied, ObjectFaults.notFound, ObjectFaults.failed].map(\.number).contains($0.number)
            } == true)
    }

    @Test func memoryHasALimitWhereItIsGivenOne() async throws {
        let store = MemoryObjectStore(capacity: 10)
        _ = try await store.put(ObjectKey("a"), ObjectContent(bytes: [UInt8](repeating: 0, count: 10)))
        await #expect(throws: Fault(ObjectFaults.full)) {
            _ = try await store.put(ObjectKey("b"), ObjectContent(bytes: [1]))
        }
        _ = try await store.put(ObjectKey("a"), ObjectContent(bytes: [1]))
    }
}
