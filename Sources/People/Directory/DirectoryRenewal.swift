import Faults
import Logging
public import Resources
public import ServiceLifecycle

/// Asks directories again for the people who have logged in, so that who has left, or has been taken out of a group, is
/// so here too, for sessions and tokens that go on. A directory that is away changes nothing.
public struct DirectoryRenewal: Service {
    private let directories: Directories
    private let pace: Duration
    private let now: @Sendable () -> Timestamp

    /// So many people in one errand.
    static let atOnce = 20

    /// - Parameter pace: how often it is looked who is due.
    public init(
        _ directories: Directories, pace: Duration = .seconds(30), now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.directories = directories
        self.pace = pace
        self.now = now
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var last: [String: Timestamp] = [:]
            while (try? await Task.sleep(for: pace)) != nil {
                do { try await renewDue(&last) } catch {
                    directories.logger.warning(
                        "directories cannot be renewed", metadata: ["error": "\(type(of: error))"])
                }
            }
        }
    }

    private func renewDue(_ last: inout [String: Timestamp]) async throws {
        for settings in try await directories.all() {
            let before = last[settings.name]?.milliseconds ?? 0
            guard now().milliseconds - before >= settings.renewMinutes * 60_000 else { continue }
            last[settings.name] = now()
            // What went wrong is in the log already.
            try? await directories.renew(settings)
        }
    }

    /// What one errand finds out about a user.
    enum State: Sendable {
        case gone
        case here(DirectoryPerson, [DirectoryGroup])
    }
}

extension Directories {
    /// Writes anew what the directory tells of every user that it has.
    ///
    /// - Throws: as `find`; users that were asked for before are renewed by then.
    func renew(_ settings: DirectorySettings) async throws {
        var users = try await resources.store.listAll(ResourceQuery(kind: User.kind.name)).items.filter {
            User.directory(of: $0) == settings.name && User.seen(of: $0) != nil
        }[...]
        while !users.isEmpty {
            let some = users.prefix(DirectoryRenewal.atOnce)
            users = users.dropFirst(DirectoryRenewal.atOnce)
            let names = some.map { User.seen(of: $0)?["called"]?.string ?? $0.metadata.name }
            let findings = try await run(settings, times: 10) { errand throws(LDAPError) in
                let connection = try errand.open()
                var findings: [DirectoryRenewal.State] = []
                for name in names {
                    guard case .person(let person) = try errand.find(name, over: connection) else {
                        findings.append(.gone)
                        continue
                    }
                    findings.append(.here(person, try errand.groups(of: person, over: connection)))
                }
                return findings
            }
            for (user, finding) in zip(some, findings) {
                guard case .here(let person, let groups) = finding, User.isSame(person.id, as: user) else {
                    try await noteGone(user, in: settings)
                    continue
                }
                try await note(person, settings.roles(of: Set(groups.map(\.name))), of: user, in: settings)
            }
        }
    }
}
