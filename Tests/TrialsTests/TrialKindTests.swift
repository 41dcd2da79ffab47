import Faults
import Foundation
import Resources
import Testing

@testable import Trials

/// A trial's file: what is taken, and every mistake by number and line.
@Suite struct TrialKindTests {
    private func read(_ spec: String) async throws -> TrialSpec {
        let text = "apiVersion: atoll.dev/v1alpha1\nkind: Trial\nmetadata: {name: t}\nspec:\n" + spec
        return try await Trial.read(Array(text.utf8), file: "t.yaml")
    }

    private let sites = "  sites: [{name: a}, {name: b}]\n"
    private let job = "  job: {tasks: [{name: v, operator: verify}]}\n"

    @Test func theKindsOwnExampleIsTaken() async throws {
        let spec = try await Trial.read(Array(Trial.kind.example.utf8), file: nil)
        #expect(spec.name == "verify" && spec.sites.map(\.name) == ["bank", "partner"])
        #expect(spec.job["peers"] == [["peer": "partner", "role": "member"]])
        #expect(spec.expectations.map(\.description) == ["seconds <= 300"])
        #expect(spec.job["limits"]?["seconds"] == 86_400)
    }

    @Test func theExampleOfTheRepositoryIsTaken() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let bytes = try Data(contentsOf: root.appending(path: "Examples/verify.yaml"))
        let spec = try await Trial.read(Array(bytes), file: "verify.yaml")
        #expect(spec.sites.count == 2 && spec.job["tasks"]?.array?.first?["operator"] == "verify")
    }

    @Test func everyPairIsJoinedOnce() async throws {
        let spec = try await read("  sites: [{name: a}, {name: b}, {name: c}]\n" + job)
        #expect(spec.pairs.map { [$0.low, $0.high] } == [[0, 1], [0, 2], [1, 2]])
    }

    @Test func anUnknownFieldIsToldWithTheNearestNameAndItsLine() async throws {
        let fault = await #expect(throws: Fault(ResourceFaults.unknownField)) {
            _ = try await read(sites + job + "  expects: []\n")
        }
        #expect(fault?.wanted?.contains("expect") == true)
        #expect(fault?.place?.contains("line 7 of t.yaml") == true, "\(fault?.place ?? "")")
    }

    /// Parameters of what is learnt are those of tasks: a mistake is told before anything is started.
    @Test func parametersOfWhatIsLearntAreChecked() async throws {
        let both = "  sites: [{name: a, data: {generate: bank}}, {name: b, data: {generate: partner}}]\n"
        let whole = try await read(
            both
                + "  learn: {parameters: {trees: 3}, scorecard: {bins: 5}, selection: {iv: 0.1}, regression: {l2: 2}}\n"
        )
        #expect(whole.learning?.selection == ["iv": 0.1] && whole.learning?.regression == ["l2": 2])
        #expect(whole.learnedTasks.map(\.field) == ["parameters", "scorecard", "selection", "regression"])
        for (learn, place) in [
            ("{parameters: {treez: 3}}", "spec.learn.parameters.treez"),
            ("{parameters: {depth: 99}}", "spec.learn.parameters.depth"),
            ("{scorecard: {rule: best}}", "spec.learn.scorecard.rule"),
            ("{scorecard: {}, selection: {iv: -1}}", "spec.learn.selection.iv"),
            ("{scorecard: {}, regression: {passes: 31}}", "spec.learn.regression.passes"),
            ("{scorecard: {}, regression: {woe: x}}", "spec.learn.regression.woe"),
            ("{selection: {}}", "spec.learn.selection"), ("{regression: {}}", "spec.learn.regression"),
        ] {
            let fault = await #expect(throws: Fault.self) { _ = try await read(both + "  learn: \(learn)\n") }
            #expect(fault?.leaves.first?.place?.contains(place) == true, "\(learn): \(fault?.place ?? "")")
        }
        let three =
            "  sites: [{name: a, data: {generate: bank}}, {name: b, data: {generate: partner}}, "
            + "{name: c, data: {generate: partner}}]\n"
        let fault = await #expect(throws: Fault(TrialFaults.sites)) {
            _ = try await read(three + "  learn: {scorecard: {}, regression: {}}\n")
        }
        #expect(fault?.place?.contains("spec.learn.regression") == true)
    }

    @Test func aTrialThatLearnsSaysWhatItsSitesKnow() async throws {
        let data = "data: {generate: bank}"
        func trial(_ first: String, _ second: String, _ learn: String = "{}") async throws -> TrialSpec {
            try await read("  sites: [{name: a, \(first)}, {name: b, \(second)}]\n  learn: \(learn)\n")
        }
        let spec = try await trial(data, "data: {generate: partner}", "{split: {test: 0.3}, parameters: {trees: 3}}")
        #expect(spec.learning?.testTenths == 3 && spec.sites[0].data?.label == SMEGenerator.label)
        for (first, second, learn) in [
            ("role: guest", "data: {generate: partner}", "{}"), ("data: {file: x.csv, ids: [id]}", data, "{}"),
            ("data: {file: x.csv, label: y}", data, "{}"), (data, "data: {file: x.csv, ids: [a, b]}", "{}"),
            (data, "data: {file: x.csv, generate: partner, ids: [id]}", "{}"),
            (data, data, "{parameters: {rules: exact}}"), (data, data, "{parameters: {test: 5}}"),
        ] {
            let fault = await #expect(throws: Fault.self) { _ = try await trial(first, second, learn) }
            #expect(fault?.leaves.allSatisfy { $0.is(TrialFaults.sites) } == true, "\(first) \(second) \(learn)")
        }
    }

    @Test func sitesNeedDifferentNamesAndTwoOfThem() async throws {
        await #expect(throws: Fault(TrialFaults.sites)) {
            _ = try await read("  sites: [{name: a}, {name: a}]\n" + job)
        }
        await #expect(throws: (any Error).self) { _ = try await read("  sites: [{name: a}]\n" + job) }
    }

    @Test func aMistakeInTheJobIsToldAtItsPlaceInTheTrial() async throws {
        let fault = await #expect(throws: Fault(JobFaults.unknownOperator)) {
            _ = try await read(sites + "  job:\n    tasks:\n      - {name: v, operator: verfy}\n")
        }
        #expect(fault?.place?.hasPrefix("spec.job.tasks[0].operator") == true, "\(fault?.place ?? "")")
        #expect(fault?.wanted?.contains("verify") == true)
    }

    @Test(arguments: [
        "seconds", "seconds < 3", "seconds <= x", "a b <= 3", "x in 3", "x in 4..3", "x >= nan", "ä <= 1",
    ])
    func whatIsNoExpectationIsRefused(_ text: String) async throws {
        #expect(throws: Fault(TrialFaults.expectation)) { _ = try Expectation(text, at: "x") }
        await #expect(throws: Fault(TrialFaults.expectation)) {
            _ = try await read(sites + job + "  expect: ['\(text)']\n")
        }
    }
}
