import Faults
public import Jobs
import Ledger
import Modeling
import Resources
import TaskRuntime

/// What jobs leave.
extension ModelShelf: JobModels {
    public func keep(_ left: LeftModel) async throws -> String? {
        switch left.kind {
        case .parts(let name): try await keepPart(left, as: name ?? Self.name(of: left.place))
        case .whole(let job, let task): try await keepWhole(left, of: job, task)
        }
    }

    public func find(_ job: String) async throws -> EarlierJob? {
        let entries = try await book.find(job: job)
        guard let first = entries.first else { return nil }
        return EarlierJob(
            plan: try JobPlan(bytes: first.plan), hasSucceeded: true,
            outputs: Dictionary(
                uniqueKeysWithValues: entries.compactMap { entry in
                    Hexadecimal.bytes(entry.digest).map { (entry.task, $0) }
                }))
    }

    public func result(_ job: String, _ task: String) async throws -> [UInt8]? {
        try await book.find(job: job, task: task)?.result
    }

    /// The job's name, as long as a model's may be.
    private static func name(of place: JobEntry.Place) -> String {
        var name = place.name.prefix(ModelLeft.longestName)
        while name.hasSuffix("-") { name.removeLast() }
        return String(name)
    }

    private func keepPart(_ left: LeftModel, as name: String) async throws -> String? {
        let content = try ModelContent(result: left.output.result)
        let spec = try await spec(of: left, content)
        let (entry, isNew) = try await book.add(left, model: name, in: left.place.scope)
        let note = ChangeNote(author: "job/\(left.plan.job)", reason: "left by task \(left.task.name)")
        do {
            try await make(Resource(Model.id(entry.model, in: entry.scope), spec: [:]), note)
            var members = spec
            members["model"] = .string(entry.model)
            members["version"] = .integer(entry.version)
            try await make(Resource(entry.id, spec: .object(members)), note)
        } catch let fault as Fault {
            // A part that no version shows would be found by plans and by nobody else.
            try await book.remove(entry.id)
            throw fault
        }
        return isNew ? "this party's part is model \(entry.model):\(entry.version) here" : nil
    }

    private func keepWhole(_ left: LeftModel, of job: String, _ task: String) async throws -> String? {
        // Hosts have told theirs and got nothing.
        guard left.plan.parties.contains(where: { $0.site == site && $0.role == "guest" }),
            let entry = try await book.find(job: job, task: task)
        else { return nil }
        let joined = try JoinedModel(bytes: try TaskResult(decoding: left.output.result).output)
        guard try ModelContent(result: entry.result).digest == joined.digest else {
            throw Fault(BoostFaults.partDiffers, at: "\(entry.id)")
        }
        try await book.setWhole(joined.bytes, job: job, task: task)
        _ = try await resources.store.modifyStatus(entry.id) { resource in
            var status = resource.status.object ?? [:]
            status["whole"] = true
            resource.status = .object(status)
        }
        return "model \(entry.model):\(entry.version) is whole here"
    }

    private func make(_ resource: Resource, _ note: ChangeNote) async throws {
        if try await resources.store.find(resource.id) != nil { return }
        do {
            _ = try await resources.create(Document(resource.document), defaults: resource.metadata.scope, by: note)
        } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {}
    }

    /// Everything of a version's document but its name and number.
    private func spec(of left: LeftModel, _ content: ModelContent) async throws -> [String: JSONValue] {
        let plan = left.plan
        let own = plan.parties.firstIndex { $0.site == site } ?? 0
        let setting = plan.setting(of: left.task)
        var read: [JSONValue] = []
        for use in catalogue[left.task.operatorName]?.description.reads(setting) ?? [] where use.party == own {
            var members: [String: JSONValue] = ["name": .string(use.dataset)]
            // The dataset may have been deleted since.
            if let digest = try? await datasets(use.dataset) { members["digest"] = .string(digest) }
            read.append(.object(members))
        }
        var members: [String: JSONValue] = [
            "job": .string(plan.job), "task": .string(left.task.name), "operator": .string(left.task.operatorName),
            "operatorVersion": .integer(Int64(left.task.operatorVersion)), "code": .string(code),
            "plan": .string(Hexadecimal.text(JobPlan.digest(of: plan.bytes))), "role": .string(plan.parties[own].role),
            "parties": .array(
                plan.parties.map { party in
                    var members: [String: JSONValue] = [
                        "site": .string(party.site.text), "role": .string(party.role),
                    ]
                    if let name = names(party.site) { members["peer"] = .string(name) }
                    return .object(members)
                }),
            "part": .string("\(content.partDigest)"), "datasets": .array(read),
            "columns": .array(content.part.columns.map { .string($0) }),
            // A text that a document has no room for stands in the plan alone.
            "parameters": .object(
                left.task.parameters.mapValues(\.json).filter {
                    ($0.value.string ?? "").utf8.count <= FieldType.longestScalar
                }),
        ]
        if let digest = content.digest { members["digest"] = .string("\(digest)") }
        if let model = content.model {
            members["objective"] = .string(model.objective.rawValue)
            members["trees"] = .integer(Int64(model.structure.trees.count))
        }
        return members
    }
}
