public import Data
import Faults
import HTTPTypes
import Hummingbird
import NIOCore
import Objects
import People
public import Resources
import Tables

/// Making datasets of files, and looking into those that are here; datasets themselves are resources like any other.
public struct DatasetRoutes: APIRoutes {
    private let shelf: DatasetShelf
    private let maker: DatasetMaker
    private let releases: Releases

    /// Rows of one look.
    private static let mostRows: Int64 = 1_000

    public init(shelf: DatasetShelf, maker: DatasetMaker, releases: Releases) {
        self.shelf = shelf
        self.maker = maker
        self.releases = releases
    }

    public func add(to door: Door) {
        door.post("makings", asks: .manage(.datasets), use: make)
        door.get("makings/:id", asks: .view(.datasets), use: making)
        door.get("datasets/:name/head", asks: .view(.rows), use: head)
        door.get("datasets/:name/profile", asks: .view(.rows), use: profile)
        door.get("datasets/:name/compare", asks: .view(.rows), use: compare)
        door.get("datasets/:name/export", asks: .view(.rows), use: export)
    }

    @Sendable private func make(_ request: Request, _ context: APIContext) async throws -> Response {
        let new = try NewDataset(try await request.document().value, in: try request.scope())
        let making = try await maker.begin(new, by: author(context))
        return .json(making.json, status: .accepted)
    }

    @Sendable private func making(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(try maker.making(try context.parameters.require("id"), in: try request.scope()).json)
    }

    @Sendable private func head(_ request: Request, _ context: APIContext) async throws -> Response {
        let rows = try request.number("rows", in: 1...Self.mostRows) ?? 10
        let (columns, found) = try await shelf.head(try id(request, context), rows: Int(rows))
        return .json(
            [
                "columns": .array(columns.map { .string($0) }),
                "rows": .array(found.map { .array($0.map { $0.map { .string($0) } ?? .null }) }),
            ], headers: [.cacheControl: "no-store"])
    }

    @Sendable private func profile(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(try await shelf.profile(try id(request, context)), headers: [.cacheControl: "no-store"])
    }

    @Sendable private func compare(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try id(request, context)
        guard let other = request.query("with") else {
            throw Fault(
                ProgramFaults.badRequest, "The dataset to compare with is not named.", at: "parameter with",
                wanted: "the name of a dataset of the same project")
        }
        try Names.check(other, at: "parameter with")
        return .json(
            try await shelf.compare(id, with: Dataset.id(other, in: id.scope)), headers: [.cacheControl: "no-store"])
    }

    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let columns = request.query("columns").map { $0.split(separator: ",").map(String.init) }
        let isRaw = try request.flag("raw")
        let id = try id(request, context)
        try await releases.check("datasets/\(id.name)", in: id.scope, by: author(context))
        let content = try await shelf.export(id, columns: columns, guardsFormulas: !isRaw)
        return Response(
            status: .ok, headers: [.contentType: "text/csv; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                while let piece = try await content.next() { try await writer.write(ByteBuffer(bytes: piece)) }
                try await writer.finish(nil)
            })
    }

    private func id(_ request: Request, _ context: APIContext) throws -> ResourceID {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        return Dataset.id(name, in: try request.scope())
    }

    public var paths: [String: JSONValue] {
        let object: JSONValue = ["type": "object"]
        func path(_ name: String) -> JSONValue {
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let scope = ["tenant", "project"].map { OpenAPI.parameter($0) }
        let one = [path("name")] + scope
        return [
            "/api/v1/makings": [
                "post": OpenAPI.operation(
                    "makeDataset", "Make a dataset of a file; ask for its state until it is done or failed.",
                    parameters: scope, body: object, answer: object, status: "202")
            ],
            "/api/v1/makings/{id}": [
                "get": OpenAPI.operation(
                    "getMaking", "How far the making of a dataset is.", parameters: [path("id")] + scope, answer: object
                )
            ],
            "/api/v1/datasets/{name}/head": [
                "get": OpenAPI.operation(
                    "datasetHead", "The first rows, for the owner.",
                    parameters: one + [OpenAPI.parameter("rows", ["type": "integer", "minimum": 1, "maximum": 1000])],
                    answer: object)
            ],
            "/api/v1/datasets/{name}/profile": [
                "get": OpenAPI.operation(
                    "datasetProfile", "What the columns are like, for the owner.", parameters: one, answer: object)
            ],
            "/api/v1/datasets/{name}/compare": [
                "get": OpenAPI.operation(
                    "compareDatasets",
                    "What has changed from this dataset to another of the project: schema, rows, PSI of every column.",
                    parameters: one + [
                        ["name": "with", "in": "query", "required": true, "schema": ["type": "string"]]
                    ], answer: object)
            ],
            "/api/v1/datasets/{name}/export": [
                "get": OpenAPI.operation(
                    "exportDataset", "The rows as CSV, for the owner; formulas are guarded unless raw.",
                    parameters: one + [
                        OpenAPI.parameter("columns"), OpenAPI.parameter("raw", ["type": "boolean"]),
                    ], answer: ["type": "string"], types: ["text/csv"])
            ],
        ]
    }
}

