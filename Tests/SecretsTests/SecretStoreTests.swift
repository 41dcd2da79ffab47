import Faults
import Foundation
import GRDB
import Resources
import Secrets
import Testing

@Suite struct SecretStoreTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "atoll-secrets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func withStore(_ body: (SecretStore, SQLiteDatabase) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "site.db").path,
            snapshots: folder.appending(path: "snapshots").path,
            migrations: [SecretMigrations.self]
        )
        let key = try SecretKeyFile.open(folder.appending(path: "secrets.key").path)
        try await body(SecretStore(database, key: key), database)
    }

    @Test func givesBackWhatWasSet() async throws {
        try await withStore { store, _ in
            try await store.set("directory-password", to: Array("correct horse".utf8), by: "ana")
            try await store.set("directory-password", to: Array("battery staple".utf8), by: "ben")
            #expect(try await store.value("directory-password") == Array("battery staple".utf8))
            let entries = try await store.list()
            #expect(entries.map(\.name) == ["directory-password"])
            #expect(entries.first?.author == "ben")
            #expect(entries.first?.bytes == 14)
            try await store.delete("directory-password")
            #expect(try await store.list().isEmpty)
        }
    }

    @Test func theDatabaseHoldsNoPlainText() async throws {
        try await withStore { store, database in
            try await store.set("s3-key", to: Array("needle-in-the-file".utf8), by: "ana")
            try database.pool.close()
            for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
                let content = try Data(contentsOf: file)
                #expect(content.range(of: Data("needle-in-the-file".utf8)) == nil, "found in \(file.lastPathComponent)")
            }
        }
    }

    @Test func refusesWhatItCannotKeep() async throws {
        try await withStore { store, _ in
            await #expect(throws: Fault(ProgramFaults.invalidSecret)) { try await store.set("a", to: [], by: "ana") }
            let large = [UInt8](repeating: 1, count: SecretStore.maximumBytes + 1)
            await #expect(throws: Fault(ProgramFaults.invalidSecret)) { try await store.set("a", to: large, by: "ana") }
            await #expect(throws: Fault(ResourceFaults.invalidName)) { try await store.set("A b", to: [1], by: "ana") }
            await #expect(throws: Fault(ProgramFaults.secretNotFound)) { try await store.value("none") }
            await #expect(throws: Fault(ProgramFaults.secretNotFound)) { try await store.delete("none") }
        }
    }

    @Test func anotherKeyOpensNothing() async throws {
        try await withStore { store, database in
            try await store.set("a", to: [1, 2, 3], by: "ana")
            let other = SecretStore(database, key: try #require(SymmetricKeyBytes([UInt8](repeating: 7, count: 32))))
            await #expect(throws: Fault(ProgramFaults.secretSealed)) { try await other.checkKey() }
            try await store.checkKey()
        }
    }

    @Test func valuesCannotBeSwappedInTheTable() async throws {
        try await withStore { store, database in
            try await store.set("a", to: [1, 2, 3], by: "ana")
            try await store.set("b", to: [4, 5, 6], by: "ana")
            try await database.write { db in
                try db.execute(literal: "UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE name = 'a')")
            }
            await #expect(throws: Fault(ProgramFaults.secretSealed)) { try await store.value("b") }
        }
    }

    @Test func theKeyFileIsForItsOwnerAlone() async throws {
        try await withStore { _, _ in
            let path = folder.appending(path: "secrets.key").path
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            chmod(path, 0o644)
            #expect(throws: Fault(ProgramFaults.unsafePermissions)) { try SecretKeyFile.open(path) }
            chmod(path, 0o600)
            try Data([1, 2, 3]).write(to: URL(filePath: path))
            chmod(path, 0o600)
            #expect(throws: Fault(ProgramFaults.secretSealed)) { try SecretKeyFile.open(path) }
            #expect(throws: Fault(ProgramFaults.dataDirectory)) { try SecretKeyFile.open("/nonexistent/secrets.key") }
        }
    }
}
