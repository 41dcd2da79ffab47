import Faults
import Jobs
import Ledger
import Resources
import TaskRuntime
import Testing

/// A plan that another site proposes is trusted in nothing.
@Suite struct PlanAdmissionTests {
    private static let alpha = SampleOperators.sites["alpha"]!

    /// A plan whose parts were changed after it was made.
    private static func plan(
        job: String = SampleOperators.job, name: String = "sample", owner: SiteID = SampleOperators.own,
        parties: [PlannedParty]? = nil, tasks: [PlannedTask]? = nil, limits: JobLimits? = nil
    ) throws -> JobPlan {
        let plan = try SampleOperators.compile(SampleOperators.spec)
        return JobPlan(
            job: job, name: name, owner: owner, seed: plan.seed, parties: parties ?? plan.parties,
            tasks: tasks ?? plan.tasks, limits: limits ?? plan.limits)
    }

    private static func echo(
        name: String = "first", operatorName: String = "echo", version: UInt32 = 3, after: [String] = [],
        _ changes: [String: ParameterValue?] = [:]
    ) -> PlannedTask {
        var parameters: [String: ParameterValue] = [
            "rounds": .integer(2), "share": .number(1), "loud": .boolean(false), "word": .text("short"),
            "title": .text(""),
        ]
        for (key, value) in changes { parameters[key] = value }
        return PlannedTask(
            name: name, operatorName: operatorName, operatorVersion: version, after: after, parameters: parameters)
    }

    private static func fault(_ plan: JobPlan, at site: SiteID = alpha) -> Fault? {
        do {
            try PlanChecks(SampleOperators.catalogue).check(plan, at: site)
            return nil
        } catch {
            return error
        }
    }

    @Test func aPlanThatWasMadeHereIsTakenThere() throws {
        let bytes = try Self.plan().bytes
        #expect(Self.fault(try JobPlan(bytes: bytes)) == nil)
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let tasks: [PlannedTask]
        let entry: FaultEntry
        let place: String
        var testDescription: String { "\(entry.name) at \(place)" }
    }

    static let wrong: [Wrong] = [
        Wrong(tasks: [echo(operatorName: "ecko")], entry: JobFaults.unknownOperator, place: "tasks[0].operator"),
        Wrong(tasks: [echo(version: 4)], entry: JobFaults.versionDiffers, place: "tasks[0].version"),
        Wrong(
            tasks: [echo(["rounds": .integer(10)])], entry: JobFaults.wrongParameter,
            place: "tasks[0].parameters.rounds"),
        Wrong(
            tasks: [echo(["share": .integer(1)])], entry: JobFaults.wrongParameter,
            place: "tasks[0].parameters.share"),
        Wrong(
            tasks: [echo(["share": .number(.nan)])], entry: JobFaults.wrongParameter,
            place: "tasks[0].parameters.share"),
        Wrong(
            tasks: [echo(["loud": nil])], entry: JobFaults.missingParameter, place: "tasks[0].parameters.loud"),
        Wrong(tasks: [echo(["more": .integer(1)])], entry: JobFaults.unknownParameter, place: "tasks[0].parameters"),
        Wrong(
            tasks: [echo(["rounds": .integer(9), "loud": .boolean(true)])], entry: JobFaults.wrongParameter,
            place: "tasks[0].parameters.rounds"),
        Wrong(tasks: [echo(after: ["later"]), echo(name: "later")], entry: JobFaults.wrongGraph, place: "tasks[0]"),
        Wrong(tasks: [echo(after: ["first"])], entry: JobFaults.wrongGraph, place: "tasks[0]"),
        Wrong(tasks: [echo(), echo()], entry: JobFaults.wrongGraph, place: "tasks[1]"),
        Wrong(tasks: [echo(name: "Not A Name")], entry: JobFaults.wrongGraph, place: "tasks[0]"),
    ]

    @Test(arguments: wrong) func whatATaskHasWrongIsToldWithItsPath(_ wrong: Wrong) throws {
        let fault = Self.fault(try Self.plan(tasks: wrong.tasks))
        #expect(fault?.number == wrong.entry.number)
        #expect(fault?.place == wrong.place)
    }

