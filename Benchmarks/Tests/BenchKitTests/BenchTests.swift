import Foundation
import Testing

@testable import BenchKit

private func row(
    _ name: String,
    _ runs: [Double],
    statistic: BenchRow.Statistic = .median,
    against: Against? = nil,
    ratio: BenchRow.Ratio = .none,
    goal: Goal? = nil
) -> BenchRow {
    BenchRow(name, unit: "ns", doc: "Test.", statistic: statistic, against: against, ratio: ratio, goal: goal) { _ in
        Measurement(runs)
    }
}

private let peer = Against(name: "peer", value: 100, source: "a page")

@Suite struct BenchResultTests {
    @Test func valueIsTheMedianUnlessTheRowSaysWorst() {
        let runs = [5.0, 1, 9, 3]
        #expect(BenchResult(row("a", runs), Measurement(runs)).value == 4)
        #expect(BenchResult(row("a", [5, 1, 9]), Measurement([5, 1, 9])).value == 5)
        #expect(BenchResult(row("a", runs, statistic: .worstIsMost), Measurement(runs)).value == 9)
        #expect(BenchResult(row("a", runs, statistic: .worstIsLeast), Measurement(runs)).value == 1)
        let result = BenchResult(row("a", runs), Measurement(runs))
        #expect(result.min == 1 && result.max == 9 && result.runs == 4)
    }

    @Test func ratiosGoBothWays() {
        let faster = row("a", [25], against: peer, ratio: .againstOverValue)
        #expect(BenchResult(faster, Measurement([25])).ratio == 4)
        let times = row("a", [25], against: peer, ratio: .valueOverAgainst)
        #expect(BenchResult(times, Measurement([25])).ratio == 0.25)
        let own = row("a", [25], against: peer, ratio: .measured)
        #expect(BenchResult(own, Measurement([25], ratio: 7)).ratio == 7)
        #expect(BenchResult(row("a", [25], ratio: .againstOverValue), Measurement([25])).ratio == nil)
    }

    @Test func aMeasuredPeerReplacesTheRowsOwn() {
        let measured = Against(name: "libgmp", value: 50, source: "measured in this run")
        let spec = row("a", [25], against: peer, ratio: .againstOverValue)
        let result = BenchResult(spec, Measurement([25], against: measured))
        #expect(result.against == measured && result.ratio == 2)
    }

    @Test(arguments: [
        (Goal.value(.atMost, 10), 10.0, nil as Double?, true as Bool?), (.value(.atMost, 10), 10.1, nil, false),
        (.value(.atLeast, 10), 10, nil, true), (.value(.atLeast, 10), 9.9, nil, false),
        (.ratio(.atLeast, 2), 1, 2, true), (.ratio(.atLeast, 2), 1, 1.9, false),
        (.ratio(.atMost, 2), 1, 2.1, false), (.ratio(.atMost, 2), 1, nil, nil),
    ])
    func goals(goal: Goal, value: Double, ratio: Double?, met: Bool?) {
        #expect(goal.isMet(value: value, ratio: ratio) == met)
    }

    @Test func aGoalThatDoesNotApplyIsNeitherMetNorMissed() {
        let spec = row("a", [25], goal: .value(.atMost, 1))
        #expect(BenchResult(spec, Measurement([25], goalApplies: false)).met == nil)
        #expect(BenchResult(spec, Measurement([25])).met == false)
    }
}

@Suite struct BenchOptionsTests {
    @Test func readsEveryFlag() throws {
        let options = try BenchOptions(["--json", "--check", "--data", "d", "--only=paillier"])
        #expect(options.json && options.check && options.data == "d" && options.only == "paillier" && !options.help)
        #expect(try BenchOptions(["-h"]).help)
        #expect(try BenchOptions([]) == BenchOptions())
    }

    @Test(arguments: [["--fast"], ["x"], ["--data"], ["--only="], ["--json=1"]])
    func refuses(arguments: [String]) {
        #expect(throws: UsageError.self) { try BenchOptions(arguments) }
    }
}

@Suite struct BenchProgramTests {
    private let bench = Bench(
        name: "toy", summary: "A toy.", kernels: ["portable"],
        rows: [
            row("a.one", [3, 1, 2], against: peer, ratio: .againstOverValue, goal: .ratio(.atLeast, 10)),
            row("b.two", [30], goal: .value(.atMost, 20)),
        ]
    )

