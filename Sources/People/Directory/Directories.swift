import Faults
public import Logging
public import Resources

/// The directories of the site: who is in them, whether a password is right, and what the groups of a person give.
public final class Directories: Sendable {
    let resources: ResourceService
    let logger: Logger
    private let folder: String
    private let secret: @Sendable (String) async throws -> [UInt8]
    private let work = DirectoryWork()

    /// - Parameters:
    ///   - folder: of this account alone; holds files for moments.
    ///   - secret: the value of a secret by its name.
    public init(
        resources: ResourceService, folder: String, logger: Logger,
        secret: @escaping @Sendable (String) async throws -> [UInt8]
    ) {
        self.resources = resources
        self.folder = folder
        self.logger = logger
        self.secret = secret
    }

    /// Those whose people may log in, in order of name.
    func all() async throws -> [DirectorySettings] {
        try await resources.store.listAll(ResourceQuery(kind: Directory.kind.name)).items
            .sorted { $0.metadata.name < $1.metadata.name }
            .compactMap { try? DirectorySettings($0) }.filter { !$0.isDisabled }
    }

    /// Nil for one that is not there or not in use.
    func settings(_ name: String) async throws -> DirectorySettings? {
        let found = try await resources.store.find(Directory.id(name)).flatMap { try? DirectorySettings($0) }
        return found.flatMap { $0.isDisabled ? nil : $0 }
    }

    /// - Returns: nil where nobody is found, where several are, and where the name is none that a user can have.
    /// - Throws: `PeopleFaults.directoryLibrary`, `.directoryAway`, `.directoryUntrusted`, `.directoryUnusable`, `.busy`.
    func find(_ typed: String, in settings: DirectorySettings) async throws -> DirectoryPerson? {
        let finding = try await run(settings) { errand throws(LDAPError) in
            try errand.find(typed, over: try errand.open())
        }
        switch finding {
        case .nobody: return nil
        case .person(let person): return person
        case .several: warn(settings, "several entries fit one name", "")
        case .nameless(let entry): warn(settings, "a name cannot be one of a user", entry)
        }
        return nil
    }

    /// - Throws: as `find`.
    func isRight(_ password: [UInt8], of person: DirectoryPerson, in settings: DirectorySettings) async throws -> Bool {
        try await run(settings) { errand throws(LDAPError) in try errand.isRight(password, of: person.entry) }
    }

    /// Asks as `isRight` does, for nobody and with no password of anybody, so that a name that is not there takes the
    /// way of one that is.
    func pretend(in settings: DirectorySettings) async throws {
        let nobody = "cn=\(ULID.make()),\(settings.userBase)"
        let password = Array(BearerSecret.make(.session).text.utf8)
        _ = try await run(settings) { errand throws(LDAPError) in try errand.isRight(password, of: nobody) }
    }

    /// The roles that the groups of a person give.
    ///
    /// - Throws: as `find`.
    func roles(of person: DirectoryPerson, in settings: DirectorySettings) async throws -> [GivenRole] {
        let groups = try await run(settings) { errand throws(LDAPError) in
            try errand.groups(of: person, over: try errand.open())
        }
        return settings.roles(of: Set(groups.map(\.name)))
    }

    /// Runs an errand on a thread that may block, and tells the site's log what went wrong.
    ///
    /// - Throws: as `find`; nothing in it comes from the directory.
    func run<Value: Sendable>(
        _ settings: DirectorySettings, times: Int = 1,
        _ body: @escaping @Sendable (DirectoryErrand) throws(LDAPError) -> Value
    ) async throws -> Value {
        do {
            let errand = try await errand(settings)
            return try await work.run(within: settings.wholeSeconds * times) { try body(errand) }
        } catch let error as LDAPError {
            warn(settings, "the directory cannot be asked", "\(error.code) \(error.text)")
            throw Self.fault(error)
        } catch let fault as Fault {
            warn(settings, "the directory cannot be asked", "\(fault.number)")
            throw fault
        }
    }

    /// - Throws: `PeopleFaults.directoryLibrary`, `.directoryUnusable` where the secret is not there.
    func errand(_ settings: DirectorySettings) async throws -> DirectoryErrand {
        let library = try LDAPLibrary.load()
        var value: [UInt8]?
        if let name = settings.bindSecret {
            value = try? await secret(name)
            // As text files end.
            if value?.last == 0x0A { value?.removeLast() }
            guard let value, !value.isEmpty else {
                throw Fault(
                    PeopleFaults.directoryUnusable, "The secret \(name) of the directory is not there, or empty.",
                    at: "spec.bindSecret", fix: "Set it with `atoll secret set \(name)`.")
            }
        }
        return DirectoryErrand(library: library, settings: settings, secret: value, folder: folder)
    }

    static func fault(_ error: LDAPError) -> Fault {
        if error.isOfTLS { return Fault(PeopleFaults.directoryUntrusted) }
        if error.isAway { return Fault(PeopleFaults.directoryAway) }
        return Fault(PeopleFaults.directoryUnusable, "The directory answers with result \(error.code).")
    }

    /// Runs what looks at every layer itself.
    func work<Value: Sendable>(
        _ settings: DirectorySettings, _ body: @escaping @Sendable () -> Value
    ) async throws -> Value {
        try await work.run(within: 4 * settings.wholeSeconds, body)
    }

    func warn(_ settings: DirectorySettings, _ what: String, _ detail: String) {
        logger.warning("\(what)", metadata: ["directory": "\(settings.name)", "error": "\(detail)"])
    }
}
