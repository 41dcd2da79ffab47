import Faults
import Foundation
import Jobs
import JobsTestKit
import Ledger
import Logging
import Resources
import ResourcesTestKit
import ServiceLifecycle
import Testing

@testable import Modeling
@testable import Models
@testable import TaskRuntime

/// Models of a site on a real database: what jobs leave, what people ask for.
@Suite(.timeLimit(.minutes(2))) final class ModelShelfTests: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "models-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: folder) }

    static let sites = [1, 2].map { SiteID(digest: [UInt8](repeating: $0, count: 32)) }
    static let scope = Scope(tenant: "risk", project: "cards")

    /// A model of a guest and one host, made by hand: one tree, one split of each, three leaves.
    static let structure = ModelStructure(
        settings: BoostingSettings(objective: .binary), baseScore: 0, parties: 2,
        trees: [
            BoostedTree(
                units: Gradients.Units(first: 1, second: 1),
                nodes: [
                    .init(
                        content: .split(owner: 0, gain: 3, left: 1, right: 2),
                        sums: GradientSums(first: 1, second: 9, rows: 90)),
                    .init(
                        content: .split(owner: 1, gain: 1, left: 3, right: 4),
                        sums: GradientSums(first: 1, second: 5, rows: 50)),
                    .init(content: .leaf(0.5), sums: GradientSums(first: 1, second: 4, rows: 40)),
                    .init(content: .leaf(-0.5), sums: GradientSums(first: 1, second: 3, rows: 30)),
                    .init(content: .leaf(0.25), sums: GradientSums(first: 1, second: 2, rows: 20)),
                ])
        ])
    static let guestPart = ModelPart(
        party: 0, columns: ["limit"],
        conditions: [SplitCondition(tree: 0, node: 0, column: 0, edge: 2.5, missingLeft: true)])
    static let hostPart = ModelPart(
        party: 1, columns: ["takings", "refunds"],
        conditions: [SplitCondition(tree: 0, node: 1, column: 1, edge: 7, missingLeft: false)])
    static let salt = [UInt8](repeating: 9, count: 32)

    static let guest = BoostGuestResult(
        model: BoostedModel(structure: structure, parts: [guestPart]), hosts: [hostPart.digest(salt: salt)])
    static let host = BoostHostResult(salt: salt, part: hostPart)
    static let joined = JoinedModel(
        model: BoostedModel(structure: structure, parts: [guestPart, hostPart]), salts: [salt])

    static func plan(_ job: String, model: String = "") -> JobPlan {
        let setting = TaskSetting.example(
            of: BoostOperator(),
            parameters: [
                "guestDataset": .text("loans"), "hostDatasets": .text("takings"), "guestKey": .text("id"),
                "hostKeys": .text("id"), "label": .text("y"), "model": .text(model),
            ],
            parties: [TaskParty(site: sites[0].text, role: "guest"), TaskParty(site: sites[1].text, role: "host")])
        return JobPlan(
            job: job, name: "learn", owner: sites[0], seed: [UInt8](repeating: 3, count: 32),
            parties: [PlannedParty(site: sites[0], role: "guest"), PlannedParty(site: sites[1], role: "host")],
            tasks: [
                PlannedTask(
                    name: "train", operatorName: "train.boosting", operatorVersion: 1, after: [],
                    parameters: setting.parameters)
            ], limits: JobLimits(memory: 1 << 30, cores: 1, seconds: 60))
    }

    static func left(_ job: String, _ kind: LeftModel.Kind, _ output: [UInt8], name: String = "learn") throws
        -> LeftModel
    {
        let plan = plan(job)
        let result = try TaskResult(output: output, figures: ["auc": 0.75]).encoded()
        return LeftModel(
            kind: kind, plan: plan, task: plan.tasks[0], place: .init(name: name, scope: scope),
            output: JobOutput(
                task: "train", digest: String(repeating: "ab", count: 32), result: result, time: .now))
    }

    /// A shelf of one party on a database in memory of its own.
    func shelf(party: Int = 0) async throws -> ModelShelf {
        let place = folder.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let database = try SQLiteDatabase(
            path: place.appending(path: "site.db").path, snapshots: place.path, migrations: [ModelMigrations.self])
        var resources = ResourceService(
            registry: KindRegistry(
                [Self.tenant, Self.project, Model.kind, ModelVersion.kind], tenantKind: "Tenant", projectKind: "Project"
            ),
            store: MemoryResourceStore())
        resources.deletionGuards = ModelShelf.deletionGuards(resources.store)
        let note = ChangeNote(author: "test")
        _ = try await resources.store.create(Resource(ResourceID(kind: "Tenant", name: "risk"), spec: [:]), by: note)
        _ = try await resources.store.create(
            Resource(ResourceID(kind: "Project", scope: Scope(tenant: "risk"), name: "cards"), spec: [:]), by: note)
        return ModelShelf(
            resources: resources, book: ModelBook(database), catalogue: Operators.all, site: Self.sites[party],
            code: "test", names: { $0 == Self.sites[party] ? nil : "peer" },
            datasets: { $0 == "loans" ? String(repeating: "cd", count: 32) : nil })
    }

    static let tenant = KindDefinition(
        "Tenant", plural: "tenants", scope: .platform, summary: "", fields: [], example: "")
    static let project = KindDefinition(
        "Project", plural: "projects", scope: .tenant, summary: "", fields: [], example: "")

    // MARK: What jobs leave

    @Test func everyTrainingIsAVersionThatIsKeptOnce() async throws {
        let shelf = try await shelf()
        let jobs = (0..<3).map { _ in ULID.make() }
        for (index, job) in jobs.enumerated() {
            let line = try await shelf.keep(try Self.left(job, .parts(name: "merchants"), Self.guest.bytes))
            #expect(line?.contains("merchants:\(index + 1)") == true)
            // After a crash it is asked again.
            #expect(try await shelf.keep(try Self.left(job, .parts(name: "merchants"), Self.guest.bytes)) == nil)
        }
        let spec = try await shelf.resources.store.get(ModelVersion.id("merchants", 2, in: Self.scope)).spec
        #expect(spec["job"]?.string == jobs[1] && spec["role"] == "guest" && spec["trees"] == 1)
        #expect(spec["digest"]?.string == "\(Self.guest.digest)")
        #expect(spec["datasets"] == [["name": "loans", "digest": .string(String(repeating: "cd", count: 32))]])
        #expect(spec["parties"]?.array?.map { $0["peer"]?.string } == [nil, "peer"])
        #expect(spec["parameters"]?["label"] == "y")
    }

    @Test func aModelHasTheNameOfItsJobWhereItIsGivenNone() async throws {
        let shelf = try await shelf(party: 1)
        let long = String(repeating: "a", count: 47) + "-" + String(repeating: "b", count: 10)
        _ = try await shelf.keep(try Self.left(ULID.make(), .parts(name: nil), Self.host.bytes, name: long))
        let entry = try await shelf.find(ModelReference(String(repeating: "a", count: 47))!, in: Self.scope)
        #expect(entry.version == 1)
        let spec = try await shelf.resources.store.get(entry.id).spec
        #expect(spec["role"] == "host" && spec["digest"] == nil && spec["columns"] == ["takings", "refunds"])
    }

    @Test func aNumberIsNeverGivenAgain() async throws {
        let shelf = try await shelf()
        for _ in 0..<2 { _ = try await shelf.keep(try Self.left(ULID.make(), .parts(name: "m"), Self.guest.bytes)) }
        try await shelf.book.remove(ModelVersion.id("m", 2, in: Self.scope))
        let line = try await shelf.keep(try Self.left(ULID.make(), .parts(name: "m"), Self.guest.bytes))
        #expect(line?.contains("m:3") == true)
    }

    @Test func whatIsNoModelIsNotKept() async throws {
        let shelf = try await shelf()
        await #expect(throws: Fault(BoostFaults.modelUnusable)) {
            _ = try await shelf.keep(try Self.left(ULID.make(), .parts(name: "m"), [1, 2, 3]))
        }
        #expect(try await shelf.book.find("m", nil, in: Self.scope) == nil)
        #expect(try await shelf.resources.store.find(Model.id("m", in: Self.scope)) == nil)
    }

    /// A column's name that no document takes: whatever it is that cannot be shown.
    @Test func aPartThatCannotBeShownIsNotKeptEither() async throws {
        let shelf = try await shelf()
        let part = ModelPart(party: 0, columns: ["li\nmit"], conditions: Self.guestPart.conditions)
        let result = BoostGuestResult(
            model: BoostedModel(structure: Self.structure, parts: [part]), hosts: Self.guest.hosts)
        let job = ULID.make()
        await #expect(throws: (any Error).self) {
            _ = try await shelf.keep(try Self.left(job, .parts(name: "m"), result.bytes))
        }
        #expect(try await shelf.find(job) == nil)
        #expect(try await shelf.result(job, "train") == nil)
        #expect(try await shelf.book.find("m", nil, in: Self.scope) == nil)
    }

    @Test func aForgottenJobIsStillKnownByItsModel() async throws {
        let shelf = try await shelf()
        let job = ULID.make()
        _ = try await shelf.keep(try Self.left(job, .parts(name: "m"), Self.guest.bytes))
        let earlier = try await shelf.find(job)
        #expect(earlier?.hasSucceeded == true && earlier?.plan == Self.plan(job))
        #expect(earlier?.outputs["train"] == [UInt8](repeating: 0xab, count: 32))
        let result = try #require(try await shelf.result(job, "train"))
        #expect(try TaskResult(decoding: result).output == Self.guest.bytes)
        #expect(try await shelf.find(ULID.make()) == nil)
    }

    @Test func theWholeIsKeptWithTheVersionThatItIsOf() async throws {
        let shelf = try await shelf()
        let job = ULID.make()
        _ = try await shelf.keep(try Self.left(job, .parts(name: "m"), Self.guest.bytes))
        await #expect(throws: Fault(ModelFaults.notWhole)) {
            _ = try await shelf.export(ModelReference("m")!, in: Self.scope, as: .xgboost)
        }
        let whole = LeftModel.Kind.whole(job: job, task: "train")
        let line = try await shelf.keep(try Self.left(ULID.make(), whole, Self.joined.bytes))
        #expect(line == "model m:1 is whole here")
        let text = try await shelf.export(ModelReference("m:1")!, in: Self.scope, as: .xgboost)
        #expect(String(decoding: text, as: UTF8.self) == (try Self.joined.model.xgboostJSON()))
        #expect(try await shelf.facts(ModelReference("m")!, in: Self.scope)["content"]?["whole"] == true)
        // What is no whole model is told, and nothing of it is kept.
        await #expect(throws: Fault(BoostFaults.modelUnusable)) {
            _ = try await shelf.keep(try Self.left(ULID.make(), whole, Self.salt))
        }
        // A host has the digest of its part, and keeps its part as it is.
        let host = try await self.shelf(party: 1)
        _ = try await host.keep(try Self.left(job, .parts(name: "m"), Self.host.bytes))
        #expect(try await host.keep(try Self.left(ULID.make(), whole, Self.salt)) == nil)
        #expect(try await host.facts(ModelReference("m")!, in: Self.scope)["content"]?["whole"] == false)
        // Of another model.
        let other = JoinedModel(model: Self.joined.model, salts: [[UInt8](repeating: 8, count: 32)])
        await #expect(throws: Fault(BoostFaults.partDiffers)) {
            _ = try await shelf.keep(try Self.left(ULID.make(), whole, other.bytes))
        }
    }

    // MARK: What people ask for

    @Test func aVersionIsFoundByNumberAliasOrAsTheNewest() async throws {
        let shelf = try await shelf()
        for _ in 0..<3 { _ = try await shelf.keep(try Self.left(ULID.make(), .parts(name: "m"), Self.guest.bytes)) }
        let note = ChangeNote(author: "test")
        _ = try await shelf.setAlias("champion", of: "m", to: 2, in: Self.scope, by: note)
        for (text, version) in [("m", Int64(3)), ("m:1", 1), ("m:champion", 2)] {
            #expect(try await shelf.find(ModelReference(text)!, in: Self.scope).version == version)
        }
        for text in ["m:4", "m:challenger", "n"] {
            await #expect(throws: Fault(ModelFaults.unknown)) {
                _ = try await shelf.find(ModelReference(text)!, in: Self.scope)
            }
        }
        await #expect(throws: Fault(ModelFaults.unknown)) {
            _ = try await shelf.find(ModelReference("m")!, in: Scope(tenant: "risk", project: "other"))
        }
        await #expect(throws: Fault(ModelFaults.alias)) {
            _ = try await shelf.setAlias("12", of: "m", to: 2, in: Self.scope, by: note)
        }
        await #expect(throws: Fault(ModelFaults.unknown)) {
            _ = try await shelf.setAlias("champion", of: "m", to: 9, in: Self.scope, by: note)
        }
        _ = try await shelf.setAlias("champion", of: "m", to: 3, in: Self.scope, by: note)
        #expect(try await shelf.find(ModelReference("m:champion")!, in: Self.scope).version == 3)
        let training = try await shelf.training(of: ModelReference("m:champion")!, in: Self.scope)
        #expect(training.hasSuffix("/train") && training.count == 32)
        // As many as a document may have, and no more.
        for number in 1..<32 {
            _ = try await shelf.setAlias("alias-\(number)", of: "m", to: 1, in: Self.scope, by: note)
        }
        await #expect(throws: (any Error).self) {
            _ = try await shelf.setAlias("alias-32", of: "m", to: 1, in: Self.scope, by: note)
        }
        _ = try await shelf.setAlias("champion", of: "m", to: nil, in: Self.scope, by: note)
        await #expect(throws: Fault(ModelFaults.unknown)) {
            _ = try await shelf.find(ModelReference("m:champion")!, in: Self.scope)
        }
    }

    @Test func whatIsInUseIsNotDeleted() async throws {
        let shelf = try await shelf()
        let note = ChangeNote(author: "test")
        for _ in 0..<2 { _ = try await shelf.keep(try Self.left(ULID.make(), .parts(name: "m"), Self.guest.bytes)) }
        _ = try await shelf.setAlias("champion", of: "m", to: 2, in: Self.scope, by: note)
        await #expect(throws: Fault(ModelFaults.hasVersions)) {
            _ = try await shelf.resources.delete(Model.id("m", in: Self.scope), version: nil, by: note)
        }
        await #expect(throws: Fault(ModelFaults.hasAlias)) {
            _ = try await shelf.resources.delete(ModelVersion.id("m", 2, in: Self.scope), version: nil, by: note)
        }
        _ = try await shelf.resources.delete(ModelVersion.id("m", 1, in: Self.scope), version: nil, by: note)
    }

    @Test func theControllerSaysWhatIsHereAndClearsUp() async throws {
        let shelf = try await shelf()
        let note = ChangeNote(author: "test")
        let job = ULID.make()
        _ = try await shelf.keep(try Self.left(job, .parts(name: "m"), Self.guest.bytes))
        _ = try await shelf.keep(try Self.left(ULID.make(), .parts(name: "m"), Self.guest.bytes))
        _ = try await shelf.setAlias("old", of: "m", to: 1, in: Self.scope, by: note)
        let controller = ModelController(shelf)
        for id in [Model.id("m", in: Self.scope), ModelVersion.id("m", 1, in: Self.scope)] {
            _ = try await controller.reconcile(id)
        }
        let model = try await shelf.resources.store.get(Model.id("m", in: Self.scope)).status
        #expect(model["versions"] == 2 && model["newest"] == 2 && model["aliases"] == "old=1")
        let version = try await shelf.resources.store.get(ModelVersion.id("m", 1, in: Self.scope))
        #expect(version.status["state"] == "Ready" && version.status["whole"] == false)
        // A document that somebody wrote is no model.
        var spec = version.spec.object ?? [:]
        spec["version"] = 7
        _ = try await shelf.resources.create(
            Document(Resource(ModelVersion.id("m", 7, in: Self.scope), spec: .object(spec)).document),
            defaults: Self.scope, by: note)
        _ = try await controller.reconcile(ModelVersion.id("m", 7, in: Self.scope))
        #expect(
            try await shelf.resources.store.get(ModelVersion.id("m", 7, in: Self.scope)).status["state"] == "NoContent")
        await #expect(throws: Fault(ModelFaults.unknown)) {
            _ = try await shelf.find(ModelReference("m:7")!, in: Self.scope)
        }

        _ = try await shelf.setAlias("old", of: "m", to: nil, in: Self.scope, by: note)
        _ = try await shelf.resources.delete(ModelVersion.id("m", 1, in: Self.scope), version: nil, by: note)
        _ = try await controller.reconcile(ModelVersion.id("m", 1, in: Self.scope))
        #expect(try await shelf.resources.store.find(ModelVersion.id("m", 1, in: Self.scope)) == nil)
        #expect(try await shelf.result(job, "train") == nil)
    }

    // MARK: What is said and written

    @Test func eachPartySaysWhatItKnows() async throws {
        let guest = ModelContent.guest(Self.guest).json
        #expect(guest["parties"]?.array?.map { $0["gainShare"]?.number } == [0.75, 0.25])
        #expect(guest["columns"]?.array?.map { $0["column"]?.string } == ["limit"])
        let host = ModelContent.host(Self.host).json
        #expect(host["trees"] == nil && host["parties"] == nil && host["digest"] == nil)
        #expect(host["columns"] == [["party": "host1", "column": "refunds", "splits": 1]])
        let whole = ModelContent.whole(Self.joined).json
        #expect(whole["digest"] == guest["digest"] && whole["columns"]?.array?.count == 2)
        let dump = try ModelExport.dump.bytes(of: .host(Self.host))
        #expect(String(decoding: dump, as: UTF8.self).contains("tree 0, node 1: refunds < 7.0, missing right"))
        #expect(try ModelExport.native.bytes(of: .host(Self.host)) == Self.host.bytes)
        #expect(throws: Fault(ModelFaults.notWhole)) { _ = try ModelExport.xgboost.bytes(of: .host(Self.host)) }
    }

    @Test func jobsAreMadeOfTheVersionsDocument() async throws {
        let (bank, partner) = (try await shelf(), try await shelf(party: 1))
        let job = ULID.make()
        _ = try await bank.keep(try Self.left(job, .parts(name: "m"), Self.guest.bytes))
        _ = try await partner.keep(try Self.left(job, .parts(name: "m"), Self.host.bytes))
        let spec = try await bank.resources.store.get(ModelVersion.id("m", 1, in: Self.scope)).spec
        let join = try ModelJob.join(spec)
        #expect(join["peers"] == [["peer": "peer", "role": "host"]])
        #expect(join["tasks"]?.array?.first?["parameters"]?["model"]?.string == "\(job)/train")
        #expect(join["tasks"]?.array?.first?["parameters"]?["hostDatasets"] == "takings")
        var scoring = ModelJob.Scoring()
        (scoring.guestDataset, scoring.hostDatasets) = ("new", ["other"])
        let predict = try ModelJob.predict(spec, scoring)["tasks"]?.array?.first?["parameters"]
        #expect(
            predict?["guestDataset"] == "new" && predict?["hostDatasets"] == "other" && predict?["guestKey"] == "id")
        // Both are documents that the operators take.
        for made in [join, try ModelJob.predict(spec, scoring)] {
            let resource = Resource(ResourceID(kind: "Job", scope: Self.scope, name: "x"), spec: made)
            _ = try PlanCompiler(Operators.all).compile(
                resource, id: ULID.make(), site: Self.sites[0], seed: [UInt8](repeating: 0, count: 32),
                peers: ["peer": Self.sites[1]])
        }
        let hosts = try await partner.resources.store.get(ModelVersion.id("m", 1, in: Self.scope)).spec
        #expect(throws: Fault(ModelFaults.notGuest)) { _ = try ModelJob.join(hosts) }
    }

    @Test func versionsAreComparedByEverythingThatTheySay() async throws {
        let shelf = try await shelf()
        for _ in 0..<2 { _ = try await shelf.keep(try Self.left(ULID.make(), .parts(name: "m"), Self.guest.bytes)) }
        let facts = [
            try await shelf.facts(ModelReference("m:1")!, in: Self.scope),
            try await shelf.facts(ModelReference("m:2")!, in: Self.scope),
        ]
        let rows = ModelComparison.rows(facts[0], facts[1])
        #expect(rows.filter(\.differs).map(\.what) == ["job"])
        #expect(rows.contains { $0.what == "figures.auc" && $0.first == "0.75" && !$0.differs })
        #expect(rows.contains { $0.what == "parameters.trees" })
    }

    @Test(arguments: ["", ":1", "m:", "m:0", "m:01", "m:a b", "M", "m:1:2", "m:-"]) func whatIsNoNameOfAVersion(
        _ text: String
    ) {
        #expect(ModelReference(text) == nil)
    }

    @Test func namesOfVersionsAreWrittenAsTheyAreRead() {
        for text in ["m", "m:1", "m:champion", "m:v2"] { #expect(ModelReference(text)?.description == text) }
    }

    @Test func anAliasThatIsANumberIsRefusedInADocument() async throws {
        let shelf = try await shelf()
        await #expect(throws: Fault(ModelFaults.alias)) {
            _ = try await shelf.resources.create(
                Document(Resource(Model.id("m", in: Self.scope), spec: ["aliases": ["7": 1]]).document),
                defaults: Self.scope, by: ChangeNote(author: "test"))
        }
    }
}
