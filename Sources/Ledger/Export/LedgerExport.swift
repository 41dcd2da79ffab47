import GRDB
public import Resources

/// An export as a series of JSON values, read piece by piece: memory does not grow with the ledger.
///
/// The state is that of its beginning; what is recorded meanwhile is left out.
public struct LedgerExport: Sendable {
    private let reader: LedgerReader
    private let withSalts: Bool
    private let isComplete: Bool
    private let siteLines: UInt64
    private let siteHead: [UInt8]
    private var chains: ArraySlice<StoredChain>
    private var next: UInt64 = 0
    private var stage = Stage.start
    private var objects = 0

    private enum Stage {
        case start, chains, site, end, done
    }

    /// - Parameters:
    ///   - job: nil for everything, which adds the site's chain.
    ///   - peer: nil for every peer; one peer's chains alone are what that peer may see.
    ///   - withSalts: adds the salts; whoever has a payload can then check its digest, and test guesses of one.
    public init(
        _ reader: LedgerReader, job: String? = nil, peer: SiteID? = nil, withSalts: Bool = false
    ) async throws {
        self.reader = reader
        self.withSalts = withSalts
        isComplete = job == nil && peer == nil
        let site = reader.site
        let (chains, lines, head) = try await reader.read { db in
            let chains = try LedgerRows.ids(job: job, peer: peer, db).compactMap { id in
                try LedgerRows.chain(site: site, peer: id.peer, job: id.job, db)
            }
            let stored = try LedgerRows.site(db)
            return (chains, stored?.lines ?? 0, stored?.head ?? [])
        }
        self.chains = chains[...]
        siteLines = lines
        siteHead = head
    }

    /// The next values, one or more; nil at the end.
    public mutating func next() async throws -> [JSONValue]? {
        let values = try await piece()
        objects += values?.count ?? 0
        return values
    }

    private mutating func piece() async throws -> [JSONValue]? {
        switch stage {
        case .start:
            stage = .chains
            return [ExportObject.start(site: reader.site, withSalts: withSalts, isComplete: isComplete)]
        case .chains:
            guard let chain = chains.first else {
                stage = isComplete ? .site : .end
                next = 0
                return try await piece()
            }
            if next < chain.book.lines { return try await lines(of: chain) }
            next = 0
            chains.removeFirst()
            return [ExportObject.head(chain.book)]
        case .site:
            if next < siteLines { return try await linesOfSite() }
            stage = .end
            return [ExportObject.siteHead(lines: siteLines, hash: siteHead)]
        case .end:
            stage = .done
            return [ExportObject.end(objects: objects)]
        case .done: return nil
        }
    }

    private mutating func lines(of chain: StoredChain) async throws -> [JSONValue] {
        let book = chain.book
        let (from, salts) = (next, withSalts)
        let lines = try await reader.read { db -> [JSONValue] in
            var lines: [JSONValue] = []
            var next = from
            while lines.count < 256, next < book.lines, let id = chain.id,
                let segment = try LedgerRows.segment(of: id, holding: next, db)
            {
                for entry in try segment.entries() where entry.number >= next && entry.number < book.lines {
                    lines.append(ExportObject.line(entry, peer: book.peer, job: book.job, withSalts: salts))
                }
                next = segment.first + segment.count
            }
            return lines
        }
        // Lines that are gone: the head that follows tells the verifier how many there should be.
        next = lines.isEmpty ? book.lines : next + UInt64(lines.count)
        return lines
    }

    private mutating func linesOfSite() async throws -> [JSONValue] {
        let (from, limit) = (next, Int(min(256, siteLines - next)))
        let lines = try await reader.read { db in
            try LedgerRows.siteLines(from: from, limit: limit, db).map { line, number, hash in
                ExportObject.siteLine(line, number: number, hash: hash)
            }
        }
        next = lines.isEmpty ? siteLines : next + UInt64(lines.count)
        return lines
    }
}
