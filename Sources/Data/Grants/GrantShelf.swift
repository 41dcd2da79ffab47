public import Faults
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
    private let datasets: DatasetBook

    public init(resources: ResourceService, desk: LeaseDesk) {
        self.resources = resources
        self.desk = desk
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
                || fault.is(GrantFaults.missing)
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
        return all.filter { !$0.terms.isRevoked } + all.filter(\.terms.isRevoked)
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
