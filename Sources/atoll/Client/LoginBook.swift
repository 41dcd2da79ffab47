import Faults
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The logins of this account of the machine, in a file that only it can read: by server the user, the session's secret
/// and the certificates that are believed.
struct LoginBook: Sendable {
    let path: String

    struct Entry: Sendable {
        var user: String
        var secret: String
        var ends: String
        var authorities: String?
        var isOfSite = false
    }

    /// `$XDG_CONFIG_HOME/atoll/logins.json`, else `$HOME/.config/atoll/logins.json`.
    ///
    /// - Throws: `ProgramFaults.dataDirectory` when neither is known.
    init(environment: (String) -> String? = Platform.environment) throws(Fault) {
        if let path = environment("XDG_CONFIG_HOME"), path.hasPrefix("/") {
            self.path = "\(path)/atoll/logins.json"
        } else if let path = environment("HOME"), !path.isEmpty {
            self.path = "\(path)/.config/atoll/logins.json"
        } else {
            throw Fault(ProgramFaults.dataDirectory, "HOME is not set, so there is no place for logins.")
        }
    }

    /// - Throws: `ProgramFaults.unsafePermissions`, `.fileUnreadable`; the faults of reading JSON.
    func entry(for server: String) throws -> Entry? {
        try read()[server]
    }

    /// - Throws: as `entry`; `ProgramFaults.dataDirectory` when the file cannot be written.
    func set(_ entry: Entry?, for server: String) throws {
        var entries = try read()
        entries[server] = entry
        let value: JSONValue = ["servers": .object(entries.mapValues(\.json))]
        try write(JSONWriter.compact(value))
    }

    private func read() throws -> [String: Entry] {
        guard let facts = FileFacts(path) else { return [:] }
        guard facts.permissions & 0o077 == 0 else {
            throw Fault(
                ProgramFaults.unsafePermissions, "Others can read the file of logins.", at: path, wanted: "mode 0600")
        }
        let value = try JSONParser.parse(try FileInput.read(path))
        return (value["servers"]?.object ?? [:]).compactMapValues(Entry.init)
    }

    /// Written aside and moved into place, so that no crash leaves half of it.
    private func write(_ bytes: [UInt8]) throws {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        for end in folder.indices where folder[end] == "/" && end != folder.startIndex {
            mkdir(String(folder[..<end]), 0o700)
        }
        mkdir(folder, 0o700)
        let draft = path + ".new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw unwritable() }
        defer { close(file) }
        guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0, rename(draft, path) == 0 else {
            unlink(draft)
            throw unwritable()
        }
    }

    private func unwritable() -> Fault {
        Fault(
            ProgramFaults.dataDirectory, "The file of logins cannot be written: \(Platform.message(errno)).", at: path)
    }
}

extension LoginBook.Entry {
    fileprivate init?(_ value: JSONValue) {
        guard let user = value["user"]?.string, let secret = value["secret"]?.string else { return nil }
        self.init(
            user: user, secret: secret, ends: value["ends"]?.string ?? "", authorities: value["authorities"]?.string,
            isOfSite: value["isOfSite"]?.bool ?? false)
    }

    fileprivate var json: JSONValue {
        [
            "user": .string(user), "secret": .string(secret), "ends": .string(ends),
            "authorities": authorities.map { .string($0) } ?? .null, "isOfSite": .bool(isOfSite),
        ]
    }
}
