import Faults
import Resources

extension Logins {
    /// A new secret that makes the first administrator, once, within a day; earlier ones are void. Nil when there are
    /// users already.
    public func makeFirstSecret() async throws -> BearerSecret? {
        guard try await hasNoUsers() else {
            try await rows.dropFirst()
            return nil
        }
        let secret = BearerSecret.make(.first)
        try await rows.setFirst(
            digest: secret.digest, ends: Timestamp(milliseconds: now().milliseconds + rules.firstMilliseconds))
        return secret
    }

    /// Makes the first administrator of a site that has no users, and logs it in. The secret is used up by it; it is not
    /// by a name or a password that cannot be taken.
    ///
    /// - Throws: `PeopleFaults.notFirst`, `.weakPassword`, `.tooManyTries`, `.busy`; the faults of making a user.
    public func makeFirst(
        _ name: String, displayName: String, password: [UInt8], by secret: BearerSecret, from address: String
    ) async throws -> (secret: BearerSecret, session: Session) {
        try Names.check(name, at: "name")
        try PasswordRule.check(password, of: name)
        guard secret.use == .first, try await hasNoUsers() else { throw Fault(PeopleFaults.notFirst) }
        guard let ends = try await rows.takeFirst(digest: secret.digest, now: now()) else {
            throw Fault(PeopleFaults.notFirst)
        }
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": .string(User.kind.name),
            "metadata": ["name": .string(name)],
            "spec": [
                "displayName": .string(displayName.isEmpty ? name : displayName),
                "roles": [["role": .string(Role.platformAdmin.name)]],
            ],
        ]
        let note = ChangeNote(author: "user \(name)", reason: "first administrator")
        let user: Resource
        do {
            user = try await resources.create(Document(document), defaults: .platform, by: note)
        } catch {
            try await rows.setFirst(digest: secret.digest, ends: ends)
            throw error
        }
        try await store(password, of: user)
        return try await begin(user, from: address)
    }

    private func hasNoUsers() async throws -> Bool {
        try await resources.store.list(ResourceQuery(kind: User.kind.name, limit: 1)).items.isEmpty
    }
}
