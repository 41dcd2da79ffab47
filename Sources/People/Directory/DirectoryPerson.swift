import Resources

/// A person as a directory tells it.
struct DirectoryPerson: Sendable {
    /// The distinguished name of the entry.
    let entry: String
    /// What stays when the entry is moved or the person gets another name.
    let id: String
    /// What the directory calls the person.
    let name: String
    /// What the person is called here: a name as resources have them.
    let user: String
    let displayName: String
    /// The groups that the entry itself tells.
    let groups: [String]

    /// - Returns: nil for an entry without a name, or with one of which no name of a user can be made.
    init?(_ entry: LDAPConnection.Entry, _ settings: DirectorySettings) {
        // In an order that does not depend on the server.
        guard let name = entry.texts(settings.nameAttribute).min(), let user = Self.user(name) else { return nil }
        self.entry = entry.name
        self.name = name
        self.user = user
        id = entry.values[settings.idAttribute.lowercased()]?.first.map(Self.text) ?? "dn:\(entry.name.lowercased())"
        let shown = entry.texts(settings.displayNameAttribute).min() ?? name
        let line = shown.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        displayName = String(String(String.UnicodeScalarView(line)).prefix(80))
        groups = entry.texts(settings.groupAttribute)
    }

    /// `Ana.Ferreira` becomes `ana-ferreira`.
    ///
    /// - Returns: nil where letters are left that no name has.
    static func user(_ name: String) -> String? {
        let user = String(name.lowercased().map { "._ ".contains($0) ? "-" : $0 })
        return Names.isValid(user) ? user : nil
    }

    /// What may be asked for at all: 1 to 256 bytes without control characters.
    static func isAskable(_ typed: String) -> Bool {
        (1...256).contains(typed.utf8.count)
            && typed.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }

    /// As it is where it is printable, in hexadecimal where it is not: objectGUID is 16 bytes.
    private static func text(_ bytes: [UInt8]) -> String {
        guard bytes.isEmpty || bytes.contains(where: { $0 < 0x21 || $0 > 0x7E }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// A group that a person is in.
struct DirectoryGroup: Sendable {
    let name: DistinguishedName
    /// The distinguished name as the directory writes it.
    let text: String
    /// 0 for the person's own, 1 for a group of which that one is a member, and so on.
    let level: Int
}
