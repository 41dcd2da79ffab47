import Faults
import Resources
import ResourcesTestKit
import Testing

@testable import Sites

@Suite struct ProbeReportTests {
    private func random(_ random: inout SeededGenerator) -> ProbeReport {
        var report = ProbeReport(at: Timestamp(milliseconds: .random(in: 0...1 << 40, using: &random)))
        for layer in ProbeLayer.allCases where Int.random(in: 0..<4, using: &random) > 0 {
            let outcome = ProbeStep.Outcome.allCases.randomElement(using: &random)!
            report.add(ProbeStep(layer, outcome, found: "found \(layer)", wanted: "wanted", fix: "fix", number: ""))
        }
        if Bool.random(using: &random) { report.figures.roundTrip = .random(in: 0...1 << 40, using: &random) }
        if Bool.random(using: &random) { report.figures.clock = .random(in: -1 << 40...1 << 40, using: &random) }
        return report
    }

    @Test func nothingFollowsAFailureAndLayersComeInOrder() {
        var generator = SeededGenerator.printed(for: "reports")
        for _ in 0..<1000 {
            let report = random(&generator)
            #expect(report.steps.map(\.layer) == report.steps.map(\.layer).sorted())
            let failures = report.steps.filter { $0.outcome == .fail }
            #expect(failures.count <= 1)
            #expect(failures.isEmpty || failures.first == report.steps.last)
            #expect(ProbeReport(report.json) == report, "what is written is read back")
        }
    }

    @Test func aQuickReportKeepsWhatAnEarlierOneMeasured() {
        var generator = SeededGenerator.printed(for: "filling in")
        for _ in 0..<1000 {
            let (earlier, now) = (random(&generator), random(&generator))
            var filled = now
            filled.fillIn(from: earlier)
            #expect(filled.steps.map(\.layer) == filled.steps.map(\.layer).sorted())
            for step in now.steps { #expect(filled[step.layer] == step, "what is new wins") }
            if now.failing != nil { #expect(filled == now) }
            for step in filled.steps where now[step.layer] == nil { #expect(earlier[step.layer] == step) }
        }
    }

    @Test func aFaultTakesBackWhatStoodOnItsLayer() {
        var report = ProbeReport(at: Timestamp(milliseconds: 0))
        for layer in ProbeLayer.ofLink { report.add(ProbeStep(layer, .pass, found: "")) }
        report.add(ProbeStep(.policy, .pass, found: ""))
        report.fail(Fault(LinkFaults.lost))
        #expect(report.steps.map(\.layer) == [.name, .tcp])
        #expect(report.failing?.layer == .tcp)
        #expect(report.failing?.number == "ATL-3030")
    }

    /// A status is read back from a store that another program may have written to.
    @Test func anyJSONEndsInAReportOrNothing() {
        var generator = SeededGenerator.printed(for: "strange reports")
        for _ in 0..<500 {
            var members = random(&generator).json.object ?? [:]
            for key in members.keys where Bool.random(using: &generator) {
                members[key] = [.null, "x", 1, [["layer": "Clock"], 3], ["a": 1]].randomElement(using: &generator)!
            }
            _ = ProbeReport(.object(members))
        }
    }

    @Test func theTextSaysWhatWasFoundWantedAndWhatToDo() {
        let step = ProbeStep(failed: .tcp, Fault(LinkFaults.lost, "It is lost.", wanted: "a link", fix: "Wait."))
        #expect(step.text == "ATL-3030 It is lost. wanted: a link; fix: Wait.")
        #expect(ProbeStep(.tcp, .pass, found: "Fine.", wanted: "a link", fix: "Wait.").text == "Fine.")
    }

    @Test(arguments: [
        (ProbeLimits().judge(roundTrip: 50_000), ProbeStep.Outcome.pass),
        (ProbeLimits().judge(roundTrip: 50_001), .warn),
        (ProbeLimits().judge(bandwidth: 10_000_000), .pass),
        (ProbeLimits().judge(bandwidth: 9_999_999), .warn),
        (ProbeLimits().judge(largestMessage: 1 << 20, of: 1), .pass),
        (ProbeLimits().judge(largestMessage: (1 << 20) - 1, of: 1), .warn),
        (ProbeLimits().judge(largestMessage: 0, of: 64 << 10), .fail),
        (ProbeLimits().judge(held: 50_000, roundTrip: 1000), .pass),
        (ProbeLimits().judge(held: 50_001, roundTrip: 1000), .warn),
        (ProbeLimits().judge(held: 90_000, roundTrip: 200_000), .pass),
        (ProbeLimits().judge(clock: 2_000), .pass), (ProbeLimits().judge(clock: -2_001), .warn),
        (ProbeLimits().judge(clock: 60_000), .warn), (ProbeLimits().judge(clock: -60_001), .fail),
        (ProbeLimits().judge(clock: .min), .fail), (ProbeLimits().judge(clock: .max), .fail),
    ])
    func limitsAreWhereTheyAreSaidToBe(step: ProbeStep, outcome: ProbeStep.Outcome) {
        #expect(step.outcome == outcome, "\(step.text)")
        #expect(!step.found.isEmpty && !step.wanted.isEmpty && !step.fix.isEmpty)
    }

    @Test func everyFaultOfALayerIsToldAsThatLayer() {
        #expect(ProbeLayer(Fault(RouteFaults.nameUnknown)) == .name)
        #expect(ProbeLayer(Fault(RouteFaults.noLink)) == .tcp)
        #expect(ProbeLayer(Fault(LinkFaults.noAnswer)) == .roundTrip)
        #expect(ProbeLayer(Fault(RouteFaults.strangeEcho)) == .roundTrip)
        #expect(ProbeLayer(Fault(RouteFaults.untrustedPeer)) == .policy)
    }
}
