import Faults
import Jobs
import Ledger
import Resources
import Synchronization
import TaskRuntime
import Testing

/// What tasks name of earlier tasks: in documents, in plans, and on the way from one to the other.
@Suite struct ReferenceTests {
    private static let catalogue = OperatorCatalogue([
        SampleOperators.Echo(), SampleOperators.Rest(), StudyOperator(),
    ])
    static let earlier = "01JAAAAAAAAAAAAAAAAAAAAAAA"

    private static func spec(_ tasks: [JSONValue]) -> JSONValue {
        [
            "role": "guest", "peers": [["peer": "alpha", "role": "host"], ["peer": "beta", "role": "host"]],
            "tasks": .array(tasks), "seed": .string(String(repeating: "0a", count: 32)),
        ]
    }

    /// Three tasks, each after the one before, and a study after the last.
    private static func spec(_ study: [String: JSONValue], after: [JSONValue] = ["c"]) -> JSONValue {
        spec([
            ["name": "a", "operator": "rest"], ["name": "b", "operator": "rest", "after": ["a"]],
            ["name": "c", "operator": "rest", "after": ["b"]], ["name": "aside", "operator": "rest"],
            ["name": "study", "operator": "study", "after": .array(after), "parameters": .object(study)],
        ])
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let parameters: [String: JSONValue]
        var after: [JSONValue] = ["c"]
        let entry: FaultEntry
        let place: String
        var testDescription: String { "\(parameters) after \(after)" }
    }

    static let wrong: [Wrong] = [
        Wrong(parameters: ["model": "aside"], entry: JobFaults.inputNotBefore, place: "model"),
        Wrong(parameters: ["model": "study"], entry: JobFaults.inputNotBefore, place: "model"),
        Wrong(parameters: ["model": "nothing"], entry: JobFaults.inputNotBefore, place: "model"),
        Wrong(parameters: ["other": "c"], after: ["b"], entry: JobFaults.inputNotBefore, place: "other"),
        Wrong(parameters: ["model": "a"], after: [], entry: JobFaults.inputNotBefore, place: "model"),
        Wrong(parameters: ["model": "x/y/z"], entry: JobFaults.unreadableReference, place: "model"),
        Wrong(parameters: ["model": "/a"], entry: JobFaults.unreadableReference, place: "model"),
        Wrong(parameters: ["model": "Job/a"], entry: JobFaults.unreadableReference, place: "model"),
        Wrong(parameters: ["model": "job/"], entry: JobFaults.unreadableReference, place: "model"),
        Wrong(parameters: ["model": "loans@job/a"], entry: JobFaults.unreadableReference, place: "model"),
        Wrong(parameters: ["table": "loans@match"], entry: JobFaults.unreadableReference, place: "table"),
        Wrong(parameters: ["table": "loans@job/match/x"], entry: JobFaults.unreadableReference, place: "table"),
        Wrong(parameters: ["table": "@job/match"], entry: JobFaults.unreadableReference, place: "table"),
        Wrong(parameters: ["table": "loans@a/b@c/d"], entry: JobFaults.unreadableReference, place: "table"),
        Wrong(parameters: ["table": "a/b@c/d"], entry: JobFaults.unreadableReference, place: "table"),
    ]

    @Test(arguments: wrong) func whatADocumentNamesWronglyIsToldWithItsPath(_ wrong: Wrong) throws {
        do {
            _ = try SampleOperators.compile(
                Self.spec(wrong.parameters, after: wrong.after), catalogue: Self.catalogue)
            Issue.record("taken")
        } catch {
            #expect(error == Fault(wrong.entry), "\(error)")
            #expect(error.place == "spec.tasks[4].parameters.\(wrong.place)")
        }
    }

    @Test func aResultIsOfAnyTaskThatIsWaitedForAlsoThroughOthers() throws {
        for name in ["a", "b", "c"] {
            let plan = try SampleOperators.compile(Self.spec(["model": .string(name)]), catalogue: Self.catalogue)
            #expect(plan.tasks[4].parameters["model"] == .text(name))
            try PlanChecks(Self.catalogue).check(try JobPlan(bytes: plan.bytes), at: SampleOperators.sites["alpha"]!)
        }
    }

