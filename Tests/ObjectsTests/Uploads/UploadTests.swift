import Faults
import Foundation
import ObjectsTestKit
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Objects

/// Uploads: any order, any interruption, and nothing registered that is not whole and right.
@Suite(.timeLimit(.minutes(5)))
struct UploadTests {
    static let content = ObjectStoreSuite.sample((16 << 20) + 777)

    @Test func chunksInAnyOrderAndAgainMakeTheFile() async throws {
        try await UploadFixture.with { site in
            let upload = try await site.begin("a", Self.content.count)
            #expect(upload.count == 3 && upload.missing == [0...2])
            try await site.put(2, of: Self.content, to: upload)
            try await site.put(0, of: ObjectStoreSuite.sample(Self.content.count, seed: 9), to: upload)
            try await site.put(2, of: Self.content, to: upload)
            let half = try await site.uploads.upload(upload.id)
            #expect(half.missing == [1...1] && half.arrivedBytes == Int64((8 << 20) + 777))
            try await site.put(0, of: Self.content, to: upload)
            try await site.put(1, of: Self.content, to: upload)
            let claim = UploadFixture.claim(Self.content)
            #expect(try await site.uploads.complete(upload.id, claim).state == .completing)
            #expect(try await site.end(of: upload).state == .done)
            // The answer may have been lost: the same again is no error.
            #expect(try await site.uploads.complete(upload.id, claim).state == .done)
            let file = try #require(site.registry.files.withLock { $0.first })
            #expect(file.claim == claim && file.author == "ana")
            let stored = try await site.store.read(Upload.key(of: upload.id), range: nil).all()
            #expect(stored == Self.content)
            await #expect(throws: Fault(ObjectFaults.uploadClosed)) {
                try await site.put(0, of: Self.content, to: upload)
            }
        }
    }

    @Test func aSenderThatAsksForTheSameAgainGoesOn() async throws {
        try await UploadFixture.with { site in
            let upload = try await site.begin("a", Self.content.count)
            try await site.put(1, of: Self.content, to: upload)
            let again = try await site.begin("a", Self.content.count)
            #expect(again.id == upload.id && again.missing == [0...0, 2...2])
            #expect(again.chunks[1] == FileDigest.chunk(Array(Self.content[(8 << 20)..<(16 << 20)])))
            let others = [
                try await site.begin("a", Self.content.count + 1), try await site.begin("b", Self.content.count),
                try await site.begin("a", Self.content.count, author: "ben"),
            ]
            #expect(Set(others.map(\.id) + [upload.id]).count == 4)
        }
    }

    @Test func whatDoesNotFitIsRefusedWithNumbers() async throws {
        try await UploadFixture.with { site in
            for bytes in [0, -1, Int(FileDigest.mostBytes) + 1] {
                await #expect(throws: Fault(ObjectFaults.uploadSize)) { _ = try await site.begin("a", bytes) }
            }
            await #expect(throws: Fault(ResourceFaults.invalidName)) { _ = try await site.begin("A b", 1) }
            await #expect(throws: Fault(ResourceFaults.outOfRange)) {
                _ = try await site.uploads.begin(
                    NewUpload(scope: UploadFixture.scope, name: "a", bytes: 1, retentionDays: 0), by: "ana")
            }
            site.registry.refused.withLock { _ = $0.insert("taken") }
            await #expect(throws: Fault(ResourceFaults.alreadyExists)) { _ = try await site.begin("taken", 1) }
            await #expect(throws: Fault(ObjectFaults.unknownUpload)) { _ = try await site.uploads.upload("none") }
            let upload = try await site.begin("a", Self.content.count)
            for (chunk, bytes) in [(0, [UInt8](repeating: 0, count: 10)), (3, [1]), (-1, [1]), (2, [])] {
                await #expect(throws: Fault(ObjectFaults.wrongChunk)) {
                    try await site.uploads.put(chunk, bytes, digest: FileDigest.chunk(bytes), of: upload.id)
                }
            }
            await #expect(throws: Fault(ObjectFaults.chunkDigest)) {
                try await site.uploads.put(
                    2, [UInt8](repeating: 0, count: 777), digest: FileDigest.chunk([1]), of: upload.id)
            }
            try await site.put(0, of: Self.content, to: upload)
            let claim = UploadFixture.claim(Self.content)
            await #expect(throws: Fault(ObjectFaults.incomplete)) {
                try await site.uploads.complete(upload.id, claim)
            }
            try await site.put(1, of: Self.content, to: upload)
            try await site.put(2, of: ObjectStoreSuite.sample(Self.content.count, seed: 5), to: upload)
            await #expect(throws: Fault(ObjectFaults.digestDiffers)) {
                try await site.uploads.complete(upload.id, claim)
            }
            // It is open still: the chunk that differs is sent again.
            try await site.put(2, of: Self.content, to: upload)
            _ = try await site.uploads.complete(upload.id, claim)
            #expect(try await site.end(of: upload).state == .done)
        }
    }

    @Test func rowsThatWereNotCountedTheSameRegisterNothing() async throws {
        try await UploadFixture.with { site in
            let text = Array("id,y\n1,\"a\nb\"\n2,c\r\n\r\n3,d".utf8)
            for (rows, state) in [(3, Upload.State.done), (4, .failed)] {
                let upload = try await site.begin("f\(rows)", text.count)
                try await site.put(0, of: text, to: upload)
                _ = try await site.uploads.complete(upload.id, UploadFixture.claim(text, rows: Int64(rows)))
                let end = try await site.end(of: upload)
                #expect(end.state == state)
                if state == .failed { #expect(end.fault == Fault(ObjectFaults.rowsDiffer)) }
            }
            #expect(site.registry.files.withLock { $0.map(\.wanted.name) } == ["f3"])
            #expect(try await site.store.listAll(prefix: "").count == 1)
        }
    }

    @Test func aNameThatIsTakenMeanwhileOrContentThatRotsRegistersNothing() async throws {
        try await UploadFixture.with { site in
            site.registry.late.withLock { _ = $0.insert("late") }
            let late = try await site.begin("late", 3)
            try await site.put(0, of: [1, 2, 3], to: late)
            _ = try await site.uploads.complete(late.id, UploadFixture.claim([1, 2, 3]))
            #expect(try await site.end(of: late).fault == Fault(ResourceFaults.alreadyExists))
            #expect(TestDisk.files(under: site.folder + "/objects").isEmpty)
        }
        try await TestDisk.withFolder { folder in
            let registry = MemoryRegistry()
            var id = ""
            try await UploadFixture.life(in: folder, registry, runs: false) { site in
                let upload = try await site.begin("rot", 3)
                try await site.put(0, of: [1, 2, 3], to: upload)
                _ = try await site.uploads.complete(upload.id, UploadFixture.claim([1, 2, 3]))
                id = upload.id
                let parts = try #require(TestDisk.files(under: folder).keys.first { $0.hasSuffix("/content") })
                try Data([1, 2, 4]).write(to: URL(filePath: "\(folder)/\(parts)"))
            }
            try await UploadFixture.life(in: folder, registry) { site in
                let upload = try await site.uploads.upload(id)
                let end = try await site.end(of: upload)
                #expect(end.fault == Fault(ObjectFaults.digestDiffers))
                #expect(TestDisk.files(under: folder + "/objects").isEmpty)
            }
            #expect(registry.files.withLock { $0.isEmpty })
        }
    }

    @Test func anotherLifeOfTheSiteGoesOnWithChunksAndWithCompleting() async throws {
        try await TestDisk.withFolder { folder in
            let registry = MemoryRegistry()
            var id = ""
            try await UploadFixture.life(in: folder, registry) { site in
                let upload = try await site.begin("a", Self.content.count)
                id = upload.id
                try await site.put(1, of: Self.content, to: upload)
            }
            try await UploadFixture.life(in: folder, registry, runs: false) { site in
                let upload = try await site.begin("a", Self.content.count)
                #expect(upload.id == id && upload.missing == [0...0, 2...2])
                for chunk in [0, 2] { try await site.put(chunk, of: Self.content, to: upload) }
                // Nobody completes it in this life.
                let claim = UploadFixture.claim(Self.content)
                #expect(try await site.uploads.complete(id, claim).state == .completing)
                await #expect(throws: Fault(ObjectFaults.uploadClosed)) { try await site.uploads.abort(id) }
            }
            // Killed after the parts were joined and before that was written down.
            try await UploadFixture.life(in: folder, registry, runs: false) { site in
                let upload = try await site.uploads.upload(id)
                let rows = UploadRows(
                    database: try SQLiteDatabase(
                        path: "\(folder)/site.db", snapshots: folder, migrations: [UploadMigrations.self]))
                try await site.store.finish(upload.parts, try await rows.tags(of: id))
            }
            try await UploadFixture.life(in: folder, registry) { site in
                let upload = try await site.uploads.upload(id)
                #expect(try await site.end(of: upload).state == .done)
            }
            #expect(registry.files.withLock { $0.map(\.id) } == [id])
        }
    }

    @Test func whatIsAbortedOrForgottenLeavesNothing() async throws {
        try await UploadFixture.with { site in
            for name in ["aborted", "stale", "fresh"] {
                let upload = try await site.begin(name, 10)
                try await site.put(0, of: ObjectStoreSuite.sample(10), to: upload)
            }
            let all = try await site.uploads.list()
            let aborted = try #require(all.first { $0.wanted.name == "aborted" })
            // What belongs to others is not there, also for who knows its id.
            let own = aborted.wanted.scope
            for other in [Scope(tenant: "other"), Scope(tenant: own.tenant, project: "other")] {
                #expect(try await site.uploads.list(in: other).isEmpty)
                await #expect(throws: Fault(ObjectFaults.unknownUpload)) {
                    _ = try await site.uploads.upload(aborted.id, in: other)
                }
                try await site.uploads.abort(aborted.id, in: other)
            }
            #expect(try await site.uploads.list(in: own).count == 3)
            #expect(try await site.uploads.upload(aborted.id, in: Scope(tenant: own.tenant)).id == aborted.id)
            try await site.uploads.abort(aborted.id)
            try await site.uploads.abort(aborted.id)
            #expect(try await site.uploads.list().count == 2)
            try await site.uploads.expire(now: Timestamp(milliseconds: Timestamp.now.milliseconds + 80_000_000))
            #expect(try await site.uploads.list().count == 2)
            try await site.uploads.expire(now: Timestamp(milliseconds: Timestamp.now.milliseconds + 90_000_000))
            #expect(try await site.uploads.list().isEmpty)
            #expect(TestDisk.files(under: site.folder + "/objects").isEmpty)
        }
    }

    @Test func tooMuchAtOnceIsRefusedAndLaterTaken() async throws {
        var options = UploadOptions()
        options.mostUploads = 2
        try await UploadFixture.with(options: options) { site in
            let first = try await site.begin("a", 1)
            _ = try await site.begin("b", 1)
            await #expect(throws: Fault(ObjectFaults.tooManyUploads)) { _ = try await site.begin("c", 1) }
            #expect(TestDisk.files(under: site.folder + "/objects/parts").isEmpty)
            try await site.uploads.abort(first.id)
            _ = try await site.begin("c", 1)
        }
        let traffic = UploadTraffic(most: 2)
        try traffic.begin(0, of: "a")
        #expect(throws: Fault(ObjectFaults.uploadBusy)) { try traffic.begin(0, of: "a") }
        #expect(throws: Fault(ObjectFaults.uploadBusy)) { try traffic.close("a") }
        try traffic.begin(1, of: "b")
        #expect(throws: Fault(ObjectFaults.uploadBusy)) { try traffic.begin(2, of: "b") }
        traffic.end(0, of: "a")
        try traffic.close("a")
        #expect(throws: Fault(ObjectFaults.uploadBusy)) { try traffic.begin(0, of: "a") }
        traffic.open("a")
        try traffic.begin(0, of: "a")
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "mounting is not allowed here"))
    func aFullDiskRefusesTheChunkAndTheUploadGoesOnLater() async throws {
        try await SmallDisk.with(bytes: 12 << 20) { disk in
            let store = try LocalObjectStore(folder: "\(disk)/objects")
            try await UploadFixture.with(store: store) { site in
                let upload = try await site.begin("a", Self.content.count)
                try await site.put(0, of: Self.content, to: upload)
                await #expect(throws: Fault(ObjectFaults.full)) { try await site.put(1, of: Self.content, to: upload) }
                #expect(try await site.uploads.upload(upload.id).missing == [1...2])
                try await site.uploads.abort(upload.id)
                #expect(TestDisk.files(under: disk).isEmpty)
            }
        }
    }

    @Test func digestsAreThoseOfTheRule() {
        var digester = FileDigester()
        for piece in stride(from: 0, to: Self.content.count, by: 999_999) {
            digester.update(Array(Self.content[piece..<min(Self.content.count, piece + 999_999)]))
        }
        let chunks = (0..<3).map { chunk in
            let range = FileDigest.range(chunk, of: Int64(Self.content.count))
            return FileDigest.chunk(Array(Self.content[Int(range.lowerBound)..<Int(range.upperBound)]))
        }
        #expect(digester.finish() == FileDigest.whole(chunks) && digester.chunks == chunks)
        // SHA-256 of SHA-256 of "abc".
        let abc = FileDigest.whole([FileDigest.chunk(Array("abc".utf8))]).hexadecimal
        #expect(abc == "4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358")
        #expect([UInt8](hexadecimal: abc)?.hexadecimal == abc && [UInt8](hexadecimal: "0g") == nil)
    }

    @Test func recordsAreCountedWhateverThePieces() {
        let cases: [(String, Bool, Int64)] = [
            ("", true, 0), ("a", true, 0), ("a\n", false, 1), ("a\nb", false, 2), ("a\r\nb\r\n", false, 2),
            ("a\rb\r", false, 2), ("\n\n\na\n\n", false, 1), ("h\n\"x\ny\"\"\n\"\nz", true, 2),
        ]
        for (text, hasHeader, rows) in cases {
            for size in [1, 2, 3, 100] {
                var counter = RecordCounter()
                let bytes = Array(text.utf8)
                for start in stride(from: 0, to: bytes.count, by: size) {
                    counter.update(Array(bytes[start..<min(bytes.count, start + size)]))
                }
                #expect(counter.finish(hasHeader: hasHeader) == rows, "\(text.debugDescription) by \(size)")
            }
        }
    }
}
