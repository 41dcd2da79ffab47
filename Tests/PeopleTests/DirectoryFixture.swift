import Foundation
import PeopleTestKit
import Resources
import Testing

@testable import People

/// A directory beside the fixture of logins.
struct DirectoryFixture {
    let people: PeopleFixture
    let slapd: Slapd

    static let password = Array(Slapd.password.utf8)

    static func with(
        _ certificate: Slapd.Certificate = .good, _ change: [String: JSONValue] = [:],
        _ body: (DirectoryFixture) async throws -> Void
    ) async throws {
        try await Slapd.with(certificate) { slapd in
            try await PeopleFixture.with { people in
                let fixture = DirectoryFixture(people: people, slapd: slapd)
                try await fixture.set(change)
                try await body(fixture)
            }
        }
    }

    /// Makes the directory, or writes it anew: over LDAPS, as its presets have it, with a role for `risk` in a tenant and
    /// one on the platform for `admins`.
    func set(_ change: [String: JSONValue] = [:], name: String = "bank") async throws {
        let usual: [String: JSONValue] = [
            "preset": "openldap", "urls": [.string(slapd.secureURL)], "certificates": .string(slapd.authority),
            "bindDN": .string(Slapd.bindName), "bindSecret": "directory-bank", "userBase": "dc=bank",
            "groupBase": "ou=groups,dc=bank", "connectSeconds": 10, "answerSeconds": 20,
            "roles": [
                Self.role("risk", "modeller", tenant: "retail"), Self.role("admins", "platform-admin"),
            ],
        ]
        let spec = usual.merging(change) { $1 }.filter { $0.value != .null }
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": "Directory", "metadata": ["name": .string(name)],
            "spec": .object(spec),
        ]
        _ = try await people.resources.apply([Document(document)], defaults: .platform, by: ChangeNote(author: "test"))
    }

    static func role(_ group: String, _ role: String, tenant: String? = nil) -> JSONValue {
        var members: [String: JSONValue] = [
            "group": .string("CN=\(group), ou=groups,dc=bank"), "role": .string(role),
        ]
        if let tenant { members["tenant"] = .string(tenant) }
        return .object(members)
    }

    func login(_ name: String, _ password: [UInt8] = password) async throws -> (secret: BearerSecret, session: Session)
    {
        try await people.login(name, password)
    }

    func user(_ name: String) async throws -> Resource? {
        try await people.resources.store.find(User.id(name))
    }

    /// What a session may do now; nil for one that proves nothing.
    func authority(_ secret: BearerSecret) async throws -> Authority? {
        try await people.logins.proven(by: secret)?.authority
    }
}
