import Crypto
import Faults
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is asked for: the fields of an `Approval` before it is one.
public struct ApprovalRequest: Sendable {
    public let about: Approval.About
    /// `jobs/train`: a plural and a name, at most 200 characters.
    public let subject: String
    /// The exact thing; at most 128 characters.
    public let binding: String
    public let requester: String
    public let what: String
    public var why = ""
    /// Members of `cost`.
    public var cost: [String: JSONValue] = [:]
    public var leaks: [String] = []

    public init(_ about: Approval.About, subject: String, binding: String, requester: String, what: String) {
        self.about = about
        self.subject = subject
        self.binding = binding
        self.requester = requester
        self.what = what
    }

    func spec(at now: Timestamp) -> JSONValue {
        func line(_ text: String, _ most: Int) -> JSONValue {
            .string(String(String(text.map { $0.isNewline ? " " : $0 }).prefix(most)))
        }
        let lines = leaks.prefix(256).filter { !$0.isEmpty }.map { line($0, 1000) }
        return [
            "about": .string(about.rawValue), "subject": line(subject, 200), "binding": line(binding, 128),
            "requester": line(requester, 200), "what": line(what, 500), "why": .string(String(why.prefix(1000))),
            "cost": .object(cost), "leaks": .array(lines),
            "until": .string(Timestamp(milliseconds: now.milliseconds + Approval.patience).description),
        ]
    }
}

/// Asks for approvals, decides them, and says whether there is one.
///
/// - Order: a decision is made once; of two that come together one is refused.
public struct ApprovalDesk: Sendable {
    private let store: any ResourceStore
    private let now: @Sendable () -> Timestamp

    public init(_ store: any ResourceStore, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.store = store
        self.now = now
    }

    /// - Returns: whether the tenant of that place wants two pairs of eyes on such things.
    public func isWanted(_ about: Approval.About, in scope: Scope) async throws -> Bool {
        try await Tenant.wants(about, in: scope, store)
    }

    /// Asks, or finds what was asked before and holds or waits still. What was refused or is over can be asked for again.
    public func ask(_ request: ApprovalRequest, in scope: Scope) async throws -> Resource {
        var taken = 0
        while true {
            let earlier = try await find(request.about, request.subject, in: scope).filter {
                $0.spec["binding"]?.string == request.binding && $0.spec["requester"]?.string == request.requester
            }
            if let open = earlier.first(where: { [.waiting, .approved].contains(Approval.state(of: $0, at: now())) }) {
                return open
            }
            let id = Approval.id(Self.name(request, earlier.count + taken), in: scope)
            let note = ChangeNote(author: request.requester, reason: "asked for approval")
            do {
                return try await store.create(Resource(id, spec: request.spec(at: now())), by: note)
            } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {
                // Somebody asked at the same moment, or the name is a later one's since an earlier one was deleted.
                if let found = try await store.find(id), Approval.state(of: found, at: now()) == .waiting {
                    return found
                }
                taken += 1
            }
        }
    }

    /// Approves or refuses.
    ///
    /// - Throws: `ResourceFaults.notFound`; `PeopleFaults.ownApproval` for who asked, `.approvalDecided` for what does not
    ///   wait any more.
    public func decide(_ id: ResourceID, isApproved: Bool, by author: String, reason: String) async throws -> Resource {
        let time = now()
        return try await store.modifyStatus(id) { approval in
            let state = Approval.state(of: approval, at: time)
            guard state == .waiting else {
                throw Fault(PeopleFaults.approvalDecided, "The approval is \(state.rawValue).", at: id.description)
            }
            guard approval.spec["requester"]?.string != author else {
                throw Fault(PeopleFaults.ownApproval, at: id.description)
            }
            Self.set(isApproved ? .approved : .refused, by: author, reason: reason, at: time, &approval)
        }
    }

    /// What it was about goes on without it, or has ended: it waits no more.
    public func close(_ id: ResourceID, approvedBy author: String?, reason: String) async throws {
        let time = now()
        try await store.modifyStatus(id) { approval in
            guard Approval.state(of: approval, at: time) == .waiting else { return }
            Self.set(author == nil ? .void : .approved, by: author ?? "", reason: reason, at: time, &approval)
        }
    }

    /// Whether there is an approval that holds now.
    ///
    /// - Parameter requester: nil for anybody's.
    public func holds(
        _ about: Approval.About, _ subject: String, binding: String, requester: String? = nil, in scope: Scope
    ) async throws -> Bool {
        try await find(about, subject, in: scope).contains {
            $0.spec["binding"]?.string == binding && (requester == nil || $0.spec["requester"]?.string == requester)
                && Approval.state(of: $0, at: now()) == .approved
        }
    }

    /// Every approval about a subject, whatever its state.
    public func find(_ about: Approval.About, _ subject: String, in scope: Scope) async throws -> [Resource] {
        try await all(about, in: scope).filter { $0.spec["subject"]?.string == subject }
    }

    /// Every approval of that sort in a project.
    public func all(_ about: Approval.About, in scope: Scope) async throws -> [Resource] {
        let query = ResourceQuery(kind: Approval.kind.name, tenant: scope.tenant, project: scope.project)
        return try await store.listAll(query).items.filter {
            $0.spec["about"]?.string == about.rawValue && !$0.isBeingDeleted
        }
    }

    private static func set(
        _ state: Approval.State, by author: String, reason: String, at time: Timestamp, _ approval: inout Resource
    ) {
        var status = approval.status.object ?? [:]
        status["state"] = .string(state.rawValue)
        status["decidedBy"] = .string(author)
        status["decided"] = .string(time.description)
        status["reason"] = .string(String(reason.prefix(1000)))
        approval.status = .object(status)
        approval.set(
            Condition(
                "Decided", .isTrue, reason: state.rawValue, message: author.isEmpty ? reason : "By \(author).",
                observedGeneration: approval.metadata.generation))
    }

    /// `job-train-9f86d08188`; the same request again after it was refused has another.
    private static func name(_ request: ApprovalRequest, _ earlier: Int) -> String {
        let parts = [request.about.rawValue, request.subject, request.binding, request.requester, "\(earlier)"]
        let digest = SHA256.hash(data: Array(parts.joined(separator: "\n").utf8))
        let end = digest.prefix(5).map { (byte: UInt8) in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        let subject = request.subject.split(separator: "/").last.map(String.init) ?? ""
        let readable = String(
            subject.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(30))
        let word: String =
            switch request.about {
            case .job: "job"
            case .dataUse: "grant"
            case .resultRelease: "release"
            }
        let middle = readable.split(separator: "-").joined(separator: "-")
        return [word, middle, end].filter { !$0.isEmpty }.joined(separator: "-")
    }
}
