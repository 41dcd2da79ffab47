import Jobs
import Ledger
import Resources
import TaskRuntime
import Testing

@testable import atoll

/// What `atoll job plan` and `atoll operators NAME` write for people, from what the server answers.
@Suite struct CommandsJobPlanTests {
    private static func site(_ number: UInt8) -> SiteID {
        SiteID(digest: [UInt8](repeating: number, count: 32))
    }

    private static func statement(_ known: KnownRates) throws -> PlanStatement {
        let verify = try #require(Operators.all["verify"]?.description)
        let values = verify.parameters.compactMap { row in row.defaultValue.map { (row.name, $0) } }
        let plan = JobPlan(
            job: ULID.make(), name: "check", owner: site(1), seed: [UInt8](repeating: 1, count: 32),
            parties: [1, 2].map { PlannedParty(site: site($0), role: "member") },
            tasks: [
                PlannedTask(
                    name: "measure", operatorName: "verify", operatorVersion: verify.version, after: [],
                    parameters: Dictionary(uniqueKeysWithValues: values))
            ], limits: JobLimits(memory: 512 << 20, cores: 2, seconds: 60))
        return PlanStatement(plan, rates: known, Operators.all)
    }

    @Test func aPlanNamesPartiesMessagesAndWhatEachSiteLearns() throws {
        let text = JobPlanCommand.text(try Self.statement(.careful).json)
        let (one, two) = (Self.site(1).short, Self.site(2).short)
        #expect(text.contains("Job check, plan "))
        #expect(text.contains("careful defaults"))
        #expect(text.contains("Party \(one) (member): about "))
        #expect(text.contains("and 2 cores"))
        #expect(text.contains(" from \(one) to \(two): "))
        #expect(text.contains("member \(one), \(two) learns: "))
        #expect(text.contains("No grant is needed"))
    }

    @Test func aPlanSaysSinceWhenItsRatesHold() throws {
        let known = KnownRates(rates: .careful, measured: Timestamp(milliseconds: 0))
        let text = JobPlanCommand.text(try Self.statement(known).json)
        #expect(text.contains("measured between these sites on 1970-01-01T00:00:00.000Z."))
    }

    /// Training that may stop early sends fewer messages than its plan says, and the plan says so.
    @Test(arguments: [Int64(0), 3]) func whatMayNotBeSentIsTheMost(_ patience: Int64) throws {
        let boosting = try #require(Operators.all["train.boosting"]?.description)
        var values = boosting.parameters.reduce(into: [String: ParameterValue]()) { $0[$1.name] = $1.defaultValue }
        for name in ["guestDataset", "hostDatasets", "guestKey", "hostKeys", "label"] { values[name] = .text("x") }
        (values["rows"], values["trees"]) = (.integer(400), .integer(3))
        (values["patience"], values["validationShare"]) = (.integer(patience), .number(patience > 0 ? 0.2 : 0))
        let plan = JobPlan(
            job: ULID.make(), name: "learn", owner: Self.site(1), seed: [UInt8](repeating: 1, count: 32),
            parties: [
                PlannedParty(site: Self.site(1), role: "guest"), PlannedParty(site: Self.site(2), role: "host"),
            ],
            tasks: [
                PlannedTask(
                    name: "train", operatorName: "train.boosting", operatorVersion: 1, after: [], parameters: values)
            ], limits: JobLimits(memory: 512 << 20, cores: 2, seconds: 60))
        let json = PlanStatement(plan, rates: .careful, Operators.all).json
        let rows = json["tasks"]?.array?.first?["messages"]?.array ?? []
        #expect(rows.count > 5)
        // The first messages, on which the parties agree, always come.
        #expect(rows.contains { $0["isMost"] == true } == (patience > 0))
        #expect(rows.filter { $0["type"] == "boost.rows" }.allSatisfy { $0["isMost"] == false })
        #expect(JobPlanCommand.text(json).contains(": at most ") == (patience > 0))
    }

    @Test func anOperatorShowsItsParametersAndWhatItReveals() throws {
        let text = OperatorsCommand.text(try #require(Operators.all["verify"]).description.json)
        #expect(text.contains("verify version "))
        #expect(text.contains("Roles: member (2 to 16)"))
        #expect(text.contains("  rounds: a whole number from 2 to 10000, default 200. "))
        #expect(text.contains("  member learns: "))
    }
}
