import Faults
import Foundation
import Resources
import Sites
import Testing

@testable import atoll

/// Two real sites, one of which has a clock that is wrong.
@Suite struct ClockSkewTests {
    @Test func aClockThatIsHalfAMinuteOffWarns() async throws {
        try await with(offset: "+30s") { sites in
            for (site, side) in [(sites.bank, "ahead"), (sites.partner, "behind")] {
                try await sites.wait(for: site) { route in
                    route["status"]?["state"]?.string == "Degraded"
                        && Self.condition("ClockDifference", of: route)?["reason"]?.string == "Warning"
                        && Self.message(of: route).contains("s \(side) of this site's")
                }
            }
        }
    }

    @Test func aClockThatIsTwoMinutesOffIsRefused() async throws {
        try await with(offset: "+120s") { sites in
            for (site, side) in [(sites.bank, "ahead"), (sites.partner, "behind")] {
                try await sites.wait(for: site) { route in
                    route["status"]?["failing"]?.string == "ClockDifference"
                        && Self.message(of: route).contains("s \(side) of this site's")
                        && Self.message(of: route).contains("\(RouteFaults.clockDifference.number)")
                }
                let probe = try await site.atoll("route", "probe", site === sites.bank ? "partner" : "bank")
                #expect(probe.status == 5)
                #expect(probe.output.contains("\(RouteFaults.clockDifference.number)"), "\(probe.output)")
            }
            // No job begins between them either, and both say by how much.
            let job = try await RealJobs(joined: sites).submit("late")
            #expect(job.status == 1)
            for words in ["\(JobFaults.clockDiffers.number)", "s ahead of that", "s behind that"] {
                #expect(job.error.contains(words), "\(words): \(job.error)")
            }
        }
    }

    private static func condition(_ type: String, of route: JSONValue) -> JSONValue? {
        route["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
    }

    private static func message(of route: JSONValue) -> String {
        condition("ClockDifference", of: route)?["message"]?.string ?? ""
    }

    /// Runs the body with a partner whose wall clock is shifted; its steady clock is not.
    private func with(offset: String, _ body: (TwoRealSites) async throws -> Void) async throws {
        guard let library = Self.library else {
            print("skipped: no libfaketime here (Debian package faketime)")
            return
        }
        // The program itself must not be the first of its environment to load the library, which disturbs how it finds
        // its arguments: the inner `env` is.
        let prefix = [
            "/usr/bin/env", "LD_PRELOAD=\(library)", "FAKETIME=\(offset)", "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "/usr/bin/env",
        ]
        try await TwoRealSites.with(partnerPrefix: prefix) { sites in
            try await sites.join()
            try await body(sites)
        }
    }

    static var library: String? {
        let folders = ((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []).map {
            "/usr/lib/\($0)"
        }
        return (["/usr/lib"] + folders).map { "\($0)/faketime/libfaketimeMT.so.1" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }
}