    @Test func versionsThatDifferAreBothNamed() throws {
        let fault = Self.fault(try Self.plan(tasks: [Self.echo(version: 4)]))
        #expect(
            fault?.what == "Version 4 of the operator 'echo' is wanted, and this site has version 3.")
    }

    @Test func theFrameOfAPlanIsHeldToo() throws {
        let parties = try Self.plan().parties
        #expect(Self.fault(try Self.plan(tasks: [])) == Fault(JobFaults.wrongGraph))
        let many = (0...JobPlan.mostTasks).map { Self.echo(name: "t\($0)") }
        #expect(Self.fault(try Self.plan(tasks: many)) == Fault(JobFaults.wrongGraph))
        #expect(Self.fault(try Self.plan(), at: SampleOperators.site(99)) == Fault(JobFaults.notInPlan))
        #expect(Self.fault(try Self.plan(owner: SampleOperators.site(99))) == Fault(JobFaults.notInPlan))
        #expect(Self.fault(try Self.plan(parties: parties + [parties[1]])) == Fault(JobFaults.wrongRoles))
        #expect(Self.fault(try Self.plan(job: "no-ulid")) == Fault(JobFaults.unreadablePlan))
        #expect(Self.fault(try Self.plan(name: "No Name")) == Fault(JobFaults.unreadablePlan))
        for limits in [
            JobLimits(memory: 0, cores: 1, seconds: 1), JobLimits(memory: 64 << 20, cores: 0, seconds: 1),
            JobLimits(memory: 64 << 20, cores: 1, seconds: 0), JobLimits(memory: .max, cores: 1, seconds: 1),
        ] {
            #expect(Self.fault(try Self.plan(limits: limits)) == Fault(JobFaults.unreadablePlan))
        }
        var bosses = parties
        bosses[1] = PlannedParty(site: parties[1].site, role: "boss")
        let roles = Self.fault(try Self.plan(parties: bosses))
        #expect(roles?.leaves.contains { $0.place == "parties[1].role" } == true)
    }

    @Test func everythingAgainstAPlanIsToldAtOnce() throws {
        let fault = Self.fault(
            try Self.plan(tasks: [Self.echo(version: 4), Self.echo(name: "x", ["rounds": .integer(0)])]))
        #expect(fault == Fault(JobFaults.invalid))
        #expect(fault?.parts.map(\.number) == [JobFaults.versionDiffers, JobFaults.wrongParameter].map(\.number))
    }

    @Test func aSitesPolicySaysWhatItAllows() async throws {
        func fault(_ policy: ConfiguredPolicy, isForeign: Bool = true) async -> Fault? {
            let admission = PlanAdmission(SampleOperators.catalogue, site: Self.alpha, policy: policy)
            do {
                try await admission.check(try Self.plan(), isForeign: isForeign)
                return nil
            } catch {
                return error as? Fault
            }
        }
        var policy = ConfiguredPolicy()
        #expect(await fault(policy) == nil)
        policy.operators = ["rest"]
        let refused = await fault(policy)
        #expect(refused == Fault(JobFaults.notAllowed) && refused?.place == "tasks[0]" && refused?.wanted == "rest")
        policy = ConfiguredPolicy()
        policy.mayPropose = { _ in false }
        #expect(await fault(policy)?.place == "plan.owner")
        #expect(await fault(policy, isForeign: false) == nil)
        policy = ConfiguredPolicy()
        policy.most = JobLimits(memory: 256 << 20, cores: 1, seconds: 60)
        let limits = await fault(policy)
        #expect(limits == Fault(JobFaults.invalid))
        #expect(limits?.parts.map(\.place) == ["limits.memory", "limits.cores", "limits.seconds"])
        #expect(limits?.parts.first?.wanted == "at most 256 MiB")
    }

    /// Every peer's clock is as far off.
    private struct Clocks: PeerClocks {
        let ahead: Int64?

        func milliseconds(ahead peer: SiteID) -> Int64? { ahead }
    }

    @Test func clocksThatDifferRefuseTheJobWithTheNumbers() async throws {
        func faults(_ ahead: Int64?) async throws -> [Fault] {
            let admission = PlanAdmission(
                SampleOperators.catalogue, site: Self.alpha, clocks: Clocks(ahead: ahead))
            do {
                try await admission.check(try Self.plan(), isForeign: true)
                return []
            } catch let fault as Fault {
                return fault.leaves
            }
        }
        for ahead in [nil, 0, 60_000, -60_000] as [Int64?] { #expect(try await faults(ahead).isEmpty) }
        // One for each of the two other sites.
        for (ahead, words) in [(60_001, "60 s ahead of"), (-75_900, "75 s behind"), (.min, "s behind")]
            as [(Int64, String)]
        {
            let found = try await faults(ahead)
            #expect(found.map(\.number) == [JobFaults.clockDiffers, JobFaults.clockDiffers].map(\.number))
            #expect(found.allSatisfy { $0.what.contains(words) && $0.wanted == "at most 60 s" }, "\(found)")
        }
    }

    @Test func whatAnOutputDependsOnIsKnownOnlyWhereAllOfItIs() async throws {
        func planning(code: String = "1", datasets: [String: [UInt8]] = [:]) -> CataloguePlanning {
            CataloguePlanning(
                SampleOperators.catalogue, site: Self.alpha, code: code, datasets: { datasets[$0] },
                approves: { _ in false })
        }
        let digest = [UInt8](repeating: 3, count: 32)
        let other = [UInt8](repeating: 4, count: 32)
        let reading = Self.echo(["title": .text("sales")])
        let second = Self.echo(name: "second", after: ["first"])
        let rest = PlannedTask(name: "rest", operatorName: "rest", operatorVersion: 1, after: [], parameters: [:])
        let plan = try Self.plan(tasks: [reading, second, rest])
        func key(
            _ task: PlannedTask, _ planning: CataloguePlanning, after outputs: [String: [UInt8]] = [:]
        ) async throws -> TaskKey? { try await planning.key(of: task, in: plan, after: outputs) }

        // A dataset that is not here, an earlier output that is not there, an operator that always runs.
        #expect(try await key(reading, planning()) == nil)
        #expect(try await key(second, planning()) == nil)
        #expect(try await key(rest, planning()) == nil)
        let known = try #require(try await key(reading, planning(datasets: ["sales": digest])))
        #expect(try await key(reading, planning(datasets: ["sales": digest])) == known)
        #expect(try await key(reading, planning(datasets: ["sales": other])) != known)
        #expect(try await key(reading, planning(code: "2", datasets: ["sales": digest])) != known)
        let follows = try #require(try await key(second, planning(), after: ["first": digest]))
        #expect(try await key(second, planning(), after: ["first": other]) != follows)
    }

    @Test func aDatasetIsReadOnlyWithAGrantTowardsEveryOtherParty() async throws {
        let plan = try Self.plan(tasks: [Self.echo(["title": .text("sales")])])
        let needs = plan.grantNeeds(SampleOperators.catalogue)
        // Two hosts read, each towards the two others.
        #expect(needs.count == 4 && needs.allSatisfy { $0.dataset == "sales" && $0.owner != $0.peer })
        let book = MemoryGrantBook()
        let admission = PlanAdmission(SampleOperators.catalogue, site: Self.alpha, grants: book)
        let both = await #expect(throws: Fault(JobFaults.invalid)) {
            try await admission.check(plan, isForeign: true)
        }
        #expect(both?.parts.map(\.number) == [JobFaults.grantMissing, JobFaults.grantMissing].map(\.number))
        let own = needs.filter { $0.owner == Self.alpha }
        book.give(own[0])
        await #expect(throws: Fault(JobFaults.grantMissing)) { try await admission.check(plan, isForeign: true) }
        book.give(own[1])
        try await admission.check(plan, isForeign: true)
        book.revoke(own[0])
        await #expect(throws: Fault(JobFaults.grantMissing)) { try await admission.check(plan, isForeign: true) }
        // The guest has no dataset in it.
        try await PlanAdmission(SampleOperators.catalogue, site: SampleOperators.own).check(plan, isForeign: false)
    }
}
