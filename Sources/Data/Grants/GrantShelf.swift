public import Faults
import People
public import Resources

/// What jobs are about to read, as the plans say it.
public struct PlannedRead: Sendable, Hashable {
    /// See `DatasetName`.
    public var dataset: String
    /// Nil for every column.
    public var columns: [String]?
    /// The peer's name at this site; nil for a site that is no peer (any more).
    public var peer: String?
    public var algorithm: String
    public var reveals: Set<String>
    public var minimumIntersection: Int64?
    public var minimumBin: Int64?
    public var ids: Int64

    public init(
        dataset: String, columns: [String]?, peer: String?, algorithm: String, reveals: Set<String> = [],
        minimumIntersection: Int64? = nil, minimumBin: Int64? = nil, ids: Int64 = 0
    ) {
        self.dataset = dataset
        self.columns = columns
        self.peer = peer
        self.algorithm = algorithm
        self.reveals = reveals
        self.minimumIntersection = minimumIntersection
        self.minimumBin = minimumBin
        self.ids = ids
    }
}

/// The grants of the site: finds those that may allow what a job reads, and has it counted.
public struct GrantShelf: Sendable {
    let resources: ResourceService
    let desk: LeaseDesk
    let approvals: ApprovalDesk
    private let datasets: DatasetBook

    public init(resources: ResourceService, desk: LeaseDesk) {
        self.resources = resources
        self.desk = desk
        approvals = ApprovalDesk(resources.store)
        datasets = DatasetBook(resources.store)
    }

    /// Takes leases for everything that a task reads, or throws why it may not.
    public func take(_ reads: [PlannedRead], for reader: Reader) async throws {
        var requests: [(request: ReadRequest, grants: [GrantCandidate])] = []
        for read in reads { requests.append(try await request(read)) }
        try await desk.take(requests, for: reader)
    }

    /// The reading is over.
    public func giveBack(_ reader: Reader) async { await desk.giveBack(reader) }

    /// Why each of the reads would be refused now; nil for those that would not. `DataFaults` where there is no dataset.
    public func refusals(_ reads: [PlannedRead], for reader: Reader) async throws -> [Fault?] {
        var faults: [Fault?] = []
        for read in reads {
            do {
                faults += try await desk.refusals([try await request(read)], for: reader)
            } catch let fault as Fault
                where fault.is(DataFaults.unknownDataset) || fault.is(DataFaults.ambiguousDataset)
                || fault.is(GrantFaults.missing) || fault.is(GrantFaults.unapproved)
            {
                faults.append(fault)
            }
        }
        return faults
    }

    private func request(_ read: PlannedRead) async throws -> (ReadRequest, [GrantCandidate]) {
        let dataset = try await datasets.find(read.dataset)
        guard let peer = read.peer else {
            throw Fault(GrantFaults.missing, "\(dataset.id) is read for a site that is no peer.")
        }
        let spec = DatasetSpec(dataset.spec)
        let request = ReadRequest(
            dataset: dataset.id, datasetUID: dataset.metadata.uid, rows: spec.rows,
            columns: read.columns ?? spec.columns, peer: peer, algorithm: read.algorithm, reveals: read.reveals,
            minimumIntersection: read.minimumIntersection, minimumBin: read.minimumBin, ids: read.ids)
        return (request, try await candidates(dataset, peer))
    }

    /// The grants of a dataset, and of what jobs have made it of; the nearer first, those that are revoked last. A grant of
    /// a source speaks only of columns that the source has.
    private func candidates(_ dataset: Resource, _ peer: String) async throws -> [GrantCandidate] {
        var all: [GrantCandidate] = []
        let grants = try await grants(in: dataset.metadata.scope, to: peer)
        for (source, columns) in try await datasets.withSources(dataset) {
            all += grants.filter { $0.terms.dataset == source.metadata.name }.compactMap { grant in
                let terms = grant.terms.limited(to: columns)
                // What has nothing of the granted columns is not what was granted.
                if source.id != dataset.id, terms.columns.isEmpty { return nil }
                return GrantCandidate(uid: grant.uid, id: grant.id, terms: terms)
            }
        }
        let held = try await approved(all, in: dataset.metadata.scope)
        if held.isEmpty, let first = all.first { throw Fault(GrantFaults.unapproved, at: first.id.description) }
        return held.filter { !$0.terms.isRevoked } + held.filter(\.terms.isRevoked)
    }

    /// Those that a second person has approved, where the tenant wants that.
    private func approved(_ grants: [GrantCandidate], in scope: Scope) async throws -> [GrantCandidate] {
        guard !grants.isEmpty, try await approvals.isWanted(.dataUse, in: scope) else { return grants }
        var held: [GrantCandidate] = []
        for grant in grants
        where try await approvals.holds(.dataUse, Self.subject(grant.id), binding: grant.uid, in: scope) {
            held.append(grant)
        }
        return held
    }

