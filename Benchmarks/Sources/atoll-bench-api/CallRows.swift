import BenchAPI
import BenchKit
import Foundation
import Synchronization

/// Ten typical calls in turn, by one, 16 and 128 connections at once.
enum CallRows {
    private static let isShort = ProcessInfo.processInfo.environment["ATOLL_BENCH_SHORT"] != nil
    private static let seconds: Duration = isShort ? .milliseconds(300) : .seconds(4)
    private static let connections = [1, 16, 128]
    private static let inProject = "tenant=bench&project=p-0"

    private struct Call {
        let name: String
        let method: String
        let path: String
        var body = ""

        init(_ name: String, _ method: String, _ path: String, body: String = "") {
            self.name = name
            self.method = method
            self.path = "/api/v1/\(path)"
            self.body = body
        }
    }

    private static let calls = [
        Call("me", "GET", "me"), Call("jobs", "GET", "jobs?\(inProject)"),
        Call("datasets", "GET", "datasets?\(inProject)"), Call("dataset", "GET", "datasets/loans?\(inProject)"),
        Call("models", "GET", "models?\(inProject)"), Call("projects", "GET", "projects?tenant=bench"),
        Call("project", "GET", "projects/p-1?tenant=bench"),
        Call("history", "GET", "projects/p-1/history?tenant=bench"),
        Call("user", "GET", "users/root/login"),
        Call(
            "apply", "POST", "apply",
            body: "{apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: bench}, spec: {displayName: NAME}}"),
    ]

    static let all: [BenchRow] =
        connections.flatMap { count in
            [
                BenchRow(
                    "api.p50.\(count)", unit: "ms",
                    doc: "Median of ten typical calls in turn by \(count) connections at once over TLS on loopback."
                ) { _ in Measurement([try await load(count).percentile(0.5)]) },
                BenchRow(
                    "api.p99.\(count)", unit: "ms", doc: "Of the same calls, what 99 of 100 are faster than."
                ) { _ in Measurement([try await load(count).percentile(0.99)]) },
                BenchRow("api.rps.\(count)", unit: "calls/s", doc: "Of the same calls, how many were answered.") { _ in
                    Measurement([try await load(count).rate])
                },
            ]
        }
        + calls.map { call in
            BenchRow(
                "api.call.\(call.name)", unit: "ms",
                doc: call.name == "apply"
                    ? "Median of an apply of one small document that changes something, durable on the disk; one connection."
                    : "Median of \(call.method) \(call.path) by one connection."
            ) { _ in Measurement([try await load(1).percentile(0.5, of: call.name)]) }
        }

    struct Load: Sendable {
        /// Milliseconds by name of call.
        var times: [String: [Double]] = [:]
        var seconds = 0.0

        var rate: Double { Double(times.values.map(\.count).reduce(0, +)) / seconds }

        func percentile(_ part: Double, of name: String? = nil) throws -> Double {
            let all = (name.map { times[$0] ?? [] } ?? times.values.flatMap { $0 }).sorted()
            guard !all.isEmpty else { throw BenchFailure("nothing was answered") }
            return all[min(all.count - 1, Int(Double(all.count) * part))]
        }
    }

    private static let loads = Mutex<[Int: Load]>([:])

    private static func load(_ count: Int) async throws -> Load {
        if let known = loads.withLock({ $0[count] }) { return known }
        try await APISite.with { site in
            for count in connections {
                let load = try measure(site, count)
                loads.withLock { $0[count] = load }
            }
        }
        return loads.withLock { $0[count] ?? Load() }
    }

    /// Every connection has a thread of its own, which begins with another call than the one before it.
    private static func measure(_ site: APISite, _ count: Int) throws -> Load {
        let result = Mutex(Load())
        let failure = Mutex<(any Error)?>(nil)
        let start = ContinuousClock.now
        try Crew.run(count) { number in
            do {
                let connection = try TLSConnection(port: site.port)
                var times: [String: [Double]] = [:]
                var turn = number
                while ContinuousClock.now - start < seconds {
                    let call = calls[turn % calls.count]
                    let body = call.body.replacing("NAME", with: "'B \(number) \(turn)'")
                    let begin = ContinuousClock.now
                    let answer = try connection.ask(call.method, call.path, body: body, token: site.token)
                    let time = (ContinuousClock.now - begin) / .milliseconds(1)
                    // Of many that write the same document at once, some may be told that it has changed meanwhile.
                    guard answer.status == 200 || (call.name == "apply" && answer.status == 409) else {
                        throw BenchFailure("\(call.path) was answered with \(answer.status)")
                    }
                    times[call.name, default: []].append(time)
                    turn += 1
                }
                result.withLock { $0.times.merge(times) { $0 + $1 } }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return result.withLock { load in
            load.seconds = (ContinuousClock.now - start) / .seconds(1)
            return load
        }
    }
}
