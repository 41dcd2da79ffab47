import Faults
import Resources

extension Logins {
    /// Logs somebody in whom a directory knows; its user is made with the first login. The rules are those of `login`.
    ///
    /// - Parameter user: the user of that name, if there is one; it is of a directory.
    /// - Returns: nil where no directory is in use that could know the name.
    /// - Throws: `PeopleFaults.wrongLogin`, `.directoryNoRole`, `.busy`, and what keeps a directory from being asked.
    func provenByDirectory(_ typed: String, _ user: Resource?, password: [UInt8]) async throws -> Resource? {
        guard let directories else { return nil }
        let known = user.flatMap(User.directory)
        let candidates = try await directories.all().filter { known == nil || $0.name == known }
        guard !candidates.isEmpty else { return nil }
        // An empty password would be taken for somebody without a name (RFC 4513, 5.1.2), and is nobody's.
        guard (1...PasswordRule.length.upperBound).contains(password.count), DirectoryPerson.isAskable(typed) else {
            throw Fault(PeopleFaults.wrongLogin)
        }
        var away: (any Error)?
        for settings in candidates {
            let person: DirectoryPerson?
            do {
                person = try await directories.find(typed, in: settings)
                if person == nil { try await directories.pretend(in: settings) }
            } catch let fault as Fault where fault.entry.status == 503 {
                away = fault
                continue
            }
            guard let person else { continue }
            return try await prove(person, password, in: settings, directories)
        }
        throw away ?? Fault(PeopleFaults.wrongLogin)
    }

    private func prove(
        _ person: DirectoryPerson, _ password: [UInt8], in settings: DirectorySettings, _ directories: Directories
    ) async throws -> Resource {
        let isLocked = try await rows.beginDirectoryAttempt(person.user, rules: rules, now: now())
        // The directory is asked no more for a user who is locked, since it may count failures as well.
        if isLocked { try await directories.pretend(in: settings) }
        guard !isLocked, try await directories.isRight(password, of: person, in: settings) else {
            throw Fault(PeopleFaults.wrongLogin)
        }
        var user = try await own(person, in: settings, directories)
        try await rows.endDirectoryAttempt(person.user)
        let roles = try await directories.roles(of: person, in: settings)
        if user == nil, !roles.isEmpty {
            try await directories.make(person, in: settings)
            // Another login may have been faster, or somebody who made a user of that name.
            user = try await own(person, in: settings, directories)
        }
        guard let user else { throw Fault(PeopleFaults.directoryNoRole) }
        try await directories.note(person, roles, of: user, in: settings)
        let current = try await resources.store.get(user.id)
        let book = try await RoleBook.load(resources.store)
        guard !User.bindings(of: current, book).isEmpty else { throw Fault(PeopleFaults.directoryNoRole) }
        return current
    }

    /// The user that the person is here; nil for one who logs in for the first time.
    ///
    /// - Throws: `PeopleFaults.wrongLogin` where somebody else has the name, and for one who is disabled.
    private func own(
        _ person: DirectoryPerson, in settings: DirectorySettings, _ directories: Directories
    ) async throws -> Resource? {
        guard let user = try await resources.store.find(User.id(person.user)) else { return nil }
        guard User.directory(of: user) == settings.name else {
            directories.warn(settings, "a user of another source has the name", "user \(person.user)")
            throw Fault(PeopleFaults.wrongLogin)
        }
        guard User.isSame(person.id, as: user) else {
            directories.warn(settings, "another person has the name of a user now", "user \(person.user)")
            throw Fault(PeopleFaults.wrongLogin)
        }
        guard !User.isDisabled(user) else { throw Fault(PeopleFaults.wrongLogin) }
        return user
    }
}
