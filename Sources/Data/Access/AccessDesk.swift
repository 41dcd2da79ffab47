import Faults
public import Ledger
import People
public import Resources

/// How this site speaks with its peers about access.
public struct AccessWay: Sendable {
    /// As `LinkCalls.call`.
    let call: @Sendable (_ method: String, _ body: [UInt8], _ site: SiteID) async throws -> [UInt8]
    /// The site of a peer by its name here; nil for none.
    let site: @Sendable (_ peer: String) -> SiteID?
    /// The name of a peer here; nil for none.
    let name: @Sendable (_ site: SiteID) -> String?

    public init(
        call: @escaping @Sendable (_ method: String, _ body: [UInt8], _ site: SiteID) async throws -> [UInt8],
        site: @escaping @Sendable (_ peer: String) -> SiteID?, name: @escaping @Sendable (_ site: SiteID) -> String?
    ) {
        (self.call, self.site, self.name) = (call, site, name)
    }
}

/// Requests for grants: those of this site, told to the peers, and those of peers, answered here.
public struct AccessDesk: Sendable {
    let resources: ResourceService
    let datasets: DatasetBook
    let way: AccessWay
    let now: @Sendable () -> Timestamp

    public init(resources: ResourceService, way: AccessWay, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.resources = resources
        datasets = DatasetBook(resources.store)
        self.way = way
        self.now = now
    }

    // MARK: Answering

    /// Grants what a peer asks for, or less of it.
    ///
    /// - Parameters:
    ///   - name: of the grant; the request's when nil.
    ///   - terms: members of a grant's spec that are to be other than what was asked for: `columns`, `algorithms`, `reveals`,
    ///     `uses` and `notAfter` no wider; `notBefore`, `rows`, `minimumIntersection`, `minimumBin`, `distinctIds` as wished.
    /// - Returns: the request.
    /// - Throws: `GrantFaults.notAsked`, `.answered`, `.wider`, `.terms`; `DataFaults.unknownDataset`; what making a grant throws.
    public func grant(
        _ id: ResourceID, as name: String?, _ terms: [String: JSONValue], by note: ChangeNote
    ) async throws -> Resource {
        let request = try await open(id)
        let spec = try await grantSpec(request, terms)
        let grantID = Grant.id(name ?? id.name, in: id.scope)
        try Names.check(grantID.name, at: "name")
        let mark = request.metadata.labels[AccessRequest.label] ?? ""
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": .string(Grant.kind.name),
            "metadata": ["name": .string(grantID.name), "labels": [AccessRequest.label: .string(mark)]],
            "spec": .object(spec),
        ]
        let grant: Resource
        do {
            grant = try await resources.create(Document(document), defaults: id.scope, by: note)
        } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {
            // Made by an answer that was cut off before the request said so.
            guard let found = try await resources.store.find(grantID), !found.isBeingDeleted,
                found.metadata.labels[AccessRequest.label] == mark, found.spec["revoked"]?.bool != true
            else { throw fault }
            grant = found
        }
        let granted = AccessMessages.granted.reduce(into: [String: JSONValue]()) { $0[$1] = grant.spec[$1] }
        do {
            return try await decide(id, .granted, note) { status in
                status["grant"] = .string(grant.metadata.name)
                status["granted"] = .object(granted)
            }
        } catch let fault as Fault where fault.is(GrantFaults.answered) {
            // Another was faster: with the same grant, or with a no, after which what was just made holds nothing.
            let holds = try? await resources.store.get(id).status["grant"]?.string == grant.metadata.name
            if holds == false { _ = try? await resources.delete(grantID, version: nil, by: note) }
            throw fault
        }
    }

    /// - Parameter note: its reason is told to who asked.
    /// - Throws: `GrantFaults.notAsked`, `.answered`; `ResourceFaults.notFound`.
    public func refuse(_ id: ResourceID, by note: ChangeNote) async throws -> Resource {
        _ = try await open(id)
        return try await decide(id, .refused, note) { _ in }
    }

    private func open(_ id: ResourceID) async throws -> Resource {
        let request = try await resources.store.get(id)
        guard AccessTerms(request.spec).direction == .incoming else {
            throw Fault(GrantFaults.notAsked, at: id.description)
        }
        guard AccessRequest.state(of: request) == .waiting else { throw Self.answered(request) }
        return request
    }

    private static func answered(_ request: Resource) -> Fault {
        Fault(
            GrantFaults.answered, "The request is \(AccessRequest.state(of: request).rawValue).",
            at: request.id.description)
    }

    private func decide(
        _ id: ResourceID, _ state: AccessRequest.State, _ note: ChangeNote,
        _ change: (inout [String: JSONValue]) -> Void
    ) async throws -> Resource {
        try await resources.store.modifyStatus(id) { request in
            guard AccessRequest.state(of: request) == .waiting else { throw Self.answered(request) }
            var status = request.status.object ?? [:]
            status["state"] = .string(state.rawValue)
            status["decidedBy"] = .string(note.author)
            status["decided"] = .string("\(now())")
            status["reason"] = .string(note.reason)
            status["isTold"] = false
            change(&status)
            request.status = .object(status)
        }
    }

    private static let bounded = ["columns", "algorithms", "reveals"]
    private static let own = ["notBefore", "rows", "minimumIntersection", "minimumBin", "distinctIds"]

    private func grantSpec(_ request: Resource, _ terms: [String: JSONValue]) async throws -> [String: JSONValue] {
        let wanted = AccessTerms(request.spec)
        let dataset = try await datasets.find(wanted.dataset)
        guard dataset.metadata.scope == request.metadata.scope else {
            throw Fault(
                DataFaults.unknownDataset, "The dataset is not in the request's project.",
                at: "dataset \(wanted.dataset)")
        }
        var spec: [String: JSONValue] = [:]
        for member in AccessMessages.terms { spec[member] = request.spec[member] }
        spec["peer"] = .string(wanted.peer)
        spec["dataset"] = .string(dataset.metadata.name)
        for (member, value) in terms where Self.own.contains(member) || AccessMessages.granted.contains(member) {
            spec[member] = value
        }
        for member in Self.bounded {
            let asked = Set((request.spec[member]?.array ?? []).compactMap(\.string))
            for value in spec[member]?.array ?? [] where !(value.string.map(asked.contains) ?? true) {
                throw Fault(
                    GrantFaults.wider, "'\(member)' has what was not asked for.", at: member,
                    wanted: asked.sorted().joined(separator: ", "))
            }
        }
        if let uses = spec["uses"]?.integer, uses > wanted.uses {
            throw Fault(GrantFaults.wider, at: "uses", wanted: "at most \(wanted.uses)")
        }
        if let end = spec["notAfter"]?.string.flatMap({ Timestamp($0) }), end > wanted.notAfter {
            throw Fault(GrantFaults.wider, at: "notAfter", wanted: "at the latest \(wanted.notAfter)")
        }
        let there = Set(DatasetSpec(dataset.spec).columns)
        let missing = (spec["columns"]?.array ?? []).compactMap(\.string).filter { !there.contains($0) }
        guard missing.isEmpty else {
            throw Fault(
                GrantFaults.terms, "The dataset has no column \(missing.prefix(5).joined(separator: ", ")).",
                at: "columns", wanted: "columns that were asked for and are there")
        }
        return spec
    }
}
