import Faults
import HTTPTypes
import Hummingbird
public import Ledger
import NIOCore
import People
public import Resources

/// What crossed, in counts, line by line, and as an export that anyone can verify.
public struct LedgerRoutes: APIRoutes {
    private let reader: LedgerReader

    /// Lines of one page.
    private static let mostLines: Int64 = 1000

    public init(reader: LedgerReader) {
        self.reader = reader
    }

    public func add(to door: Door) {
        door.get("ledger", asks: .view(.ledger), use: summary)
        door.get("ledger/lines", asks: .view(.ledger), use: lines)
        door.get("ledger/export", asks: .view(.ledger), audited: .read, use: export)
        door.post("ledger/verify", asks: .view(.ledger), use: verify)
    }

    public var paths: [String: JSONValue] { OpenAPI.ledgerPaths }

    @Sendable private func summary(_ request: Request, _ context: APIContext) async throws -> Response {
        let peer = try peer(request)
        return .list(try await reader.chains(job: request.query("job"), peer: peer).map(\.json))
    }

    @Sendable private func lines(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let job = request.query("job"), let peer = try peer(request) else {
            throw Fault(ProgramFaults.badRequest, "Lines are of one job and one peer.", wanted: "job and peer")
        }
        let after = try request.number("after", in: 0...Int64.max)
        let limit = try request.number("limit", in: 1...Self.mostLines) ?? 100
        let lines = try await reader.lines(
            job: job, peer: peer, after: after.map(UInt64.init), limit: Int(limit))
        return .list(lines)
    }

    /// JSON lines, written as they are read. When reading fails midway, the object of type `end` is missing.
    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let peer = try peer(request)
        let withSalts = try request.flag("withSalts")
        let export = try await LedgerExport(reader, job: request.query("job"), peer: peer, withSalts: withSalts)
        return .jsonLines(export) { try await $0.next() }
    }

    @Sendable private func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(try await reader.verify().json)
    }

    private func peer(_ request: Request) throws -> SiteID? {
        guard let text = request.query("peer") else { return nil }
        guard let peer = SiteID(text) else {
            throw Fault(
                ProgramFaults.badRequest, "The parameter 'peer' is no site id.", at: "parameter peer",
                wanted: "52 characters of a-z and 2-7")
        }
        return peer
    }
}
