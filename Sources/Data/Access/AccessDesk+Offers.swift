import Faults
public import Resources

/// What a site shows of its datasets to chosen peers: names and columns, never a row and not how many.
extension AccessDesk {
    /// On a dataset, for every peer that it is offered to.
    static func label(_ peer: String) -> String { "offer/\(peer)" }

    /// Shows a dataset's schema to a peer, or does not any more.
    ///
    /// - Throws: `ResourceFaults.notFound`, `.danglingReference` without the peer, `.invalidLabel` for a name of more than 57
    ///   characters or more than 32 labels.
    public func offer(_ id: ResourceID, to peer: String, _ isOffered: Bool, by note: ChangeNote) async throws
        -> Resource
    {
        try Names.check(peer, at: "peer")
        if isOffered, try await resources.store.find(ResourceID(kind: "Peer", name: peer)) == nil {
            throw Fault(ResourceFaults.danglingReference, "There is no Peer \(peer).", at: "peer")
        }
        try Names.checkLabel(Self.label(peer), "schema", at: "peer")
        return try await resources.store.modify(id, by: note) { dataset in
            dataset.metadata.labels[Self.label(peer)] = isOffered ? "schema" : nil
            guard dataset.metadata.labels.count <= 32 else {
                throw Fault(ResourceFaults.invalidLabel, "The dataset has too many labels.", wanted: "at most 32")
            }
        }
    }

    /// At most so many are told, in order of place and name.
    private static let most = 1000

    func offers(to peer: String) async throws -> [JSONValue] {
        let query = ResourceQuery(kind: Dataset.kind.name, labels: try LabelSelector("\(Self.label(peer))=schema"))
        var bytes = 0
        var offers: [JSONValue] = []
        for dataset in try await resources.store.listAll(query).items.prefix(Self.most) where !dataset.isBeingDeleted {
            let scope = dataset.metadata.scope
            var members: [String: JSONValue] = [
                "name": .string("\(scope.tenant ?? "")/\(scope.project ?? "")/\(dataset.metadata.name)")
            ]
            for member in ["columns", "ids", "label"] { members[member] = dataset.spec[member] }
            // An answer has to fit into a message.
            bytes += AccessMessages.bytes(.object(members)).count
            guard bytes < AccessMessages.mostBytes - 1024 else { break }
            offers.append(.object(members))
        }
        return offers
    }

    /// What a peer offers to this site.
    ///
    /// - Throws: `ResourceFaults.notFound` without the peer; faults of the way to it.
    public func offers(of peer: String) async throws -> [JSONValue] {
        guard let site = way.site(peer) else {
            throw Fault(ResourceFaults.notFound, "There is no Peer \(peer).", at: "path")
        }
        let answer = try AccessMessages.read(await way.call(AccessMessages.offers, [], site))
        return (answer["items"]?.array ?? []).prefix(Self.most).compactMap(Self.read)
    }

    private static func read(_ offer: JSONValue) -> JSONValue? {
        guard let text = offer["name"]?.string, let name = DatasetName(text), name.task == nil else { return nil }
        func texts(_ value: JSONValue?) -> JSONValue {
            .array((value?.array ?? []).prefix(10_000).compactMap(\.string).map { .string(AccessAnswer.line($0)) })
        }
        let columns = (offer["columns"]?.array ?? []).prefix(10_000).compactMap { column -> JSONValue? in
            guard let name = column["name"]?.string, let type = column["type"]?.string else { return nil }
            var members: [String: JSONValue] = [
                "name": .string(AccessAnswer.line(name)), "type": .string(AccessAnswer.line(type)),
            ]
            members["scale"] = column["scale"]?.integer.map { .integer($0) }
            return .object(members)
        }
        var members: [String: JSONValue] = [
            "name": .string(text), "columns": .array(Array(columns)), "ids": texts(offer["ids"]),
        ]
        members["label"] = offer["label"]?.string.map { .string(AccessAnswer.line($0)) }
        return .object(members)
    }
}