    static func subject(_ grant: ResourceID) -> String { "grants/\(grant.name)" }

    /// Whether the grant waits for a second person; asks for the approval where nobody has.
    func awaitsApproval(_ grant: Resource, _ terms: GrantTerms) async throws -> Bool {
        let scope = grant.metadata.scope
        guard try await approvals.isWanted(.dataUse, in: scope) else { return false }
        let subject = Self.subject(grant.id)
        let known = try await approvals.find(.dataUse, subject, in: scope).filter {
            $0.spec["binding"]?.string == grant.metadata.uid
        }
        if known.isEmpty {
            let author = try await resources.history(of: grant.id).first { $0.uid == grant.metadata.uid }?.author
            var request = ApprovalRequest(
                .dataUse, subject: subject, binding: grant.metadata.uid, requester: author ?? "unknown",
                what: "\(terms.peer) may use the dataset \(terms.dataset) in up to \(terms.uses) jobs until "
                    + "\(terms.notAfter)")
            request.why = grant.spec["purpose"]?.string ?? ""
            request.leaks = Self.leaks(terms)
            _ = try await approvals.ask(request, in: scope)
        }
        return !known.contains { Approval.state(of: $0, at: .now) == .approved }
    }

    /// What a peer can learn by a grant, a sentence each.
    private static func leaks(_ terms: GrantTerms) -> [String] {
        var leaks = [
            "\(terms.peer) learns what \(terms.algorithms.sorted().joined(separator: ", ")) tells of the columns "
                + terms.columns.sorted().joined(separator: ", ")
        ]
        if !terms.reveals.isEmpty {
            leaks.append("it may be told \(terms.reveals.map(\.rawValue).sorted().joined(separator: ", "))")
        }
        if let ids = terms.distinctIds {
            leaks.append("it can test up to \(ids) ids")
        } else {
            leaks.append("it can test any number of ids")
        }
        leaks.append(
            "no fewer than \(terms.minimumIntersection) common ids and \(terms.minimumBin) rows in a bin are told of")
        return leaks
    }

    /// Of all datasets of a project, the newest first.
    private func grants(in scope: Scope, to peer: String) async throws -> [GrantCandidate] {
        let query = ResourceQuery(kind: Grant.kind.name, tenant: scope.tenant, project: scope.project)
        let found = try await resources.store.listAll(query).items.filter {
            GrantTerms($0.spec).peer == peer && !$0.isBeingDeleted
        }
        return found.sorted { $0.metadata.uid > $1.metadata.uid }
            .map { GrantCandidate(uid: $0.metadata.uid, id: $0.id, terms: GrantTerms($0.spec)) }
    }

    /// Rows of a dataset of this site.
    ///
    /// - Throws: `DataFaults`.
    public func rows(of dataset: String) async throws -> Int64 {
        DatasetSpec(try await datasets.find(dataset).spec).rows
    }

    /// Rows of a dataset, as a peer may know them that may use it for an algorithm now.
    ///
    /// - Throws: `GrantFaults.missing` without a grant, and where there is no such dataset; else why none allows it.
    public func rows(of dataset: String, grantedTo peer: String, for algorithm: String) async throws -> Int64 {
        let missing = Fault(
            GrantFaults.missing, "The dataset is not granted for \(algorithm).", at: "dataset \(dataset)")
        let found: Resource
        do {
            found = try await datasets.find(dataset)
        } catch let fault as Fault where fault.is(DataFaults.unknownDataset) || fault.is(DataFaults.ambiguousDataset) {
            throw missing
        }
        let rows = DatasetSpec(found.spec).rows
        // Of what a reading needs, that alone that is known before there is a plan.
        let request = ReadRequest(
            dataset: found.id, datasetUID: found.metadata.uid, rows: rows, columns: [], peer: peer, algorithm: algorithm
        )
        let refusals = try await candidates(found, peer).map {
            $0.terms.refusal(of: request, GrantMeter(), now: .now)
        }
        guard refusals.contains(nil) else { throw refusals.compactMap(\.self).first ?? missing }
        return rows
    }

    /// Ends a grant for good: what reads with it is stopped before its document says so.
    ///
    /// - Throws: `ResourceFaults.notFound`.
    public func revoke(_ id: ResourceID, by note: ChangeNote) async throws -> Resource {
        let grant = try await resources.store.get(id)
        try await desk.revoke(grant.metadata.uid)
        return try await resources.store.modify(id, by: note) { resource in
            var spec = resource.spec.object ?? [:]
            spec["revoked"] = true
            resource.spec = .object(spec)
        }
    }

    /// What was counted with a grant.
    public func meter(_ id: ResourceID) async throws -> GrantMeter {
        try await desk.meter(try await resources.store.get(id).metadata.uid)
    }
}
