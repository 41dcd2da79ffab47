import Faults
public import Resources

/// A site's permission for one peer to learn from one dataset. Nothing of it changes but that it is revoked, for good.
public enum Grant {
    public static let kind = KindDefinition(
        "Grant",
        plural: "grants",
        shortNames: ["gr"],
        scope: .project,
        summary: "Permission for one peer to use one dataset: what for, how often, how much, until when; metered.",
        fields: [
            Field("peer", .reference(kind: "Peer"), required: true, immutable: true, "To whom it is given."),
            Field(
                "dataset", .reference(kind: "Dataset"), required: true, immutable: true,
                "What may be read, in this project."),
            Field(
                "columns", .list(of: .text(1...128, form: .line), count: 1...10_000), required: true, immutable: true,
                "The columns that may be read; ids that align rows are among them."),
            Field(
                "purpose", .text(1...500, form: .line), required: true, immutable: true,
                "What for, in words for people."),
            Field(
                "algorithms", .list(of: .text(1...32, form: .dottedName), count: 1...64), required: true,
                immutable: true,
                "The operators that may read it."),
            Field(
                "reveals", .list(of: .choice(Reveal.allCases.map(\.rawValue)), count: 0...8), default: [],
                immutable: true,
                "What the peer may be told beyond the operators' own messages: bins, partial_scores, model."),
            Field("uses", .integer(1...1_000_000), default: 1, immutable: true, "The most jobs that may read it."),
            Field("rows", .integer(1...Int64.max), immutable: true, "The most rows that the dataset may have."),
            Field("notBefore", .text(20...30, form: .timestamp), immutable: true, "The earliest time."),
            Field("notAfter", .text(20...30, form: .timestamp), required: true, immutable: true, "The latest time."),
            Field(
                "minimumIntersection", .integer(0...Int64.max), default: 0, immutable: true,
                "The smallest number of common ids with which a job may go on."),
            Field(
                "minimumBin", .integer(0...Int64.max), default: 0, immutable: true,
                "The smallest number of rows in a bin that may be told."),
            Field(
                "distinctIds", .integer(0...Int64.max), immutable: true,
                "The most ids that the peer may test against it, over all jobs."),
            Field("revoked", .boolean, default: false, "Once true, nothing is read with it any more, for good."),
        ],
        finalizers: [finalizer],
        columns: [
            .init("PEER", "spec", "peer"), .init("DATASET", "spec", "dataset"), .init("STATE", "status", "state"),
            .init("USED", "status", "used"), .init("UNTIL", "spec", "notAfter"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Grant
            metadata:
              name: loans-to-partner
              tenant: retail-risk
              project: cards
            spec:
              peer: partner
              dataset: loans
              columns: [id, amount]
              purpose: Credit scoring of common merchants, agreement 2026-17
              algorithms: [align, bin, train.boosting]
              reveals: [bins]
              uses: 10
              rows: 1000000
              notAfter: "2026-12-31T00:00:00Z"
              minimumIntersection: 1000
              minimumBin: 50
              distinctIds: 5000000
            """,
        check: check
    )

    /// Kept until nothing reads with it.
    static let finalizer = "atoll.dev/grant"

    public static func id(_ name: String, in scope: Scope) -> ResourceID {
        ResourceID(kind: kind.name, scope: scope, name: name)
    }

    private static func check(_ new: Resource, _ old: Resource?) throws(Fault) {
        if old?.spec["revoked"]?.bool == true, new.spec["revoked"]?.bool != true {
            throw Fault(GrantFaults.revocationFinal, at: "\(new.id)", wanted: "revoked: true")
        }
        let terms = GrantTerms(new.spec)
        if let first = terms.notBefore, first >= terms.notAfter {
            throw Fault(
                GrantFaults.terms, "The latest time is not after the earliest.", at: "spec.notAfter",
                wanted: "after \(first)")
        }
        for (member, names) in [("columns", terms.columns.count), ("algorithms", terms.algorithms.count)] {
            guard names == new.spec[member]?.array?.count else {
                throw Fault(GrantFaults.terms, "'\(member)' has a name twice.", at: "spec.\(member)")
            }
        }
    }
}

/// What a task may tell a peer beyond what its operator's messages say of themselves.
public enum Reveal: String, Sendable, CaseIterable {
    /// Edges and counts of bins of features.
    case bins
    /// The owner's part of each row's score.
    case partialScores = "partial_scores"
    /// The owner's part of a model: names of columns, and the edges of splits.
    case model
}

/// The terms of a grant, read from a spec that passed its checks.
public struct GrantTerms: Sendable, Hashable {
    /// The peer's name at this site.
    public let peer: String
    public let dataset: String
    public private(set) var columns: Set<String>
    public let algorithms: Set<String>
    public let reveals: Set<Reveal>
    public let uses: Int64
    /// Nil without a limit, as `distinctIds`.
    public let rows: Int64?
    public let notBefore: Timestamp?
    public let notAfter: Timestamp
    public let minimumIntersection: Int64
    public let minimumBin: Int64
    public let distinctIds: Int64?
    public let isRevoked: Bool

    public init(_ spec: JSONValue) {
        func texts(_ member: String) -> [String] { (spec[member]?.array ?? []).compactMap(\.string) }
        peer = spec["peer"]?.string ?? ""
        dataset = spec["dataset"]?.string ?? ""
        columns = Set(texts("columns"))
        algorithms = Set(texts("algorithms"))
        reveals = Set(texts("reveals").compactMap(Reveal.init(rawValue:)))
        uses = spec["uses"]?.integer ?? 1
        rows = spec["rows"]?.integer
        notBefore = spec["notBefore"]?.string.flatMap { Timestamp($0) }
        // A grant without an end that can be read is over.
        notAfter = spec["notAfter"]?.string.flatMap { Timestamp($0) } ?? Timestamp(milliseconds: 0)
        minimumIntersection = spec["minimumIntersection"]?.integer ?? 0
        minimumBin = spec["minimumBin"]?.integer ?? 0
        distinctIds = spec["distinctIds"]?.integer
        isRevoked = spec["revoked"]?.bool ?? false
    }

    /// The same terms for a dataset that a job has made of the granted one.
    ///
    /// - Parameter columns: those that it has of the granted dataset.
    func limited(to columns: Set<String>) -> GrantTerms {
        var terms = self
        terms.columns.formIntersection(columns)
        return terms
    }
}
