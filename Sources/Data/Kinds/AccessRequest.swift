import Faults
public import Resources

/// What one site asks of another: a grant on one of its datasets. Kept at both: outgoing where it was made, incoming where
/// it is answered.
public enum AccessRequest {
    public enum Direction: String, Sendable, CaseIterable {
        case outgoing, incoming
    }

    public enum State: String, Sendable, CaseIterable {
        /// The other site does not have it yet.
        case sending = "Sending"
        case waiting = "Waiting"
        case granted = "Granted"
        case refused = "Refused"
        /// Who asked has deleted it.
        case withdrawn = "Withdrawn"
        /// The other site has it no more.
        case gone = "Gone"

        /// Whether nothing changes it any more.
        public var isFinal: Bool { self != .sending && self != .waiting }
    }

    public static let kind = KindDefinition(
        "AccessRequest",
        plural: "accessrequests",
        shortNames: ["ar"],
        scope: .project,
        summary: "A request for a grant on a dataset of another site: what columns, what for, how often, until when.",
        fields: [
            Field(
                "direction", .choice(Direction.allCases.map(\.rawValue)), default: "outgoing",
                "Whether this site asks, or is asked; what is incoming is made by the site alone."),
            Field("peer", .reference(kind: "Peer"), required: true, "Of whom it is asked, or who asks."),
            Field(
                "dataset", .text(1...DatasetName.longest, form: .line), required: true,
                "At the site that is asked: NAME, or TENANT/PROJECT/NAME."),
            Field(
                "columns", .list(of: .text(1...128, form: .line), count: 1...10_000), required: true,
                "The columns that would be read, ids among them."),
            Field("purpose", .text(1...500, form: .line), required: true, "What for, in words for people."),
            Field(
                "algorithms", .list(of: .text(1...32, form: .dottedName), count: 1...64), required: true,
                "The operators that would read it."),
            Field(
                "reveals", .list(of: .choice(Reveal.allCases.map(\.rawValue)), count: 0...8), default: [],
                "What would be told beyond the operators' own messages: bins, partial_scores, model."),
            Field("uses", .integer(1...1_000_000), default: 1, "The most jobs that would read it."),
            Field("notAfter", .text(20...30, form: .timestamp), required: true, "Until when."),
        ],
        isImmutable: true,
        finalizers: [finalizer],
        columns: [
            .init("DIRECTION", "spec", "direction"), .init("PEER", "spec", "peer"), .init("DATASET", "spec", "dataset"),
            .init("STATE", "status", "state"), .init("UNTIL", "spec", "notAfter"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: AccessRequest
            metadata:
              name: takings-for-scoring
              tenant: retail-risk
              project: cards
            spec:
              peer: partner
              dataset: takings
              columns: [shop_no, turnover]
              purpose: Credit scoring of common merchants, agreement 2026-17
              algorithms: [align, bin, train.boosting]
              reveals: [bins]
              uses: 10
              notAfter: "2026-12-31T00:00:00Z"
            """,
        check: check
    )

    /// Kept until the other site knows that it is withdrawn.
    static let finalizer = "atoll.dev/accessrequest"
    /// On incoming ones and on what was granted by them: the uid at the site that asks, in lower case.
    static let label = "atoll.dev/request"

    public static func id(_ name: String, in scope: Scope) -> ResourceID {
        ResourceID(kind: kind.name, scope: scope, name: name)
    }

    public static func state(of request: Resource) -> State {
        request.status["state"]?.string.flatMap(State.init(rawValue:))
            ?? (AccessTerms(request.spec).direction == .incoming ? .waiting : .sending)
    }

    private static func check(_ new: Resource, _ old: Resource?) throws(Fault) {
        let terms = AccessTerms(new.spec)
        guard terms.direction == .outgoing else {
            throw Fault(
                ResourceFaults.madeBySite, "Requests of peers are made by the site alone.", at: "spec.direction",
                wanted: "outgoing")
        }
        guard let name = DatasetName(terms.dataset), name.task == nil else {
            throw Fault(
                ResourceFaults.outOfRange, "'spec.dataset' is no name of a dataset.", at: "spec.dataset",
                wanted: "NAME, or TENANT/PROJECT/NAME")
        }
        for (member, names) in [("columns", terms.columns), ("algorithms", terms.algorithms)] {
            guard Set(names).count == names.count else {
                throw Fault(GrantFaults.terms, "'\(member)' has a name twice.", at: "spec.\(member)")
            }
        }
    }
}

/// What a request asks for, read from a spec that passed its checks.
public struct AccessTerms: Sendable, Hashable {
    public let direction: AccessRequest.Direction
    public let peer: String
    public let dataset: String
    public let columns: [String]
    public let algorithms: [String]
    public let reveals: [String]
    public let uses: Int64
    public let notAfter: Timestamp

    public init(_ spec: JSONValue) {
        func texts(_ member: String) -> [String] { (spec[member]?.array ?? []).compactMap(\.string) }
        direction = spec["direction"]?.string.flatMap(AccessRequest.Direction.init) ?? .outgoing
        peer = spec["peer"]?.string ?? ""
        dataset = spec["dataset"]?.string ?? ""
        columns = texts("columns")
        algorithms = texts("algorithms")
        reveals = texts("reveals")
        uses = spec["uses"]?.integer ?? 1
        notAfter = spec["notAfter"]?.string.flatMap { Timestamp($0) } ?? Timestamp(milliseconds: 0)
    }
}
