import Faults
public import Resources

extension Logins {
    /// Sets the password of a user, as a manager of users does; every session of the user ends, and a lock too.
    ///
    /// - Throws: `PeopleFaults.weakPassword`, `.directoryUser`, `.busy`; `ResourceFaults.notFound`; store faults.
    public func setPassword(_ name: String, to password: [UInt8]) async throws {
        let user = try await user(name)
        try await store(password, of: user)
        try await rows.endSessions(of: name, except: nil)
    }

    /// Changes the own password; every other session of the user ends.
    ///
    /// - Throws: as `login` for the old password, as `setPassword` for the new one.
    public func changePassword(
        _ name: String, from old: [UInt8], to password: [UInt8], session: String, address: String
    ) async throws {
        let user = try await user(name)
        try Self.checkOwn(user)
        try PasswordRule.check(password, of: name)
        // As a login is checked, so that a stolen session cannot try passwords without end.
        let (_, proof) = try await login(name, password: old, from: address)
        try await rows.endSession(id: proof.id, of: name)
        try await store(password, of: user)
        try await rows.endSessions(of: name, except: session)
    }

    /// Lets a user who is locked try again at once.
    ///
    /// - Throws: `ResourceFaults.notFound`; store faults.
    public func unlock(_ name: String) async throws {
        let user = try await user(name)
        try await rows.endAttempt(user.metadata.name)
        try await rows.endDirectoryAttempt(user.metadata.name)
    }

    /// What is known of how a user logs in.
    public struct LoginState: Sendable {
        /// Of the site's own; nil in `directory` for a user who has one.
        public let hasPassword: Bool
        /// The directory that keeps the user's password.
        public let directory: String?
        public let passwordChanged: Timestamp?
        /// Nil unless the user is locked now.
        public let lockedUntil: Timestamp?
        public let sessions: Int
        public let tokens: Int
    }

    /// - Throws: `ResourceFaults.notFound`; store faults.
    public func state(of name: String) async throws -> LoginState {
        let user = try await user(name)
        let password = try await rows.password(of: name, uid: user.metadata.uid)
        let isLocked = password.map { $0.lockedUntil > now() } ?? false
        let directory = User.directory(of: user)
        let directoryLock = directory == nil ? nil : try await rows.directoryLock(name, now: now())
        return LoginState(
            hasPassword: password != nil, directory: directory, passwordChanged: password?.changed,
            lockedUntil: isLocked ? password?.lockedUntil : directoryLock,
            sessions: try await sessions(of: name).count, tokens: try await tokens(of: name).count)
    }

    /// - Throws: `ResourceFaults.invalidName`, `.notFound`; store faults.
    func user(_ name: String) async throws -> Resource {
        try Names.check(name, at: "user")
        return try await resources.store.get(User.id(name))
    }

    func store(_ password: [UInt8], of user: Resource) async throws {
        try Self.checkOwn(user)
        try PasswordRule.check(password, of: user.metadata.name)
        let hash = try await work.run { [rules] in try PasswordHash(password, cost: rules.cost).text }
        try await rows.setPassword(user.metadata.name, uid: user.metadata.uid, hash: hash, now: now())
    }

    /// A user of a directory has no other password than the one there.
    private static func checkOwn(_ user: Resource) throws(Fault) {
        guard let directory = User.directory(of: user) else { return }
        throw Fault(
            PeopleFaults.directoryUser, "The directory \(directory) keeps the password of \(user.metadata.name).",
            at: "user", fix: "Change the password at the directory.")
    }
}
