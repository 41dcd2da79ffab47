import Faults
import GRDB
import Ledger
public import Resources

/// The whole audit as JSON values, one a line, as it stood when the export began; read in pieces.
public struct AuditExport: Sendable {
    private enum Place {
        case start
        case records(UInt64)
        case end, done
    }

    private let log: AuditLog
    private let head: AuditLog.Head?
    private var place = Place.start
    private var objects: Int64 = 0

    private static let page = 500

    public init(_ log: AuditLog) async throws {
        self.log = log
        head = try await log.database.read { db in try AuditLog.head(db) }
    }

    /// The next values; nil once all are given.
    public mutating func next() async throws -> [JSONValue]? {
        let values = try await more()
        objects += Int64(values?.count ?? 0)
        return values
    }

    private mutating func more() async throws -> [JSONValue]? {
        let site = log.signer.site
        switch place {
        case .start:
            place = .records(0)
            return [["type": "audit", "version": 1, "site": .string(site.text)]]
        case .records(let first):
            let count = head?.chain.records ?? 0
            guard first < count else {
                place = .end
                return try headObjects()
            }
            let values = try await log.database.read { db in
                var values: [JSONValue] = []
                try AuditLog.forEach(db, from: first) { record, hash in
                    guard record.number < count, values.count < Self.page else { return false }
                    guard case .object(var members) = record.json else { return false }
                    members["type"] = "record"
                    members["hash"] = .string(Hexadecimal.text(hash))
                    values.append(.object(members))
                    return true
                }
                return values
            }
            // Where records are gone the export goes on, and shows it.
            let last = values.last?["number"]?.integer.flatMap { UInt64(exactly: $0) }
            place = .records(last.map { $0 + 1 } ?? count)
            return values
        case .end:
            place = .done
            return [["type": "end", "objects": .integer(objects)]]
        case .done: return nil
        }
    }

    private func headObjects() throws -> [JSONValue] {
        let site = log.signer.site
        let chain = head?.chain ?? AuditChain(site: site)
        // Of an audit without records there is no head yet.
        let signature =
            try head?.signature
            ?? log.signer.sign(LedgerHash.auditHead(site: site, records: chain.records, hash: chain.head))
        return [
            [
                "type": "auditHead", "records": .integer(Int64(clamping: chain.records)),
                "hash": .string(Hexadecimal.text(chain.head)),
                "siteKey": .string(Hexadecimal.text(log.signer.rootKey(of: site) ?? [])),
                "signature": .string(Hexadecimal.text(signature)),
            ]
        ]
    }
}
