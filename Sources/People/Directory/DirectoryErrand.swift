import Faults

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is asked of one directory, by a thread that may block.
struct DirectoryErrand: Sendable {
    let library: LDAPLibrary
    let settings: DirectorySettings
    /// The password of the one who searches.
    let secret: [UInt8]?
    /// For a file of certificates, which is there only while it is read.
    let folder: String

    /// More groups than this are not followed.
    static let mostGroups = 1_000
    private static let filtersAtOnce = 50

    /// Where systems keep the certificates that they believe: Debian and others, Red Hat and others.
    private static let systemCertificates = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    ]

    /// A connection to the first server that is there, as the one who searches.
    func open() throws(LDAPError) -> LDAPConnection {
        try atFirst { (address) throws(LDAPError) in
            let connection = try connect(to: address)
            if let name = settings.bindName { try connection.bind(name, password: secret ?? []) }
            return connection
        }
    }

    /// A connection that nothing was asked over yet.
    func connect(to address: DirectoryAddress, believesNobody: Bool = true) throws(LDAPError) -> LDAPConnection {
        var target = LDAPConnection.Target(
            url: address.description, startsTLS: settings.startsTLS, authorities: nil,
            connectSeconds: settings.connectSeconds, answerSeconds: settings.answerSeconds,
            believesNobody: believesNobody)
        guard address.isOverTLS || settings.startsTLS else { return try LDAPConnection(library, target) }
        let file = try certificateFile()
        defer { if file.isOwn { unlink(file.path) } }
        target = LDAPConnection.Target(
            url: target.url, startsTLS: target.startsTLS, authorities: file.path, connectSeconds: target.connectSeconds,
            answerSeconds: target.answerSeconds, believesNobody: believesNobody)
        return try LDAPConnection(library, target)
    }

    enum Finding: Sendable {
        case nobody
        /// Two entries or more fit: which one is meant cannot be said.
        case several
        /// An entry of which no name of a user can be made.
        case nameless(String)
        case person(DirectoryPerson)
    }

    func find(_ typed: String, over connection: LDAPConnection) throws(LDAPError) -> Finding {
        let isOwnGroups = settings.groups == .memberOf
        let entries: [LDAPConnection.Entry]
        do {
            entries = try connection.search(
                settings.userBase, .tree, DirectoryFilter.filled(settings.userFilter, ["name": typed]),
                attributes: [settings.nameAttribute, settings.displayNameAttribute, settings.idAttribute]
                    + (isOwnGroups ? [settings.groupAttribute] : []), atMost: 2)
        } catch {
            guard error.code == LDAPError.sizeLimit else { throw error }
            return .several
        }
        guard let entry = entries.first else { return .nobody }
        guard entries.count == 1 else { return .several }
        return DirectoryPerson(entry, settings).map { .person($0) } ?? .nameless(entry.name)
    }

    /// Whether the directory takes the password for that entry.
    func isRight(_ password: [UInt8], of entry: String) throws(LDAPError) -> Bool {
        guard !password.isEmpty, !entry.isEmpty else { return false }
        return try atFirst { (address) throws(LDAPError) in
            let connection = try connect(to: address)
            do throws(LDAPError) {
                try connection.bind(entry, password: password)
                return true
            } catch {
                guard LDAPError.refusals.contains(error.code) else { throw error }
                return false
            }
        }
    }

    /// The groups of a person, and theirs up to the depth of the settings; one that is its own member is no end of it.
    func groups(of person: DirectoryPerson, over connection: LDAPConnection) throws(LDAPError) -> [DirectoryGroup] {
        var found: [DistinguishedName: DirectoryGroup] = [:]
        var names =
            settings.groups == .memberOf
            ? person.groups
            : try groups(
                [DirectoryFilter.filled(settings.groupFilter, ["dn": person.entry, "name": person.name])],
                over: connection)
        for level in 0...settings.nestedDepth {
            let new = names.compactMap { text in
                DistinguishedName(text).map { DirectoryGroup(name: $0, text: text, level: level) }
            }.filter { found.updateValue(found[$0.name] ?? $0, forKey: $0.name) == nil }
            guard found.count <= Self.mostGroups else { throw LDAPError(LDAPError.sizeLimit, "too many groups") }
            guard !new.isEmpty, level < settings.nestedDepth else { break }
            names = try above(new, over: connection)
        }
        return found.values.sorted { ($0.level, $0.text) < ($1.level, $1.text) }
    }

    /// The groups of which any of these is a member.
    private func above(_ groups: [DirectoryGroup], over connection: LDAPConnection) throws(LDAPError) -> [String] {
        switch settings.groups {
        case .chain: return []
        case .memberOf:
            var names: [String] = []
            for group in groups {
                do {
                    names += try connection.search(
                        group.text, .entry, "(objectClass=*)", attributes: [settings.groupAttribute], atMost: 1
                    ).flatMap { $0.texts(settings.groupAttribute) }
                } catch {
                    guard error.code == LDAPError.noSuchObject else { throw error }
                }
            }
            return names
        case .search:
            guard settings.groupFilter.contains("{dn}") else { return [] }
            // A group has no name as people have: its own fills that place, which nobody is called.
            return try self.groups(
                groups.map { DirectoryFilter.filled(settings.groupFilter, ["dn": $0.text, "name": $0.text]) },
                over: connection)
        }
    }

    private func groups(_ filters: [String], over connection: LDAPConnection) throws(LDAPError) -> [String] {
        var (names, rest): ([String], ArraySlice<String>) = ([], filters[...])
        while !rest.isEmpty {
            names += try connection.search(
                settings.groupBase, .tree, DirectoryFilter.any(Array(rest.prefix(Self.filtersAtOnce))), attributes: [],
                atMost: Self.mostGroups
            ).map(\.name)
            rest = rest.dropFirst(Self.filtersAtOnce)
        }
        return names
    }

    /// At the first server that is there and believed.
    private func atFirst<Value>(
        _ body: (DirectoryAddress) throws(LDAPError) -> Value
    ) throws(LDAPError) -> Value {
        var last = LDAPError(LDAPError.serverDown)
        for address in settings.addresses {
            do { return try body(address) } catch {
                guard error.isAway || error.isOfTLS else { throw error }
                last = error
            }
        }
        throw last
    }

    /// The certificates of the settings in a file of this account alone, or the file of the system's.
    private func certificateFile() throws(LDAPError) -> (path: String, isOwn: Bool) {
        guard let text = settings.certificates else {
            guard let path = Self.systemCertificates.first(where: { access($0, R_OK) == 0 }) else {
                throw LDAPError(LDAPError.connect, "the system has no certificates that are believed")
            }
            return (path, false)
        }
        var name = Array("\(folder)/directory-XXXXXX".utf8CString)
        // Mode 0600, and a name that nobody else had.
        let file = mkstemp(&name)
        let bytes = Array(text.utf8)
        guard file >= 0 else { throw LDAPError(LDAPError.connect, "the certificates cannot be written to a file") }
        let path = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        let count = write(file, bytes, bytes.count)
        guard close(file) == 0, count == bytes.count else {
            unlink(path)
            throw LDAPError(LDAPError.connect, "the certificates cannot be written to a file")
        }
        return (path, true)
    }
}