    @Test func jsonHasExactlyTheKeysOfTheForm() async throws {
        let outcome = await bench.run(["--json"])
        #expect(outcome.status == 0)
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let report = try #require(object as? [String: Any])
        #expect(Set(report.keys) == ["bench", "machine", "rows"])
        #expect(Set(try #require(report["machine"] as? [String: Any]).keys) == ["cpu", "cores", "kernels"])
        let rows = try #require(report["rows"] as? [[String: Any]])
        for row in rows {
            #expect(
                Set(row.keys)
                    == ["name", "value", "min", "max", "runs", "unit", "against", "ratio", "goal", "met"])
        }
        #expect(rows[0]["ratio"] as? Double == 50 && rows[0]["met"] as? Bool == true)
        #expect(rows[1]["against"] is NSNull && rows[1]["ratio"] is NSNull && rows[1]["met"] as? Bool == false)
        let goal = try #require(rows[1]["goal"] as? [String: Any])
        #expect(goal["of"] as? String == "value" && goal["direction"] as? String == "at most")
        #expect(goal["bound"] as? Double == 20)
    }

    @Test func checkFailsOnAMissedGoalOnly() async {
        let missed = await bench.run(["--check"])
        #expect(missed.status == 1 && missed.message.contains("b.two") && !missed.message.contains("a.one"))
        #expect(await bench.run(["--check", "--only", "a."]).status == 0)
        #expect(await bench.run([]).status == 0)
    }

    @Test func wrongCommandLinesExitWith64() async {
        for arguments in [["--fast"], ["--only", "c"]] {
            let outcome = await bench.run(arguments)
            #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.message.contains("usage:"))
        }
    }

    @Test func onlyMeasuresNothingElse() async {
        let bench = Bench(
            name: "toy", summary: "",
            rows: [
                row("a", [1]),
                BenchRow("b", unit: "ns", doc: "") { _ in throw UsageError("must not be measured") },
            ]
        )
        #expect(await bench.run(["--only", "a"]).status == 0)
        let failed = await bench.run([])
        #expect(failed.status == 1 && failed.message.contains("b: "))
    }

    @Test func helpNamesEveryRow() async {
        let help = await bench.run(["--help"])
        #expect(help.status == 0 && help.output.contains("a.one") && help.output.contains("at most 20"))
    }

    @Test func dataReachesTheMeasurement() async {
        let bench = Bench(
            name: "toy", summary: "",
            rows: [
                BenchRow("a", unit: "ns", doc: "") { context in
                    Measurement([context.data == "/some/where" ? 1 : 2])
                }
            ]
        )
        #expect(await bench.run(["--data", "/some/where", "--json"]).output.contains("\"value\" : 1"))
    }
}

@Suite struct BenchTextTests {
    @Test(arguments: [
        (0.0, "0"), (0.0123456, "0.01235"), (1.23456, "1.235"), (12.3456, "12.35"), (123.456, "123.5"),
        (999.6, "1,000"), (1234.6, "1,235"), (1_234_567, "1,234,567"), (-2400, "-2,400"), (9.99996, "10.00"),
    ])
    func figures(value: Double, text: String) {
        #expect(Figure.short(value) == text)
    }

    @Test func columnsAreAligned() {
        var table = TextTable([("name", .left), ("n", .right)])
        table.add(["a", "10"])
        table.add(["longer", "5"])
        #expect(table.lines == ["name     n", "a       10", "longer   5"])
    }

    @Test func cpuNamesAreRead() {
        let intel = "processor : 0\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: Some CPU\n\nmodel name\t: Other\n"
        #expect(Machine.cpu(inCPUInfo: intel) == "Some CPU (family 25 model 1)")
        #expect(
            Machine.cpu(inCPUInfo: "CPU implementer : 0x41\nCPU part : 0xd0c\n") == "arm64 implementer 0x41 part 0xd0c")
        #expect(Machine.cpu(inCPUInfo: "") == nil)
    }
}

@Suite struct TimingTests {
    @Test func runsAreCountedAndPositive() {
        var calls = 0
        let runs = Timing.runs(3, units: 2, atLeast: 1e5) {
            calls += 1
            for value in 0..<1000 where value == -1 { calls = 0 }
        }
        #expect(runs.count == 3 && calls > 3)
        #expect(runs.allSatisfy { $0 >= 0 })
    }

    @Test func interleavedAlternates() {
        var order = ""
        let times = Timing.interleaved(3, { order += "a" }, { order += "b" })
        #expect(order == "ababab" && times.first.count == 3 && times.second.count == 3)
    }

    @Test func clocksAdvance() {
        let start = Timing.now(.wall)
        while Timing.now(.wall) == start {}
        #expect(Timing.now(.wall) > start)
    }
}
