import Faults
public import Jobs
public import Ledger
import Modeling
public import Resources
import Sites
public import TaskRuntime

/// The models of a site: kept when a job has left them, found by name, shown and exported.
public struct ModelShelf: Sendable {
    let resources: ResourceService
    let book: ModelBook
    let catalogue: OperatorCatalogue
    let site: SiteID
    /// Of the program.
    let code: String
    let names: @Sendable (SiteID) -> String?
    let datasets: @Sendable (String) async throws -> String?

    /// - Parameters:
    ///   - names: the name of a peer here; nil for this site.
    ///   - datasets: the digest of a dataset of this site by the name that plans use, in hexadecimal.
    public init(
        resources: ResourceService, book: ModelBook, catalogue: OperatorCatalogue, site: SiteID, code: String,
        names: @escaping @Sendable (SiteID) -> String?,
        datasets: @escaping @Sendable (String) async throws -> String?
    ) {
        self.resources = resources
        self.book = book
        self.catalogue = catalogue
        self.site = site
        self.code = code
        self.names = names
        self.datasets = datasets
    }

    // MARK: Finding

    /// The version that people mean.
    ///
    /// - Throws: `ModelFaults.unknown`.
    public func find(_ reference: ModelReference, in scope: Scope) async throws -> ModelBook.Entry {
        var number: Int64?
        switch reference.which {
        case nil: break
        case .number(let known): number = known
        case .alias(let alias):
            let model = try await resources.store.find(Model.id(reference.name, in: scope))
            guard let known = model.map({ Model.aliases($0.spec) })?[alias] else {
                throw Fault(
                    ModelFaults.unknown, "No version of '\(reference.name)' is called '\(alias)'.", at: "\(reference)")
            }
            number = known
        }
        guard let entry = try await book.find(reference.name, number, in: scope) else {
            throw Fault(ModelFaults.unknown, at: "\(reference)", wanted: "a version of a model in \(scope)")
        }
        return entry
    }

    /// The training of a version as plans name it.
    ///
    /// - Throws: `ModelFaults.unknown`.
    public func training(of reference: ModelReference, in scope: Scope) async throws -> String {
        let entry = try await find(reference, in: scope)
        return "\(entry.job)/\(entry.task)"
    }

    /// What is inside of a version: document, contents, and the figures of its training.
    ///
    /// - Throws: `ModelFaults.unknown`.
    public func facts(_ reference: ModelReference, in scope: Scope) async throws -> JSONValue {
        let entry = try await find(reference, in: scope)
        let figures = try TaskResult(decoding: entry.result).figures
        let resource = try await resources.store.get(entry.id)
        let model = try await resources.store.find(Model.id(entry.model, in: scope))
        let aliases = (model.map { Model.aliases($0.spec) } ?? [:]).filter { $0.value == entry.version }.keys.sorted()
        return [
            "version": resource.json, "aliases": .array(aliases.map { .string($0) }),
            "content": try ModelContent(result: entry.result, whole: entry.whole).json,
            "figures": .object(figures.mapValues { .number($0) }),
        ]
    }

    /// The trees of a version as far as this party knows them: `items`, how many there are in all, and at a host its own splits.
    ///
    /// - Parameters:
    ///   - first: number of the first tree, from 1.
    ///   - most: trees.
    /// - Throws: `ModelFaults.unknown`.
    public func trees(
        _ reference: ModelReference, in scope: Scope, from first: Int, atMost most: Int
    ) async throws -> JSONValue {
        let entry = try await find(reference, in: scope)
        let content = try ModelContent(result: entry.result, whole: entry.whole)
        var members: [String: JSONValue] = [
            "items": .array(content.trees(from: first, atMost: most)),
            "trees": .integer(Int64(content.model?.structure.trees.count ?? 0)),
        ]
        if content.model == nil { members["splits"] = .array(content.splits) }
        return .object(members)
    }

    /// - Throws: `ModelFaults.unknown`, `.notWhole`.
    public func export(_ reference: ModelReference, in scope: Scope, as form: ModelExport) async throws -> [UInt8] {
        let entry = try await find(reference, in: scope)
        do throws(Fault) {
            return try form.bytes(of: ModelContent(result: entry.result, whole: entry.whole))
        } catch {
            throw error.placed(at: "\(reference)")
        }
    }

    // MARK: Aliases

    /// Calls a version by an alias, in place of another one that had it; no version takes the alias away.
    ///
    /// - Throws: `ModelFaults.unknown`, `.alias`; what stands against the model's document.
    public func setAlias(
        _ alias: String, of name: String, to version: Int64?, in scope: Scope, by note: ChangeNote
    ) async throws -> Resource {
        guard ModelReference.isAlias(alias) else { throw Fault(ModelFaults.alias, at: "alias") }
        if let version { _ = try await find(ModelReference("\(name):\(version)") ?? unknown(name), in: scope) }
        let id = Model.id(name, in: scope)
        while true {
            guard var model = try await resources.store.find(id) else { throw Fault(ModelFaults.unknown, at: name) }
            var spec = model.spec.object ?? [:]
            var aliases = spec["aliases"]?.object ?? [:]
            aliases[alias] = version.map { .integer($0) }
            spec["aliases"] = .object(aliases)
            model.spec = .object(spec)
            do {
                // Like any change that a person makes: it is checked as a document.
                return try await resources.replace(id, with: Document(model.json), version: nil, by: note)
            } catch let fault as Fault where fault.is(ResourceFaults.conflict) {}
        }
    }

    private func unknown(_ name: String) throws -> ModelReference { throw Fault(ModelFaults.unknown, at: name) }

    // MARK: Deleting

    /// Questions that are asked before a model or a version is deleted, by kind.
    public static func deletionGuards(
        _ store: any ResourceStore
    ) -> [String: @Sendable (Resource) async throws -> Void] {
        [
            Model.kind.name: { model in
                let scope = model.metadata.scope
                let query = ResourceQuery(kind: ModelVersion.kind.name, tenant: scope.tenant, project: scope.project)
                let versions = try await store.listAll(query).items.filter {
                    $0.spec["model"]?.string == model.metadata.name
                }
                guard versions.isEmpty else {
                    throw Fault(
                        ModelFaults.hasVersions, "\(model.id) has \(versions.count) versions.", at: "\(model.id)")
                }
            },
            ModelVersion.kind.name: { version in
                let name = version.spec["model"]?.string ?? ""
                let model = try await store.find(Model.id(name, in: version.metadata.scope))
                let aliases = (model.map { Model.aliases($0.spec) } ?? [:])
                    .filter { $0.value == version.spec["version"]?.integer }.keys.sorted()
                guard aliases.isEmpty else {
                    throw Fault(
                        ModelFaults.hasAlias, "It is called \(aliases.joined(separator: ", ")).", at: "\(version.id)")
                }
            },
        ]
    }
}
