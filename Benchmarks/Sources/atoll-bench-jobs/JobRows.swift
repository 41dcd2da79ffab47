import BenchKit
import Foundation

/// One job at a time.
enum JobRows {
    static let all: [BenchRow] = [
        BenchRow(
            "job.submit_to_first_frame", unit: "ms",
            doc: """
                From the start of `atoll job submit` to the time at which the ledger of either site has the first frame of \
                the job's first task (`verify`): the plan is asked of both sites, stored, mirrored, reserved; two \
                workers are started. Both sites on this machine, wall clock.
                """,
            statistic: .median, goal: .value(.atMost, 500)
        ) { _ in
            try await JoinedSites.with { sites in
                Measurement(try (0..<7).map { try firstFrame(sites, "first-\($0)") })
            }
        },
        BenchRow(
            "job.overhead", unit: "ms",
            doc: """
                A job whose one task does nothing, end to end: from the start of `atoll job submit --wait` to its end, when \
                both sites have started a worker, have its result, and have told each other.
                """
        ) { _ in
            try await JoinedSites.with { sites in
                Measurement(
                    try (0..<7).map { run in
                        try Timing.once(.wall) {
                            try sites.submit("noop-\(run)", task: JoinedSites.noop, waits: true)
                        } / 1e6
                    })
            }
        },
    ]

    private static let verify =
        "operator: verify\n      parameters: {rounds: 2, frames: 2, frameBytes: 32, kernelSeconds: 0, diskMiB: 0}"

    private static func firstFrame(_ sites: JoinedSites, _ name: String) throws -> Double {
        let start = Date().timeIntervalSince1970 * 1e3
        let job = try sites.submit(name, task: verify, waits: true)
        guard let status = job["status"] as? [String: Any], let id = status["job"] as? String else {
            throw BenchFailure("a job has no id")
        }
        var first = Double.infinity
        for line in try lines(sites, of: id) where line["kind"] as? String == "frame" {
            if let time = line["time"] as? Double { first = min(first, time) }
        }
        guard first.isFinite else { throw BenchFailure("the ledger has no frame of the job") }
        return first - start
    }

    private static func lines(_ sites: JoinedSites, of job: String) throws -> [[String: Any]] {
        try [sites.owner, sites.partner].flatMap { site in
            try site.run(["ledger", "export", "--job", job]).split(separator: UInt8(ascii: "\n")).map {
                try JoinedSites.json($0)
            }
        }
    }
}
