import Faults
import Resources

extension Directories {
    /// Makes the user of a person who logs in for the first time; one who is there by now stays as it is.
    func make(_ person: DirectoryPerson, in settings: DirectorySettings) async throws {
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": .string(User.kind.name),
            "metadata": ["name": .string(person.user)],
            "spec": [
                "displayName": .string(person.displayName.isEmpty ? person.user : person.displayName),
                "directory": .string(settings.name),
            ],
        ]
        let note = ChangeNote(author: "directory \(settings.name)", reason: "first login")
        do {
            _ = try await resources.create(Document(document), defaults: .platform, by: note)
        } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {}
    }

    /// Writes what the directory tells now into the user's status; nothing where it is what it told before.
    func note(
        _ person: DirectoryPerson, _ roles: [GivenRole], of user: Resource, in settings: DirectorySettings
    ) async throws {
        try await write(
            [
                "name": .string(settings.name), "entry": .string(person.entry), "id": .string(person.id),
                "called": .string(person.name), "roles": .array(roles.map(\.entry)),
            ], to: user)
    }

    /// Notes that nobody is there any more who is this user: roles, sessions and tokens count no more.
    func noteGone(_ user: Resource, in settings: DirectorySettings) async throws {
        guard case .object(var seen)? = User.seen(of: user), !User.isGone(user) else { return }
        seen["gone"] = true
        try await write(.object(seen), to: user)
        warn(settings, "a user is in the directory no more", "user \(user.metadata.name)")
    }

    private func write(_ seen: JSONValue, to user: Resource) async throws {
        guard user.status["directory"] != seen else { return }
        try await resources.store.modifyStatus(user.id) { resource in
            // One that was made again under the name meanwhile is another.
            guard resource.metadata.uid == user.metadata.uid else { return }
            var status = resource.status.object ?? [:]
            status["directory"] = seen
            resource.status = .object(status)
        }
    }
}
