import Faults
import Hummingbird
import People
import Resources

/// Writes what one route does into the audit.
struct AuditWriter: Sendable {
    let log: AuditLog
    let route: Door.Entry
    let audited: Door.Audited

    /// Faults that keep a caller out, whatever was asked.
    private static let refusals = [PeopleFaults.notSignedIn, PeopleFaults.forbidden, PeopleFaults.personOnly]

    /// Before a change is made: what it is about survives whatever happens until its record is written.
    ///
    /// - Returns: what the record ends; nil for what changes nothing.
    func begin(_ request: Request, _ context: APIContext) async throws -> String? {
        guard usual == .change else { return nil }
        return try await log.begin(entry(.change, request, context))
    }

    func write(_ request: Request, _ context: APIContext, _ response: Response, _ begun: String?) async throws {
        guard let kind = usual else { return }
        var entry = entry(kind, request, context)
        entry.status = UInt16(clamping: response.status.code)
        try await log.write(entry, ending: begun)
    }

    func write(_ request: Request, _ context: APIContext, _ error: any Error, _ begun: String?) async throws {
        let fault = error as? Fault
        let isRefused = fault.map { fault in Self.refusals.contains { fault.is($0) } } ?? false
        guard let kind = isRefused ? .refusal : usual else { return }
        var entry = entry(kind, request, context)
        entry.status = fault.map { UInt16(clamping: $0.entry.status) } ?? 500
        entry.fault = fault?.number.rawValue ?? ProgramFaults.unexpected.number.rawValue
        try await log.write(entry, ending: begun)
    }

    /// What is written of a request that is let in; nil for nothing.
    private var usual: AuditRecord.Kind? {
        switch audited {
        case .never: nil
        case .login: .login
        case .read: .read
        case .usual:
            switch route.demand.rule {
            case .permission(let permission) where route.method == .get: permission.noun == .rows ? .read : nil
            case .permission(let permission): permission.verb == .manage ? .change : nil
            case .documents(let verb, _): verb == .manage ? .change : nil
            default: route.method == .get ? nil : .change
            }
        }
    }

    private func entry(_ kind: AuditRecord.Kind, _ request: Request, _ context: APIContext) -> AuditRecord.Entry {
        var entry = AuditRecord.Entry(kind)
        if let caller = context.caller {
            entry.account = caller.account
            entry.means =
                caller.session.map { "session \($0)" } ?? caller.token.map { "token \($0)" } ?? "local"
        }
        entry.address = context.address
        entry.method = route.method.rawValue
        entry.route = route.path
        // Whoever puts a secret into a path finds it in no record.
        entry.path = request.uri.path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            BearerSecret(String(part)) == nil ? String(part) : "[redacted]"
        }.joined(separator: "/")
        let asked = (try? request.scope()) ?? .platform
        entry.scope = asked == .platform ? context.subject.scope : asked
        entry.detail = context.subject.text
        return entry
    }
}
