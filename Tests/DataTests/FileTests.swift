import Faults
import Foundation
import Objects
import Resources
import Testing

@testable import Data

/// Files as resources.
@Suite struct FileTests {
    @Test func aFileThatArrivedIsAResourceWithItsContent() async throws {
        try await DataFixture.with { site in
            let file = try await site.file("loans", [1, 2, 3], rows: 2)
            #expect(file.spec["bytes"] == 3 && file.spec["rows"] == 2)
            let (found, content) = try await site.shelf.read(file.id)
            #expect(found == file)
            #expect(try await content.all() == [1, 2, 3])
            _ = try await FileController(site.shelf).reconcile(file.id)
            let status = try await site.resources.store.get(file.id)
            #expect(status.condition("Ready")?.status == .isTrue && status.status["state"] == "Ready")
        }
    }

    @Test func registeringAgainChangesNothingAndATakenNameIsRefused() async throws {
        try await DataFixture.with { site in
            let file = try await site.file("loans", [1])
            let spec = FileSpec(file.spec)
            let again = StoredFile(
                id: spec.upload, wanted: NewUpload(scope: DataFixture.scope, name: "loans", bytes: 1),
                claim: UploadClaim(digest: [UInt8](hexadecimal: spec.digest)!, rows: nil), author: "ana")
            try await site.shelf.register(again)
            await #expect(throws: Fault(ResourceFaults.alreadyExists)) { try await site.file("loans", [2]) }
            #expect(try await site.shelf.read(file.id).content.all() == [1])
            let wanted = NewUpload(scope: DataFixture.scope, name: "loans", bytes: 1)
            await #expect(throws: Fault(ResourceFaults.alreadyExists)) { try await site.shelf.check(wanted) }
            try await site.shelf.check(NewUpload(scope: DataFixture.scope, name: "others", bytes: 1))
        }
    }

    @Test func aDocumentThatNamesAnothersUploadHasNoContent() async throws {
        try await DataFixture.with { site in
            let file = try await site.file("loans", [1, 2, 3])
            var stolen = file.document.object!
            stolen["metadata"] = ["name": "stolen", "tenant": "other", "project": "cards"]
            let made = try await site.resources.create(
                Document(.object(stolen)), defaults: .platform, by: ChangeNote(author: "eve"))
            await #expect(throws: Fault(ObjectFaults.noContent)) { _ = try await site.shelf.read(made.id) }
            _ = try await FileController(site.shelf).reconcile(made.id)
            #expect(try await site.resources.store.get(made.id).condition("Ready")?.reason == "NoContent")
            // Nor does deleting it take the other's content away.
            try await site.resources.delete(made.id, version: nil, by: ChangeNote(author: "eve"))
            _ = try await FileController(site.shelf).reconcile(made.id)
            #expect(try await site.resources.store.find(made.id) == nil)
            #expect(try await site.shelf.read(file.id).content.all() == [1, 2, 3])
        }
    }

    @Test func theContentGoesWithTheFileAndTheFileWithItsRetention() async throws {
        try await DataFixture.with { site in
            let file = try await site.file("short", [1], days: 2)
            let early = FileController(site.shelf) {
                Timestamp(milliseconds: file.metadata.creationTime.milliseconds + 2 * 86_400_000 - 5)
            }
            #expect(try await early.reconcile(file.id) == .again(after: .milliseconds(6)))
            let late = FileController(site.shelf) {
                Timestamp(milliseconds: file.metadata.creationTime.milliseconds + 2 * 86_400_000)
            }
            _ = try await late.reconcile(file.id)
            #expect(try await site.resources.store.get(file.id).isBeingDeleted)
            _ = try await late.reconcile(file.id)
            #expect(try await site.resources.store.find(file.id) == nil)
            #expect(try await site.store.listAll(prefix: "").isEmpty)
        }
    }

    @Test func documentsOfFilesAreChecked() async throws {
        try await DataFixture.with { site in
            func admit(_ document: Document) async throws {
                let note = ChangeNote(author: "ana")
                _ = try await site.resources.apply([document], defaults: .platform, by: note, dryRun: true)
            }
            func document(_ spec: [String: JSONValue]) -> Document {
                Document(Resource(File.id("x", in: DataFixture.scope), spec: .object(spec)).document)
            }
            for (member, value) in [
                ("upload", "nothing-of-26-characters-x"), ("digest", String(repeating: "g", count: 64)),
            ] {
                var spec = Self.spec
                spec[member] = .string(value)
                await #expect(throws: Fault(ResourceFaults.outOfRange), "\(member)") { try await admit(document(spec)) }
            }
            try await admit(document(Self.spec))
            try await admit(YAMLReader.documents(Array(File.kind.example.utf8), file: nil)[0])
        }
    }

    private static let spec: [String: JSONValue] = [
        "upload": .string(ULID.make()), "bytes": 1, "digest": .string(String(repeating: "0", count: 64)),
    ]
}
