import Faults
import Resources

extension Logins {
    /// Sessions of a user that go on, newest first.
    public func sessions(of name: String) async throws -> [Session] {
        try await rows.sessions(of: name, rules: rules, now: now())
    }

    /// - Throws: `PeopleFaults.unknownLogin` for one that is not this user's; store faults.
    public func endSession(_ id: String, of name: String) async throws {
        guard try await rows.endSession(id: id, of: name) else { throw Self.unknown("session") }
    }

    /// Every session of a user.
    public func endSessions(of name: String) async throws {
        try await rows.endSessions(of: name, except: nil)
    }

    /// Makes a token that may do no more than its owner may now; what the owner loses later the token loses with it.
    ///
    /// - Throws: `PeopleFaults.tokenTooStrong`, `.tokenForm`; `ResourceFaults.notFound`; store faults.
    public func makeToken(_ new: NewToken, for name: String) async throws -> (secret: BearerSecret, token: Token) {
        let owner = try await user(name)
        guard let authority = try await authority(of: owner) else { throw Fault(PeopleFaults.wrongLogin) }
        guard (1...80).contains(new.name.count), !new.name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw Fault(PeopleFaults.tokenForm, at: "name", wanted: "one line of 1 to 80 characters")
        }
        guard NewToken.days.contains(new.days) else {
            throw Fault(
                PeopleFaults.tokenForm, at: "days",
                wanted: "\(NewToken.days.lowerBound) to \(NewToken.days.upperBound) days")
        }
        for permission in (new.permissions ?? []).sorted(by: { "\($0)" < "\($1)" }) {
            let isHeld =
                permission.noun.level == .scoped
                ? authority.holds(permission, in: new.scope) : authority.holdsAnywhere(permission)
            guard isHeld else {
                throw Fault(
                    PeopleFaults.tokenTooStrong, "The owner does not have \(permission) in \(new.scope).",
                    at: "permissions", wanted: "what the owner may do there, or less")
            }
        }
        let (secret, start) = (BearerSecret.make(.token), now())
        let token = Token(
            id: ULID.make(at: start), user: name, uid: owner.metadata.uid, name: new.name, permissions: new.permissions,
            scope: new.scope, created: start,
            ends: Timestamp(milliseconds: start.milliseconds + Int64(new.days) * 86_400_000), used: nil)
        try await rows.add(token, digest: secret.digest)
        return (secret, token)
    }

    /// Tokens of a user that have not ended, newest first.
    public func tokens(of name: String) async throws -> [Token] {
        try await rows.tokens(of: name, now: now())
    }

    /// - Throws: `PeopleFaults.unknownLogin` for one that is not this user's; store faults.
    public func endToken(_ id: String, of name: String) async throws {
        guard try await rows.endToken(id: id, of: name) else { throw Self.unknown("token") }
    }

    private static func unknown(_ what: String) -> Fault {
        Fault(PeopleFaults.unknownLogin, "The user has no such \(what).", at: "path")
    }
}
