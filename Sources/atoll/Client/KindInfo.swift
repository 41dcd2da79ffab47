import API
import Faults
import Resources

/// What the server says about one kind: enough to show and explain its resources.
struct KindInfo: Sendable, Hashable {
    struct Column: Sendable, Hashable {
        let title: String
        let path: [String]
    }

    struct Field: Sendable, Hashable {
        /// `spec.displayName`; lists are written `spec.items[]`.
        let path: String
        let type: String
        let isRequired: Bool
        let isImmutable: Bool
        let defaultValue: JSONValue?
        let summary: String
    }

    let name: String
    let plural: String
    let shortNames: [String]
    /// `platform`, `tenant` or `project`.
    let scope: String
    let summary: String
    let isImmutable: Bool
    let columns: [Column]
    let fields: [Field]
    let example: String
    /// As the server sent it, for JSON output.
    let json: JSONValue

    /// - Throws: `ProgramFaults.strangeAnswer` when a member is missing.
    init(_ json: JSONValue) throws(Fault) {
        guard let name = json["name"]?.string, let plural = json["plural"]?.string else {
            throw Fault(ProgramFaults.strangeAnswer, "The server describes a kind without a name.", at: "/api/v1/kinds")
        }
        self.name = name
        self.plural = plural
        self.shortNames = (json["shortNames"]?.array ?? []).compactMap(\.string)
        self.scope = json["scope"]?.string ?? "platform"
        self.summary = json["summary"]?.string ?? ""
        self.isImmutable = json["immutable"]?.bool ?? false
        self.columns = (json["columns"]?.array ?? []).compactMap { column in
            guard let title = column["title"]?.string, let path = column["path"]?.array else { return nil }
            return Column(title: title, path: path.compactMap(\.string))
        }
        self.fields = (json["fields"]?.array ?? []).compactMap { field in
            guard let path = field["path"]?.string else { return nil }
            return Field(
                path: path,
                type: field["type"]?.string ?? "",
                isRequired: field["required"]?.bool ?? false,
                isImmutable: field["immutable"]?.bool ?? false,
                defaultValue: field["default"],
                summary: field["summary"]?.string ?? ""
            )
        }
        self.example = json["example"]?.string ?? ""
        self.json = json
    }

    /// Every word that names it.
    var words: [String] { [name, plural] + shortNames }
}

/// The kinds that a server knows.
struct KindList: Sendable {
    let kinds: [KindInfo]

    init(_ kinds: [KindInfo]) {
        self.kinds = kinds
    }

    init(answer: JSONValue) throws(Fault) {
        var kinds: [KindInfo] = []
        for item in answer["items"]?.array ?? [] { kinds.append(try KindInfo(item)) }
        self.kinds = kinds
    }

    /// The kinds of the server, or those of this program when no server answers: what it would serve.
    static func known(_ connection: ConnectionOptions) async throws -> KindList {
        do {
            return try await connection.connect { try await fetch($0) }
        } catch let fault as Fault where fault.is(ProgramFaults.notRunning) {
            return try KindList(SiteKinds.registry.kinds.map { kind throws(Fault) in try KindInfo(kind.json) })
        }
    }

    static func fetch(_ client: APIClient) async throws -> KindList {
        try KindList(answer: try await client.get(APIPath("kinds")))
    }

    /// Finds a kind by name, plural or short name in any case.
    ///
    /// - Throws: `ResourceFaults.unknownKind` with the nearest known name.
    func kind(_ word: String) throws(Fault) -> KindInfo {
        let lower = word.lowercased()
        if let kind = kinds.first(where: { $0.words.contains { $0.lowercased() == lower } }) { return kind }
        let nearest = Nearest.name(to: word, among: kinds.flatMap { [$0.name, $0.plural] })
        throw Fault(
            ResourceFaults.unknownKind,
            "There is no kind '\(word.prefix(63))'.",
            at: "KIND",
            wanted: nearest.map { "did you mean '\($0)'?" } ?? kinds.map(\.name).joined(separator: ", ")
        )
    }
}
