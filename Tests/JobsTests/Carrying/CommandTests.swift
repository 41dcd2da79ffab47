import Faults
import Foundation
import Jobs
import Ledger
import Sites
import Testing

/// Commands between sites that should not come.
@Suite(.timeLimit(.minutes(4)))
struct CommandTests {
    @Test("a site takes commands for a job from its owner alone, and only for the plan that it knows")
    func strangers() async throws {
        try await JobSites.with(3) { sites in
            for index in 0..<3 { try await sites.ready(index) }
            let job = try await sites.submit(sites.plan("mine"))
            let summary = try await sites.end(job)
            let decision = try #require(summary.decision)
            let text = String(decoding: try JSONEncoder().encode(decision), as: UTF8.self)
            let digest = String(repeating: "0", count: 64)
            let body = Array("{\"plan\":\"\(digest)\",\"decision\":\(text)}".utf8)
            let (stranger, owner) = (
                sites.network.end(of: SiteID(digest: [UInt8](repeating: 9, count: 32))), sites.ids[0]
            )
            await #expect(throws: Fault(JobFaults.notParty)) {
                try await stranger.call("jobs.sync", body, of: sites.ids[1])
            }
            await #expect(throws: Fault(JobFaults.notParty)) {
                try await stranger.call("jobs.sync", body, of: owner)
            }
            let unknown = Array(String(decoding: body, as: UTF8.self).replacingOccurrences(of: job, with: "01X").utf8)
            await #expect(throws: Fault(JobFaults.unknownJob)) {
                try await stranger.call("jobs.sync", unknown, of: sites.ids[1])
            }
            await #expect(throws: Fault(JobFaults.malformed)) {
                try await stranger.call("jobs.sync", Array("{}".utf8), of: sites.ids[1])
            }
            let asOwner = sites.network.end(of: owner)
            await #expect(throws: Fault(JobFaults.planDiffers)) {
                try await asOwner.call("jobs.sync", body, of: sites.ids[1])
            }
        }
    }

    @Test("a job that has not ended cannot be forgotten, and one that has leaves nothing")
    func forgetting() async throws {
        try await JobSites.with(world: FakeWorld(unitCount: 40)) { sites in
            let job = try await sites.submit(sites.plan("gone", tasks: 1))
            try await sites.wait(job) { $0.state == .running }
            await #expect(throws: Fault(JobFaults.notFinal)) { try await sites.service(0).forget(job) }
            _ = try await sites.end(job)
            while (try? await sites.service(0).forget(job)) == nil { try await Task.sleep(for: .milliseconds(5)) }
            #expect(try await sites.service(0).outputs(job).isEmpty)
            await #expect(throws: Fault(JobFaults.unknownJob)) { try await sites.service(0).summary(job) }
        }
    }

    @Test("a site that starts refuses commands until it has ended what an earlier life left")
    func starting() async throws {
        try await JobSites.with { sites in
            try await sites.ready(1)
            await sites.kill(1)
            await #expect(throws: Fault(JobFaults.restarted)) {
                // The service has not been run: nothing was recovered.
                while true {
                    do { _ = try await sites.service(1).summary("01X") } catch let fault as Fault
                        where fault.is(JobFaults.unknownJob)
                    { try await Task.sleep(for: .milliseconds(2)) }
                }
            }
        }
    }

    /// An owner that looks at an ended job again asks the partners what they know; who has forgotten it is not offered it anew,
    /// which would leave a job there that has succeeded and left nothing.
    @Test("a job that a partner has forgotten is not begun there again")
    func forgottenStaysForgotten() async throws {
        try await JobSites.with(2) { sites in
            let job = try await sites.submit(sites.plan("old"))
            _ = try await sites.end(job)
            try await sites.forget(job, at: 1)
            await sites.restart(0)
            try await sites.ready(0)
            #expect(try await sites.service(0).summary(job).state == .succeeded)
            // The owner can forget it too: nobody is left who has to hear of its end.
            try await sites.forget(job, at: 0)
            await #expect(throws: Fault(JobFaults.unknownJob)) { _ = try await sites.service(1).summary(job) }
        }
    }
}
