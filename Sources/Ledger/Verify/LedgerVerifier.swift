public import Faults
public import Resources

/// Checks an export without anything but the export: chains, the site's chain, agreement hashes, counts, signatures.
///
/// Pure: takes the objects in order, keeps what it needs to look back (about 64 bytes per line).
public struct LedgerVerifier: Sendable {
    public private(set) var site: SiteID?
    private var chains: [ChainID: VerifiedChain] = [:]
    private var findings: [LedgerFinding] = []
    private var suppressed = 0
    private var objects: Int64 = 0
    private var lines: UInt64 = 0
    private var isComplete = false
    private var hasSalts = false
    private var siteLines: UInt64 = 0
    private var siteHash: [UInt8] = []
    private var siteHeadSeen = false
    private var isEnded = false

    /// More are only counted.
    public static let mostFindings = 100

    public init() {}

    /// Takes the next object.
    public mutating func take(_ object: JSONValue) {
        do {
            try read(object)
        } catch let fault as Fault {
            note(place(of: object), fault.place.map { "\(fault.what) (\($0))" } ?? fault.what)
        } catch {
            note(place(of: object), "It cannot be read.")
        }
        objects += 1
    }

    /// A line of the file that is not even JSON.
    public mutating func takeUnreadable(_ fault: Fault) {
        note("object \(objects)", fault.what)
        objects += 1
    }

    /// What was found, once everything was taken.
    public mutating func finish() -> LedgerReport {
        if !isEnded { note("the end", "The export ends too early.") }
        for (id, chain) in chains.sorted(by: { ($0.key.job, $0.key.peer) < ($1.key.job, $1.key.peer) })
        where chain.head == nil && !chain.isBroken {
            note(
                "job \(id.job), peer \(id.peer)", "The chain has no head: lines after \(chain.book.lines) may be gone.")
        }
        return LedgerReport(
            site: site, lines: lines, chains: chains.count,
            statements: chains.values.reduce(0) { $0 + $1.statements.count },
            receipts: chains.values.reduce(0) { $0 + $1.statements.count { $0.statement.isClosed } },
            findings: findings, moreFindings: suppressed)
    }

    /// Where the exports of the two ends of jobs differ, chain by chain, each at the first place.
    public static func compare(_ one: LedgerVerifier, _ other: LedgerVerifier) -> [LedgerFinding] {
        guard let first = one.site, let second = other.site, first != second else {
            return [LedgerFinding(place: "site", what: "The exports are not of two sites.")]
        }
        var findings: [LedgerFinding] = []
        var pairs = 0
        for (id, chain) in one.chains.sorted(by: { $0.key.job < $1.key.job }) where id.peer == second {
            guard let mirror = other.chains[ChainID(peer: first, job: id.job)] else { continue }
            pairs += 1
            findings += ChainComparison.findings(chain, mirror)
        }
        if pairs == 0 {
            findings.append(LedgerFinding(place: "job", what: "The exports have no job in common."))
        }
        return findings
    }

    private mutating func read(_ object: JSONValue) throws {
        var fields = try ExportFields(object)
        if isEnded { throw Fault(LedgerFaults.malformedExport, "Something follows the end.") }
        let type = try fields.text("type")
        guard let site else {
            guard type == "ledger" else {
                throw Fault(LedgerFaults.malformedExport, wanted: "an object of type ledger")
            }
            return try begin(&fields)
        }
        if siteLines > 0 || siteHeadSeen, type == "line" || type == "head" {
            throw Fault(
                LedgerFaults.malformedExport, "The site's chain has begun before the chains of jobs have ended.")
        }
        switch type {
        case "line": try line(&fields, site: site)
        case "head": try head(&fields)
        case "site": try siteLine(&fields, site: site)
        case "siteHead": try siteHead(&fields)
        case "end":
            let count: Int64 = try fields.number("objects")
            try fields.end()
            isEnded = true
            guard count == objects else {
                throw Fault(LedgerFaults.notVerified, "\(count) objects were written and \(objects) are here.")
            }
            guard isComplete == siteHeadSeen else {
                throw Fault(LedgerFaults.notVerified, "A complete export ends with the site's head, a part has none.")
            }
        default: throw Fault(LedgerFaults.malformedExport, at: "field type", wanted: "a known type")
        }
    }

    private mutating func begin(_ fields: inout ExportFields) throws {
        guard try fields.number("version", Int64.self) == ExportObject.version else {
            throw Fault(LedgerFaults.malformedExport, at: "field version", wanted: "\(ExportObject.version)")
        }
        let site = try fields.site("site")
        hasSalts = try fields.flag("salts")
        isComplete = try fields.flag("complete")
        try fields.end()
        self.site = site
        siteHash = LedgerHash.start(site: site)
    }

