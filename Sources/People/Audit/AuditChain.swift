import Faults
public import Ledger
public import Resources

/// The chain as a value: takes records in order, each after the hash of the one before.
struct AuditChain: Sendable {
    private(set) var records: UInt64 = 0
    private(set) var head: [UInt8]

    init(site: SiteID) {
        head = LedgerHash.auditStart(site: site)
    }

    init(records: UInt64, head: [UInt8]) {
        self.records = records
        self.head = head
    }

    mutating func append(_ record: AuditRecord) {
        head = LedgerHash.audit(after: head, record.bytes)
        records += 1
    }
}

/// Checks records or an export of them with nothing but what it is given.
///
/// Pure: takes the objects in order and keeps only the last hash.
public struct AuditVerifier: Sendable {
    public struct Finding: Sendable, Hashable {
        public let place: String
        public let what: String
    }

    /// Whose audit it is; nil before the first object.
    public private(set) var site: SiteID?
    private var chain: AuditChain?
    private var found: [Finding] = []
    private var objects: Int64 = 0
    private var isBroken = false
    private var hasHead = false
    private var isEnded = false

    /// After so many findings nothing more is said.
    private static let mostFindings = 100

    public init() {}

    init(site: SiteID) {
        self.site = site
        chain = AuditChain(site: site)
    }

    public var records: UInt64 { chain?.records ?? 0 }

    /// Takes the next object of an export.
    public mutating func take(_ object: JSONValue) {
        defer { objects += 1 }
        guard !isEnded else { return note("object \(objects)", "Something follows the end.") }
        switch object["type"]?.string {
        case "audit" where site == nil:
            guard object["version"] == 1, let site = object["site"]?.string.flatMap({ SiteID($0) }) else {
                return note("object \(objects)", "The export is not of version 1.")
            }
            self.site = site
            chain = AuditChain(site: site)
        case "record" where site != nil && !hasHead:
            guard let record = AuditRecord(object), let hash = object["hash"]?.string.flatMap(Hexadecimal.bytes) else {
                isBroken = true
                return note("object \(objects)", "It is no record.")
            }
            take(record, hash: hash)
        case "auditHead" where site != nil && !hasHead:
            guard let count = object["records"]?.integer.flatMap({ UInt64(exactly: $0) }),
                let hash = object["hash"]?.string.flatMap(Hexadecimal.bytes),
                let key = object["siteKey"]?.string.flatMap(Hexadecimal.bytes),
                let signature = object["signature"]?.string.flatMap(Hexadecimal.bytes)
            else { return note("object \(objects)", "It is no head.") }
            takeHead(records: count, hash: hash, key: key, signature: signature)
        case "end" where hasHead:
            isEnded = true
            if object["objects"]?.integer != objects { note("the end", "Objects are missing.") }
        default: note("object \(objects)", "It does not belong there.")
        }
    }

    /// A line of the file that is not even JSON.
    public mutating func takeUnreadable() {
        note("object \(objects)", "It cannot be read.")
        objects += 1
    }

    /// What was found, once everything was taken.
    public mutating func finish() -> [Finding] {
        if !isEnded { note("the end", "The export ends too early.") }
        return found
    }

    mutating func take(_ record: AuditRecord, hash: [UInt8]) {
        guard var next = chain, !isBroken else { return }
        guard record.number == next.records else {
            isBroken = true
            return note("record \(next.records)", "It is missing or out of order.")
        }
        next.append(record)
        guard next.head == hash else {
            isBroken = true
            return note("record \(record.number)", "The hash does not follow from the record and the one before.")
        }
        chain = next
    }

    mutating func takeHead(records: UInt64, hash: [UInt8], key: [UInt8]?, signature: [UInt8]) {
        hasHead = true
        guard let chain, let site, !isBroken else { return }
        guard records == chain.records, hash == chain.head else {
            return note("the head", "There are \(chain.records) records, and the head is of \(records) or of others.")
        }
        do {
            try StatementSignature.check(
                signature, ofBytes: LedgerHash.auditHead(site: site, records: records, hash: hash), by: site, key: key)
        } catch {
            note("the head", "The signature is not the site's.")
        }
    }

    var findings: [Finding] { found }

    private mutating func note(_ place: String, _ what: String) {
        if found.count < Self.mostFindings { found.append(Finding(place: place, what: what)) }
    }
}
