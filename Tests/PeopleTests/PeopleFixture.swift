import Faults
import Foundation
import Logging
import PeopleTestKit
import Resources
import Synchronization
import Testing

@testable import People

/// Logins over a store in memory and a database in a folder of its own, with a clock that the test moves.
struct PeopleFixture: Sendable {
    let logins: Logins
    let resources: ResourceService
    let clock: Clock
    let database: SQLiteDatabase
    let directories: Directories

    final class Clock: Sendable {
        private let time = Mutex<Int64>(1_800_000_000_000)

        var now: Timestamp { Timestamp(milliseconds: time.withLock { $0 }) }

        func advance(minutes: Int64) { time.withLock { $0 += minutes * 60_000 } }
    }

    /// Cheap enough for a test, by the same code.
    static let cost = PasswordCost(logRounds: 4, block: 8, parallel: 1)!
    /// What stands for the site's sealed values.
    static let secrets = ["directory-bank": Slapd.bindPassword, "wrong": "some other words", "empty": "\n"]
    static let password = Array("correct horse battery".utf8)

    /// The usual rules at that cost, for as many tries as a test makes, with a change.
    static func rules(_ change: (inout LoginRules) -> Void = { _ in }) -> LoginRules {
        var rules = LoginRules()
        rules.cost = cost
        rules.mostTries = 1_000
        change(&rules)
        return rules
    }

    static func with(rules: LoginRules = rules(), _ body: (PeopleFixture) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-people-\(ULID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "site.db").path, snapshots: folder.path, migrations: [PeopleMigrations.self])
        let registry = KindRegistry(
            [Tenant.kind, Project.kind, User.kind, Directory.kind], tenantKind: "Tenant", projectKind: "Project")
        let resources = ResourceService(registry: registry, store: MemoryResourceStore())
        let clock = Clock()
        let directories = Directories(
            resources: resources, folder: folder.path, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { name in
            guard let value = secrets[name] else { throw Fault(PeopleFaults.directoryUnusable) }
            return Array(value.utf8)
        }
        let logins = try Logins(database, resources: resources, rules: rules, directories: directories) { clock.now }
        try await body(
            PeopleFixture(
                logins: logins, resources: resources, clock: clock, database: database, directories: directories))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasPrefix("directory-") },
            "a file of certificates is left")
    }

    /// Makes a user with the usual password, or writes its roles anew.
    func user(_ name: String, roles: JSONValue = [], disabled: Bool = false) async throws {
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": "User", "metadata": ["name": .string(name)],
            "spec": ["displayName": .string(name), "roles": roles, "disabled": .bool(disabled)],
        ]
        let isNew = try await resources.store.find(User.id(name)) == nil
        _ = try await resources.apply([Document(document)], defaults: .platform, by: ChangeNote(author: "test"))
        if isNew { try await logins.setPassword(name, to: Self.password) }
    }

    func login(_ name: String, _ password: [UInt8] = password) async throws -> (secret: BearerSecret, session: Session)
    {
        try await logins.login(name, password: password, from: "192.0.2.1")
    }
}
