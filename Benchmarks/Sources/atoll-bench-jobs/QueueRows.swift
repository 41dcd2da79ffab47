import BenchKit
import Foundation

/// A thousand jobs at one site that wait for its capacity.
enum QueueRows {
    private static let jobs = 1_000

    static let all: [BenchRow] = [
        BenchRow(
            "jobs.queue.1000", unit: "s",
            doc: """
                From the start of one `atoll apply` of a thousand jobs to when all of them are planned, mirrored nowhere and \
                wait for the capacity that a running job holds. One run.
                """
        ) { _ in
            Measurement([try await figures.value().seconds])
        },
        BenchRow(
            "jobs.queue.1000.memory", unit: "MB",
            doc: "What the owner's site holds more (VmRSS, 10^6 bytes) with these thousand than before them. One run."
        ) { _ in
            Measurement([try await figures.value().memory / 1e6])
        },
        BenchRow(
            "jobs.queue.1000.cancel", unit: "s",
            doc: "From the first of a thousand cancellations to when all thousand have ended. One run."
        ) { _ in
            Measurement([try await figures.value().cancelling])
        },
    ]

    private struct Figures: Sendable {
        var seconds = 0.0
        var memory = 0.0
        var cancelling = 0.0
    }

    private static let figures = Once { try await measure() }

    private static func measure() async throws -> Figures {
        try await JoinedSites.with { sites in
            let cores = ProcessInfo.processInfo.activeProcessorCount
            // Twenty minutes of work, which is cancelled when everything is measured.
            let minute = "operator: verify\n      parameters: {rounds: 2, frames: 2, kernelSeconds: 60, diskMiB: 0}"
            let holder = minute + (1..<20).map { "\n    - name: more-\($0)\n      \(minute)" }.joined()
            let holding = JoinedSites.document("holder", task: holder, cores: cores)
            _ = try sites.owner.run(["job", "submit", "-f", "-"], input: holding)
            try await wait(sites, "Running", for: 1)
            let before = try sites.owner.memory().now
            let documents = (0..<jobs).map {
                JoinedSites.document("queued-\($0)", task: JoinedSites.noop, cores: cores)
            }.joined(separator: "---\n")

            var figures = Figures()
            var start = ContinuousClock.now
            _ = try sites.owner.run(["apply", "-f", "-"], input: documents)
            try await wait(sites, "Proposed", for: jobs, saying: "waits for capacity")
            figures.seconds = (ContinuousClock.now - start) / .seconds(1)
            figures.memory = try sites.owner.memory().now - before

            start = .now
            let cancelled = documents.replacing("spec:", with: "spec:\n  wanted: cancel")
            _ = try sites.owner.run(["apply", "-f", "-"], input: cancelled)
            try await wait(sites, "Cancelled", for: jobs)
            figures.cancelling = (ContinuousClock.now - start) / .seconds(1)
            _ = try sites.owner.run(["job", "cancel", "holder"] + JoinedSites.scope)
            return figures
        }
    }

    private static func wait(
        _ sites: JoinedSites, _ state: String, for count: Int, saying message: String = ""
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(600)
        var found = 0
        var states: [String: Int] = [:]
        while found < count {
            guard ContinuousClock.now < deadline else {
                throw BenchFailure("\(found) of \(count) jobs are \(state) after 600 s; all: \(states)")
            }
            try await Task.sleep(for: .milliseconds(count > 1 ? 500 : 100))
            let listed = try JoinedSites.json(sites.owner.run(["job", "list", "-o", "json"] + JoinedSites.scope))
            let items = listed["items"] as? [[String: Any]] ?? []
            states = Dictionary(grouping: items) { $0["state"] as? String ?? "" }.mapValues(\.count)
            found = items.count { job in
                job["state"] as? String == state
                    && (message.isEmpty || (job["message"] as? String ?? "").contains(message))
            }
        }
    }
}

/// A value that several rows share, made when the first of them asks.
private actor Once<Value: Sendable> {
    private let make: @Sendable () async throws -> Value
    private var task: Task<Value, any Error>?

    init(_ make: @escaping @Sendable () async throws -> Value) {
        self.make = make
    }

    func value() async throws -> Value {
        let task = task ?? Task { try await make() }
        self.task = task
        return try await task.value
    }
}
