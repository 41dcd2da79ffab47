import Faults
import Resources
import ResourcesTestKit
import Testing

@testable import Sites

@Suite struct RouteProgressTests {
    private func report(upTo layer: ProbeLayer, _ outcome: ProbeStep.Outcome) -> ProbeReport {
        var report = ProbeReport(at: Timestamp(milliseconds: 5))
        for each in ProbeLayer.allCases where each <= layer {
            report.add(ProbeStep(each, each == layer ? outcome : .pass, found: "found \(each)"))
        }
        return report
    }

    private func conditions(_ progress: RouteProgress) -> [String: Condition] {
        Dictionary(uniqueKeysWithValues: progress.conditions(generation: 3).map { ($0.type, $0) })
    }

    /// Whatever happens in whatever order: the status says of each layer whether it holds, and `Ready` follows.
    @Test func theConditionsAlwaysFollowFromWhatHappened() {
        var random = SeededGenerator.printed(for: "progress")
        let spec = RouteSpec(["kind": "direct", "address": "a:1"])
        for _ in 0..<300 {
            var progress = RouteProgress(tuning: .standard)
            var hadLink = false
            for _ in 0..<12 {
                let layer = ProbeLayer.allCases.randomElement(using: &random)!
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    progress.linkUp(report(upTo: .version, .pass))
                    hadLink = true
                case 1: progress.linkLost(report(upTo: .tcp, .fail))
                case 2: progress.failed(report(upTo: layer, .fail))
                default:
                    let outcome: ProbeStep.Outcome = [.pass, .warn, .fail].randomElement(using: &random)!
                    _ = progress.probed(report(upTo: layer, outcome), depth: .whole, spec: spec)
                }
                let all = conditions(progress)
                #expect(all.count == ProbeLayer.allCases.count + 1)
                let failing = progress.report?.failing
                #expect((all["Ready"]?.status == .isTrue) == (failing == nil))
                if let failing {
                    #expect(all[failing.layer.rawValue]?.status == .isFalse)
                    #expect(all["Ready"]?.message.contains(failing.layer.rawValue) == true)
                    for layer in ProbeLayer.allCases where layer > failing.layer {
                        #expect(all[layer.rawValue]?.reason == "NotReached")
                    }
                }
                if all["Ready"]?.reason == "LinkLost" { #expect(hadLink) }
            }
        }
    }

    @Test func aLossIsSaidWithItsLayerAndTriesAfterItKeepSayingSo() {
        var progress = RouteProgress(tuning: .standard)
        progress.failed(report(upTo: .tls, .fail))
        #expect(conditions(progress)["Ready"]?.reason == "NotConnected")
        progress.linkUp(report(upTo: .version, .pass))
        progress.linkLost(report(upTo: .tcp, .fail))
        #expect(conditions(progress)["Ready"]?.reason == "LinkLost")
        progress.failed(report(upTo: .name, .fail))
        #expect(conditions(progress)["Ready"]?.reason == "LinkLost")
        #expect(progress.state == "Lost")
        progress.linkUp(report(upTo: .version, .pass))
        #expect(conditions(progress)["Ready"]?.status == .isTrue)
    }

    @Test func warningsDegradeAndAreQuoted() {
        var progress = RouteProgress(tuning: .standard)
        progress.linkUp(report(upTo: .version, .pass))
        _ = progress.probed(report(upTo: .clock, .warn), depth: .whole, spec: RouteSpec([:]))
        #expect(progress.state == "Degraded")
        #expect(conditions(progress)["Ready"]?.message == "ClockDifference: found clock")
        #expect(conditions(progress)["ClockDifference"]?.reason == "Warning")
    }

    @Test func aLongWayAsksForALinkWithALargerWindow() {
        var progress = RouteProgress(tuning: .standard)
        progress.linkUp(report(upTo: .version, .pass))
        var long = report(upTo: .clock, .pass)
        long.figures.roundTrip = 20_000
        long.figures.bandwidth = 8 * (1 << 20) * 50
        let direct = RouteSpec(["kind": "direct"])
        #expect(progress.isWholeDue(at: Timestamp(milliseconds: 6), every: 1000))
        let isRetuned = progress.probed(long, depth: .whole, spec: direct)
        #expect(isRetuned)
        #expect(progress.tuning == LinkTuning(window: 2 << 20, credit: 2 << 20))
        #expect(progress.isWholeDue(at: Timestamp(milliseconds: 6), every: 1000), "the larger window is measured anew")
        progress.change(to: RouteSpec(["kind": "direct", "credit": 512]), sharesLink: false)
        #expect(progress.tuning == LinkTuning(window: 1 << 20, credit: 512 << 10))
    }

    @Test func theStatusIsTheSameWhenNothingChanged() {
        var progress = RouteProgress(tuning: .standard)
        progress.linkUp(report(upTo: .version, .pass))
        var resource = Resource(Route.id("partner"), spec: Route.spec(peer: "partner", way: .direct, address: "a:1"))
        progress.write(to: &resource, spec: RouteSpec(resource.spec))
        let first = resource
        progress.write(to: &resource, spec: RouteSpec(resource.spec))
        #expect(resource == first)
        #expect(resource.condition("Ready")?.status == .isTrue)
        #expect(resource.status["lastProbe"] == "1970-01-01T00:00:00.005Z")
        #expect(resource.status["tuning"]?["windowKiB"] == 1024)
        let steps = resource.status["steps"]?.array ?? []
        #expect(steps.compactMap { ProbeStep($0)?.layer } == [.name, .tcp, .tls, .identity, .version])
    }
}
