import Ledger
public import Resources

/// One line of the audit: who did what, when, from where, and how it ended. No passwords, no secrets, no row values; a
/// name that proved wrong is not told, since people type passwords into the wrong field.
public struct AuditRecord: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Something was changed, or was to be.
        case change
        /// A login, a logout, or what proves them.
        case login
        /// Values of rows or a whole export were read.
        case read
        /// The caller was not let in.
        case refusal
    }

    /// What happened, before it has its place in the chain.
    public struct Entry: Sendable, Hashable {
        public var kind: Kind
        /// `user ana`, `ana (uid 1000)`, or empty for nobody.
        public var account = ""
        /// `session ID`, `token ID`, `local`, or empty.
        public var means = ""
        /// Where the request came from: an address, or `local`.
        public var address = ""
        public var method = ""
        /// The pattern: `/api/v1/jobs/{name}/cancel`.
        public var route = ""
        /// As it was asked for.
        public var path = ""
        public var scope = Scope.platform
        /// What it was about, where the path does not say it: the documents of a file, the user of a login.
        public var detail = ""
        /// Of the answer.
        public var status: UInt16 = 0
        /// The number of the fault; 0 for none.
        public var fault: UInt16 = 0

        public init(_ kind: Kind) {
            self.kind = kind
        }
    }

    /// From 0, without gaps.
    public let number: UInt64
    public let time: Timestamp
    public let entry: Entry
    /// Refusals of nobody that were too many to be written one by one, before this record.
    public let unwritten: UInt32

    static let version: UInt8 = 1
    /// Bytes of UTF-8 of a text.
    static let longestText = 1_024

    init(number: UInt64, time: Timestamp, entry: Entry, unwritten: UInt32) {
        self.number = number
        self.time = time
        self.entry = entry
        self.unwritten = unwritten
    }

    /// The canonical bytes: what is hashed. `docs/protocols/audit.md` gives the layout.
    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(Self.version)
        writer.put(number)
        writer.put(time.milliseconds)
        for text in texts { writer.put(text) }
        writer.put(entry.status)
        writer.put(entry.fault)
        writer.put(unwritten)
        return writer.bytes
    }

    /// In the order of the layout.
    private var texts: [String] {
        [
            entry.kind.rawValue, entry.account, entry.means, entry.address, entry.method, entry.route, entry.path,
            entry.scope.tenant ?? "", entry.scope.project ?? "", entry.detail,
        ]
    }
}

extension AuditRecord.Entry {
    /// With every text cut to what a record holds, on a border of characters; zeros, which end texts elsewhere, are
    /// replaced.
    var cut: AuditRecord.Entry {
        var cut = self
        for path: WritableKeyPath<AuditRecord.Entry, String> in [
            \.account, \.means, \.address, \.method, \.route, \.path, \.detail,
        ] {
            if cut[keyPath: path].utf8.contains(0) {
                cut[keyPath: path] = cut[keyPath: path].replacing("\0", with: "\u{FFFD}")
            }
            while cut[keyPath: path].utf8.count > AuditRecord.longestText { cut[keyPath: path].removeLast() }
        }
        return cut
    }
}

extension AuditRecord {
    /// As the API and exports write it, without its hash.
    public var json: JSONValue {
        [
            "number": .integer(Int64(clamping: number)), "time": .integer(time.milliseconds),
            "kind": .string(entry.kind.rawValue), "account": .string(entry.account), "means": .string(entry.means),
            "address": .string(entry.address), "method": .string(entry.method), "route": .string(entry.route),
            "path": .string(entry.path), "tenant": .string(entry.scope.tenant ?? ""),
            "project": .string(entry.scope.project ?? ""), "detail": .string(entry.detail),
            "status": .integer(Int64(entry.status)), "fault": .integer(Int64(entry.fault)),
            "unwritten": .integer(Int64(unwritten)),
        ]
    }

    /// Reads what `json` wrote; nil for anything else.
    init?(_ value: JSONValue) {
        func text(_ name: String) -> String? {
            value[name]?.string.flatMap { $0.utf8.count <= Self.longestText ? $0 : nil }
        }
        func number<Number: FixedWidthInteger>(_ name: String) -> Number? {
            (value[name]?.integer).flatMap { Number(exactly: $0) }
        }
        guard let kind = text("kind").flatMap(Kind.init(rawValue:)), let account = text("account"),
            let means = text("means"), let address = text("address"), let method = text("method"),
            let route = text("route"), let path = text("path"), let tenant = text("tenant"),
            let project = text("project"), let detail = text("detail"), let status: UInt16 = number("status"),
            let fault: UInt16 = number("fault"), let unwritten: UInt32 = number("unwritten"),
            let count: UInt64 = number("number"), let time: Int64 = number("time"), tenant != "" || project == ""
        else { return nil }
        var entry = Entry(kind)
        (entry.account, entry.means, entry.address, entry.method) = (account, means, address, method)
        (entry.route, entry.path, entry.detail) = (route, path, detail)
        entry.scope = Scope(
            tenant: tenant.isEmpty ? nil : tenant, project: project.isEmpty ? nil : project)
        (entry.status, entry.fault) = (status, fault)
        self.init(number: count, time: Timestamp(milliseconds: time), entry: entry, unwritten: unwritten)
    }
}