    private static func plan(
        model: String = "", other: String = "", table: String = "", after: [String] = ["c"], job: String? = nil,
        owner: SiteID = SampleOperators.own, parties: [PlannedParty]? = nil
    ) throws -> JobPlan {
        let plan = try SampleOperators.compile(spec([:]), catalogue: catalogue)
        let study = PlannedTask(
            name: "study", operatorName: "study", operatorVersion: 1, after: after,
            parameters: [
                "model": .text(model), "other": .text(other), "table": .text(table), "rows": .integer(1),
            ])
        return JobPlan(
            job: job ?? plan.job, name: plan.name, owner: owner, seed: plan.seed, parties: parties ?? plan.parties,
            tasks: plan.tasks.dropLast() + [study], limits: plan.limits)
    }

    @Test func aPlanNamesJobsByTheirULIDsAlone() throws {
        func fault(_ plan: JobPlan) -> Fault? {
            do {
                try PlanChecks(Self.catalogue).check(plan, at: SampleOperators.own)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault(try Self.plan(model: "\(Self.earlier)/train", table: "loans@\(Self.earlier)/match")) == nil)
        #expect(fault(try Self.plan(table: "risk/cards/loans@\(Self.earlier)/match")) == nil)
        for (plan, entry, place) in [
            (try Self.plan(model: "training/train"), JobFaults.unreadableReference, "model"),
            (try Self.plan(table: "loans@matching/match"), JobFaults.unreadableReference, "table"),
            (try Self.plan(model: "x//y"), JobFaults.unreadableReference, "model"),
            (try Self.plan(other: "aside"), JobFaults.inputNotBefore, "other"),
            (try Self.plan(other: "c", after: ["b"]), JobFaults.inputNotBefore, "other"),
        ] {
            let found = fault(plan)
            #expect(found == Fault(entry), "\(found.map { "\($0)" } ?? "taken")")
            #expect(found?.place == "tasks[4].parameters.\(place)")
        }
    }

    // MARK: From the document to the plan

    /// - Parameter asked: what sizes were asked for.
    private static func compile(
        _ spec: JSONValue, jobs: [String: String], asked: ([String]) -> Void = { _ in }
    ) async throws -> JobPlan {
        let questions = Mutex<[String]>([])
        let scope = Scope(tenant: "risk", project: "small")
        let compiling = CatalogueCompiling(catalogue, site: SampleOperators.own) {
            SampleOperators.sites
        } jobs: { name, place in
            place == scope ? jobs[name] : nil
        } rows: { dataset, _, _ in
            questions.withLock { $0.append(dataset) }
            return 300
        }
        let resource = Resource(ResourceID(kind: "Job", scope: scope, name: "sample"), spec: spec)
        defer { asked(questions.withLock { $0 }) }
        return try await compiling.plan(of: resource, job: SampleOperators.job)
    }

    @Test func namesOfJobsBecomeULIDsBeforeAnybodyIsAsked() async throws {
        let spec = Self.spec([
            "model": "training/train", "other": "b", "table": "loans@matching/match", "rows": 0,
        ])
        var asked: [String] = []
        let plan = try await Self.compile(
            spec, jobs: ["training": Self.earlier, "matching": SampleOperators.job]
        ) { asked = $0 }
        let parameters = plan.tasks[4].parameters
        #expect(parameters["model"] == .text("\(Self.earlier)/train"))
        #expect(parameters["other"] == .text("b"))
        #expect(parameters["table"] == .text("loans@\(SampleOperators.job)/match"))
        #expect(parameters["rows"] == .integer(300))
        #expect(asked == ["loans@\(SampleOperators.job)/match"])
        try PlanChecks(Self.catalogue).check(try JobPlan(bytes: plan.bytes), at: SampleOperators.own)
        // With ULIDs nobody is asked for names.
        let same = Self.spec([
            "model": .string("\(Self.earlier)/train"), "other": "b",
            "table": .string("loans@\(SampleOperators.job)/match"), "rows": 0,
        ])
        #expect(try await Self.compile(same, jobs: [:]).bytes == plan.bytes)
        let placed = try await Self.compile(
            Self.spec(["table": "risk/cards/loans@matching/match"]), jobs: ["matching": Self.earlier])
        #expect(placed.tasks[4].parameters["table"] == .text("risk/cards/loans@\(Self.earlier)/match"))
    }

    @Test func aJobThatNobodyKnowsByThatNameIsToldWithThePath() async throws {
        let both = await #expect(throws: Fault(JobFaults.invalid)) {
            _ = try await Self.compile(
                Self.spec(["model": "training/train", "table": "loans@matching/match"]), jobs: [:])
        }
        let places = Set((both?.leaves ?? []).map { "\($0.number) \($0.place ?? "")" })
        let number = JobFaults.earlierJobUnknown.number
        #expect(
            places == ["\(number) spec.tasks[4].parameters.model", "\(number) spec.tasks[4].parameters.table"])
        let one = await #expect(throws: Fault(JobFaults.earlierJobUnknown)) {
            _ = try await Self.compile(Self.spec(["model": "training/train"]), jobs: ["other": Self.earlier])
        }
        #expect(one?.place == "spec.tasks[4].parameters.model")
    }

    @Test func aReferenceThatIsTooLongWithItsULIDIsTold() async throws {
        let task = String(repeating: "t", count: 63)
        // 90 characters are enough for a result, not for what is left of a dataset of this name.
        #expect(
            try await Self.compile(Self.spec(["model": .string("j/\(task)")]), jobs: ["j": Self.earlier]).tasks.count
                == 5)
        let fault = await #expect(throws: Fault(JobFaults.wrongParameter)) {
            _ = try await Self.compile(Self.spec(["table": .string("loans@j/\(task)")]), jobs: ["j": Self.earlier])
        }
        #expect(fault?.place == "spec.tasks[4].parameters.table")
    }

    // MARK: What a site checks

    private struct Known: EarlierJobs {
        var jobs: [String: EarlierJob] = [:]

        func find(_ job: String) async throws -> EarlierJob? { jobs[job] }
    }

    private static func known(
        _ plan: JobPlan, hasSucceeded: Bool = true, outputs: [String: [UInt8]] = ["b": [UInt8](repeating: 1, count: 32)]
    ) -> Known {
        Known(jobs: [earlier: EarlierJob(plan: plan, hasSucceeded: hasSucceeded, outputs: outputs)])
    }

    @Test func aResultOfAnEarlierJobIsReadOnlyWhereItSucceededBetweenTheSameParties() async throws {
        let before = try Self.plan(job: Self.earlier)
        let plan = try Self.plan(model: "\(Self.earlier)/b")
        func fault(_ plan: JobPlan, _ known: Known) async -> Fault? {
            let admission = PlanAdmission(Self.catalogue, site: SampleOperators.sites["alpha"]!, earlier: known)
            do {
                try await admission.check(plan, isForeign: true)
                return nil
            } catch {
                return error as? Fault
            }
        }
        #expect(await fault(plan, Self.known(before)) == nil)
        var others = before.parties
        others[1] = PlannedParty(site: SampleOperators.sites["gamma"]!, role: "host")
        var stranger = before.parties
        stranger[0] = PlannedParty(site: SampleOperators.sites["gamma"]!, role: "guest")
        var roles = before.parties
        roles[2] = PlannedParty(site: roles[2].site, role: "member")
        let swapped = [before.parties[0], before.parties[2], before.parties[1]]
        let cases: [(Known, FaultEntry)] = [
            (Known(), JobFaults.earlierJobUnknown),
            (Self.known(before, hasSucceeded: false), JobFaults.earlierJobUnfinished),
            (Self.known(before, outputs: ["a": [UInt8](repeating: 1, count: 32)]), JobFaults.earlierJobUnknown),
            (Self.known(try Self.plan(job: Self.earlier, parties: others)), JobFaults.earlierJobParties),
            (Self.known(try Self.plan(job: Self.earlier, parties: roles)), JobFaults.earlierJobParties),
            (Self.known(try Self.plan(job: Self.earlier, parties: swapped)), JobFaults.earlierJobParties),
            // Who had no part in it is told nothing of it.
            (Self.known(try Self.plan(job: Self.earlier, parties: stranger)), JobFaults.earlierJobUnknown),
        ]
        for (known, entry) in cases {
            let found = await fault(plan, known)
            #expect(found == Fault(entry), "\(found.map { "\($0)" } ?? "taken")")
            #expect(found?.place == "tasks[4].parameters.model")
        }
        let noTask = await fault(try Self.plan(other: "\(Self.earlier)/none"), Self.known(before))
        #expect(noTask == Fault(JobFaults.earlierJobUnknown) && noTask?.place == "tasks[4].parameters.other")
        // Both at once, each with its place.
        let both = await fault(
            try Self.plan(model: "\(Self.earlier)/b", other: "\(SampleOperators.job)/b"), Known())
        #expect(both?.leaves.map(\.place) == ["tasks[4].parameters.model", "tasks[4].parameters.other"])
    }

    @Test func aParameterMayHaveToBeThatOfTheTaskWhoseResultIsRead() async throws {
        let catalogue = OperatorCatalogue([SampleOperators.Rest(), StudyOperator(kept: ["rows"])])
        func task(_ name: String, model: String, rows: Int64, after: [String] = []) -> PlannedTask {
            PlannedTask(
                name: name, operatorName: "study", operatorVersion: 1, after: after,
                parameters: [
                    "model": .text(model), "other": .text(""), "table": .text(""), "rows": .integer(rows),
                ])
        }
        func plan(_ job: String, _ tasks: [PlannedTask]) throws -> JobPlan {
            let plan = try Self.plan()
            return JobPlan(
                job: job, name: plan.name, owner: plan.owner, seed: plan.seed, parties: plan.parties, tasks: tasks,
                limits: plan.limits)
        }
        let before = Self.known(try plan(Self.earlier, [task("b", model: "", rows: 3)]))
        let admission = PlanAdmission(catalogue, site: SampleOperators.sites["alpha"]!, earlier: before)
        func fault(_ tasks: [PlannedTask]) async throws -> Fault? {
            do {
                try await admission.check(try plan(SampleOperators.job, tasks), isForeign: true)
                return nil
            } catch let fault as Fault { return fault }
        }
        #expect(try await fault([task("c", model: "\(Self.earlier)/b", rows: 3)]) == nil)
        let earlier = try await fault([task("c", model: "\(Self.earlier)/b", rows: 4)])
        #expect(earlier == Fault(JobFaults.earlierJobDiffers) && earlier?.place == "tasks[0].parameters.rows")
        let own = [task("a", model: "", rows: 3), task("c", model: "a", rows: 4, after: ["a"])]
        #expect(try await fault(own) == Fault(JobFaults.earlierJobDiffers))
        #expect(try await fault([own[0], task("c", model: "a", rows: 3, after: ["a"])]) == nil)
    }

    @Test func aGrantIsAskedForOfTheDatasetThatATaskReadBefore() async throws {
        let plan = try Self.plan(table: "loans@\(Self.earlier)/match")
        let admission = PlanAdmission(Self.catalogue, site: SampleOperators.sites["alpha"]!)
        let fault = await #expect(throws: Fault(JobFaults.invalid)) { try await admission.check(plan, isForeign: true) }
        #expect(fault?.leaves.count == 2)
        for leaf in fault?.leaves ?? [] {
            #expect(leaf == Fault(JobFaults.grantMissing) && leaf.wanted?.hasPrefix("a grant of 'loans' to ") == true)
        }
    }

    @Test func aWorkerNeedsEachResultOnce() throws {
        let planning = CataloguePlanning(
            Self.catalogue, site: SampleOperators.sites["alpha"]!, approves: { _ in false })
        let plan = try Self.plan(model: "b", other: "b", table: "loans@\(Self.earlier)/match")
        let needs = planning.needs(of: "study", plan)
        #expect(needs.results == ["b"] && needs.datasets == ["loans@\(Self.earlier)/match"])
        #expect(planning.needs(of: "a", plan) == TaskNeeds())
    }

    @Test func whatAnOutputDependsOnIncludesTheResultsThatItsTaskReads() async throws {
        let (digest, other) = ([UInt8](repeating: 3, count: 32), [UInt8](repeating: 4, count: 32))
        func key(_ model: String, b: [UInt8]?, earlier: [UInt8]?) async throws -> TaskKey? {
            var outputs: [String: [UInt8]] = ["c": digest]
            outputs["b"] = b
            var known = Known()
            if let earlier { known = Self.known(try Self.plan(job: Self.earlier), outputs: ["b": earlier]) }
            let planning = CataloguePlanning(
                Self.catalogue, site: SampleOperators.sites["alpha"]!, earlier: known, approves: { _ in false })
            let plan = try Self.plan(model: model)
            return try await planning.key(of: plan.tasks[4], in: plan, after: outputs)
        }
        let far = "\(Self.earlier)/b"
        // `b` is waited for through `c`.
        let near = try #require(try await key("b", b: digest, earlier: nil))
        #expect(try await key("b", b: digest, earlier: other) == near)
        #expect(try await key("b", b: other, earlier: nil) != near)
        #expect(try await key("b", b: nil, earlier: digest) == nil)
        let there = try #require(try await key(far, b: nil, earlier: digest))
        #expect(try await key(far, b: other, earlier: digest) == there)
        #expect(try await key(far, b: nil, earlier: other) != there)
        #expect(try await key(far, b: digest, earlier: nil) == nil)
    }
}
