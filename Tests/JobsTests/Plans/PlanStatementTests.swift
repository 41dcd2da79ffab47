import Faults
import Jobs
import Ledger
import Resources
import TaskRuntime
import Testing

@Suite struct PlanStatementTests {
    private static let rates = MachineRates(
        productsPerSecond: 1, encryptionsPerSecond: 1, decryptionsPerSecond: 1, bandwidth: 1, roundTrip: 0.25,
        isMeasured: true)

    private static func statement(_ spec: JSONValue = SampleOperators.spec) throws -> PlanStatement {
        PlanStatement(
            try SampleOperators.compile(spec), rates: KnownRates(rates: rates, measured: Timestamp(milliseconds: 0)),
            SampleOperators.catalogue)
    }

    @Test func costsAreSummedByPartyAndMemoryIsThePeak() throws {
        let statement = try Self.statement()
        // The guest sends 2 pings to each of two hosts, as its operator says: 200 bytes; 2 rounds of a quarter second.
        #expect(
            statement.totals == [
                TaskCost(seconds: 0.5, bytesOut: 200, memory: 64 << 20),
                TaskCost(seconds: 0.5, bytesOut: 80, memory: 32 << 20),
                TaskCost(seconds: 0.5, bytesOut: 80, memory: 32 << 20),
            ])
        #expect(statement.tasks.map(\.name) == ["first", "second"])
        #expect(statement.tasks[0].messages.count == 4 && statement.tasks[1].messages.isEmpty)
        #expect(PlanStatement.bits(statement.tasks[0].messages[0]) == 1600)
    }

    @Test func theAnswerNamesSitesMessagesAndWhatEachLearns() throws {
        let json = try Self.statement().json
        let sites = try SampleOperators.compile(SampleOperators.spec).parties.map { JSONValue.string($0.site.text) }
        let task = try #require(json["tasks"]?.array?.first)
        let learns = try #require(task["learns"]?.array)
        #expect(learns.map { $0["sites"] } == [.array([sites[0]]), .array([sites[1], sites[2]])])
        let ping = try #require(task["messages"]?.array?.first)
        #expect(ping["type"] == "ping" && ping["from"] == sites[0] && ping["to"] == sites[1])
        #expect(ping["count"] == 2 && ping["bytes"] == 200 && ping["bits"] == 1600 && ping["elementBits"] == 8)
        #expect(json["rates"]?["measured"] == true && json["rates"]?["since"] == "1970-01-01T00:00:00.000Z")
        #expect(json["parties"]?.array?.first?["memoryAsked"] == .integer(512 << 20))
        #expect(json["grants"] == [])
    }

    @Test func grantsThatAreNeededAreListedWithTheirOwners() throws {
        let spec = JSONValue.object(
            SampleOperators.spec.object!.merging([
                "tasks": [["name": "a", "operator": "echo", "parameters": ["rounds": 1, "title": "sales"]]]
            ]) { $1 })
        let grants = try #require(try Self.statement(spec).json["grants"]?.array)
        #expect(grants.count == 4 && grants.allSatisfy { $0["dataset"] == "sales" && $0["task"] == "a" })
    }

    @Test func withoutAMeasureTheDefaultsSayThatTheyAreSome() throws {
        let statement = PlanStatement(
            try SampleOperators.compile(SampleOperators.spec), rates: .careful, SampleOperators.catalogue)
        #expect(statement.json["rates"]?["measured"] == false && statement.json["rates"]?["since"] == .null)
    }

    @Test func anOperatorSaysEverythingOfItself() throws {
        let json = VerifySample.description.json
        #expect(json["name"] == "verify" && json["messages"]?.array?.isEmpty == false)
        let echo = SampleOperators.Echo().description.json
        // One of its parameters must be given; the table is that of the least.
        #expect(echo["messages"]?.array?.map { $0["count"] } == [1, 1])
        #expect(echo["parameters"]?.array?.map { $0["required"] } == [true, false, false, false, false])
        #expect(echo["parameters"]?.array?[1]["wanted"] == "a number from 0.0 to 1.0")
    }
}

private enum VerifySample {
    static let description = Operators.all["verify"]!.description
}