extension DatasetMaking {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "name": .string(name), "state": .string(state.rawValue), "bytes": .integer(bytes),
            "total": .integer(total), "rows": .integer(rows), "removed": .integer(removed),
        ]
        if let fault { members["fault"] = Problem.json(fault) }
        return .object(members)
    }
}

extension NewDataset {
    /// Reads a request.
    ///
    /// - Throws: `ProgramFaults.badRequest`, `ResourceFaults.unknownField`, `.scopeMismatch`, `TableFaults`.
    fileprivate init(_ value: JSONValue, in scope: Scope) throws {
        let known = [
            "name", "file", "ids", "label", "schema", "duplicates", "header", "delimiter", "missing", "dates",
            "ignoreOtherColumns",
        ]
        let members = (value.object ?? [:]).filter { $0.value != .null }
        for key in members.keys.sorted() where !known.contains(key) {
            throw Fault(
                ResourceFaults.unknownField, "The request has a field that is not known here.", at: "request body",
                wanted: known.joined(separator: ", "))
        }
        func wrong(_ name: String, _ wanted: String) -> Fault {
            Fault(ProgramFaults.badRequest, "'\(name)' is missing or cannot be used.", at: name, wanted: wanted)
        }
        func text(_ name: String) throws -> String? {
            guard let member = members[name] else { return nil }
            guard let text = member.string else { throw wrong(name, "a text") }
            return text
        }
        func texts(_ name: String) throws -> [String]? {
            guard let member = members[name] else { return nil }
            guard let list = member.array, list.allSatisfy({ $0.string != nil }) else { throw wrong(name, "texts") }
            return list.compactMap(\.string)
        }
        func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ usual: Word) throws -> Word
        where Word.RawValue == String {
            guard let text = try text(name) else { return usual }
            guard let word = Word(rawValue: text) else {
                throw wrong(name, Word.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return word
        }
        guard scope.project != nil else {
            throw Fault(
                ResourceFaults.scopeMismatch, "A Dataset lives in a project of a tenant.",
                at: "parameters tenant and project", fix: "Name the tenant and the project.")
        }
        guard let name = try text("name") else { throw wrong("name", "a name") }
        guard let file = try text("file") else { throw wrong("file", "the name of a file") }
        self.init(scope: scope, name: name, file: file, ids: try texts("ids") ?? [], label: try text("label"))
        if let schema = members["schema"] { self.schema = try TableSchema(json: JSONWriter.compact(schema)) }
        reading.duplicates = try word("duplicates", reading.duplicates)
        reading.header = try word("header", reading.header)
        reading.dates = try word("dates", reading.dates)
        if let delimiter = try text("delimiter") {
            guard delimiter.count == 1 else { throw wrong("delimiter", "one character") }
            reading.delimiter = delimiter.first
        }
        if let missing = try texts("missing") { reading.missing = missing }
        if let ignore = members["ignoreOtherColumns"] {
            guard let ignore = ignore.bool else { throw wrong("ignoreOtherColumns", "true or false") }
            reading.ignoresOtherColumns = ignore
        }
    }
}