    private mutating func line(_ fields: inout ExportFields, site: SiteID) throws {
        let id = ChainID(peer: try fields.site("peer"), job: try fields.text("job"))
        let number: UInt64 = try fields.number("number")
        let hash = try fields.bytes("hash", count: LedgerHash.length)
        let (line, salt) = try LedgerLine.read(&fields)
        try fields.end()
        if case .frame = line.body, (salt != nil) != hasSalts {
            throw Fault(LedgerFaults.malformedExport, at: "field salt", wanted: hasSalts ? "a salt" : "no salt")
        }
        guard id.job.utf8.count <= LedgerLine.longestText else {
            throw Fault(LedgerFaults.malformedExport, at: "field job")
        }
        lines += 1
        try chains[id, default: VerifiedChain(site: site, peer: id.peer, job: id.job)]
            .take(line, number: number, hash: hash, salt: salt)
    }

    private mutating func head(_ fields: inout ExportFields) throws {
        let id = ChainID(peer: try fields.site("peer"), job: try fields.text("job"))
        let head = VerifiedChain.Head(
            lines: try fields.number("lines"), hash: try fields.bytes("hash", count: LedgerHash.length),
            signedLines: try fields.number("signedLines"), isClosed: try fields.flag("closed"),
            refusals: try fields.number("refusals"))
        let flows = try fields.array("flows").map(LedgerReader.Flow.init)
        try fields.end()
        guard chains[id] != nil else { throw Fault(LedgerFaults.notVerified, "A head of a chain without lines.") }
        try chains[id]!.take(head, flows: flows)
    }

    private mutating func siteLine(_ fields: inout ExportFields, site: SiteID) throws {
        let number: UInt64 = try fields.number("number")
        let line = SiteLine(
            time: try fields.number("time"), peer: try fields.site("peer"), job: try fields.text("job"),
            lines: try fields.number("lines"), head: try fields.bytes("head", count: LedgerHash.length))
        let hash = try fields.bytes("hash", count: LedgerHash.length)
        try fields.end()
        guard number == siteLines else {
            throw Fault(LedgerFaults.notVerified, "Line \(siteLines) of the site's chain is missing or out of order.")
        }
        let wanted = LedgerHash.site(after: siteHash, line)
        siteLines += 1
        siteHash = hash
        guard wanted == hash else {
            throw Fault(LedgerFaults.notVerified, "The hash does not follow from the line and the one before.")
        }
        let chain = chains[ChainID(peer: line.peer, job: line.job)]
        guard let chain, chain.isBroken || chain.hash(after: line.lines) == line.head else {
            throw Fault(LedgerFaults.notVerified, "The site's chain names a head that the chain of the job never had.")
        }
    }

    private mutating func siteHead(_ fields: inout ExportFields) throws {
        let lines: UInt64 = try fields.number("lines")
        let hash = try fields.bytes("hash", count: LedgerHash.length)
        try fields.end()
        siteHeadSeen = true
        guard lines == siteLines, hash == siteHash else {
            throw Fault(LedgerFaults.notVerified, "The site's chain has \(siteLines) lines and ends with another hash.")
        }
    }

    private func place(of object: JSONValue) -> String {
        var place = "object \(objects)"
        if let job = object["job"]?.string { place += ", job \(job.prefix(64))" }
        if let peer = object["peer"]?.string { place += ", peer \(peer.prefix(52))" }
        if let number = object["number"]?.integer { place += ", line \(number)" }
        return place
    }

    private mutating func note(_ place: String, _ what: String) {
        if findings.count < Self.mostFindings {
            findings.append(LedgerFinding(place: place, what: what))
        } else {
            suppressed += 1
        }
    }
}

extension LedgerReader.Flow {
    fileprivate init(_ value: JSONValue) throws(Fault) {
        var fields = try ExportFields(value)
        task = try fields.text("task")
        direction = try fields.direction("direction")
        messageType = try fields.text("messageType")
        var tally = LedgerTally()
        tally.frames = try fields.number("frames")
        tally.bytes = try fields.number("bytes")
        tally.elements = try fields.number("elements")
        tally.bits = try fields.number("bits")
        tally.resent = try fields.number("resent")
        tally.replaced = try fields.number("replaced")
        tally.repeatedBytes = try fields.number("repeatedBytes")
        tally.replacedBits = try fields.number("replacedBits")
        self.tally = tally
        try fields.end()
    }
}
