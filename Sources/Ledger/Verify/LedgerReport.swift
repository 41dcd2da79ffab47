public import Faults
public import Resources

/// One thing that does not hold: where, and what.
public struct LedgerFinding: Sendable, Hashable {
    public let place: String
    public let what: String

    public init(place: String, what: String) {
        self.place = place
        self.what = what
    }
}

/// What a verification found.
public struct LedgerReport: Sendable, Hashable {
    public let site: SiteID?
    public let lines: UInt64
    public let chains: Int
    /// Co-signed statements, the receipts among them.
    public let statements: Int
    public let receipts: Int
    public let findings: [LedgerFinding]
    /// How many more there are.
    public let moreFindings: Int

    public var isWhole: Bool { findings.isEmpty }

    /// The reports of two exports as one, with where they differ.
    public static func merged(_ reports: [LedgerReport], and differences: [LedgerFinding]) -> LedgerReport {
        LedgerReport(
            site: nil, lines: reports.reduce(0) { $0 + $1.lines }, chains: reports.reduce(0) { $0 + $1.chains },
            statements: reports.reduce(0) { $0 + $1.statements }, receipts: reports.reduce(0) { $0 + $1.receipts },
            findings: reports.flatMap(\.findings) + differences,
            moreFindings: reports.reduce(0) { $0 + $1.moreFindings })
    }

    /// As the API answers.
    public var json: JSONValue {
        [
            "whole": .bool(isWhole), "site": site.map { .string($0.text) } ?? .null,
            "lines": ExportObject.count(lines), "chains": .integer(Int64(chains)),
            "statements": .integer(Int64(statements)), "receipts": .integer(Int64(receipts)),
            "findings": .array(findings.map { ["place": .string($0.place), "what": .string($0.what)] }),
            "moreFindings": .integer(Int64(moreFindings)),
        ]
    }

    /// The findings as one fault; nil when everything holds.
    public var fault: Fault? {
        if isWhole { return nil }
        return Fault(
            LedgerFaults.notVerified, "The ledger does not hold together: \(findings.count + moreFindings) finding(s).",
            parts: findings.map { Fault(LedgerFaults.notVerified, $0.what, at: $0.place) })
    }
}

extension LedgerReader {
    /// Verifies everything the ledger holds.
    public func verify() async throws -> LedgerReport {
        var export = try await LedgerExport(self)
        var verifier = LedgerVerifier()
        while let objects = try await export.next() {
            for object in objects { verifier.take(object) }
        }
        return verifier.finish()
    }
}
