import BenchAPI
import BenchKit
import Foundation
import Synchronization

/// How long pages take: a long list alone, and what people look at by many at once.
enum PageRows {
    private static let isShort = ProcessInfo.processInfo.environment["ATOLL_BENCH_SHORT"] != nil
    private static let clients = 16
    private static let list = "/projects?tenant=bench"
    /// In turn, as people go through a site.
    private static let pages = [
        "/", list, "/data?tenant=bench&project=p-0", "/training?tenant=bench&project=p-0",
        "/models?tenant=bench&project=p-0", "/federation", "/people", "/audit",
    ]

    static let all: [BenchRow] = [
        BenchRow(
            "portal.list100.p99", unit: "ms",
            doc: """
                What 99 of 100 requests for a page with a list of \(APISite.objects) projects are faster than, from the \
                first byte sent to the last received by one connection on the same machine, so a little more than the \
                server needs. 1,000 requests.
                """,
            goal: .value(.atMost, 10)
        ) { _ in
            Measurement([
                try await APISite.with { site in
                    try percentile(0.99, of: ask(site, count: 1, [list], each: isShort ? 30 : 1_000))
                }
            ])
        },
        BenchRow(
            "portal.list100.p50", unit: "ms", doc: "The median of as many requests for the same page."
        ) { _ in
            Measurement([
                try await APISite.with { site in
                    try percentile(0.5, of: ask(site, count: 1, [list], each: isShort ? 30 : 1_000))
                }
            ])
        },
        BenchRow(
            "portal.p99.16", unit: "ms",
            doc: """
                What 99 of 100 requests for \(pages.count) pages in turn are faster than, by \(clients) connections at once \
                that each ask 100 times.
                """
        ) { _ in
            Measurement([
                try await APISite.with { site in
                    try percentile(0.99, of: ask(site, count: clients, pages, each: isShort ? 8 : 100))
                }
            ])
        },
    ]

    private static func percentile(_ part: Double, of times: [Double]) throws -> Double {
        guard !times.isEmpty else { throw BenchFailure("nothing was answered") }
        return times.sorted()[min(times.count - 1, Int(Double(times.count) * part))]
    }

    /// Milliseconds of each request; every connection begins with another page than the one before it. The first ten
    /// requests of each are not counted.
    private static func ask(_ site: APISite, count: Int, _ pages: [String], each: Int) throws -> [Double] {
        let all = Mutex<[Double]>([])
        let failure = Mutex<(any Error)?>(nil)
        try Crew.run(count) { number in
            do {
                let connection = try TLSConnection(port: site.port)
                var times: [Double] = []
                for turn in 0..<each + 10 {
                    let page = pages[(turn + number) % pages.count]
                    let start = ContinuousClock.now
                    let answer = try connection.ask(
                        "GET", page, token: site.token, headers: ["Accept-Encoding: gzip", "Accept-Language: en"])
                    let time = (ContinuousClock.now - start) / .milliseconds(1)
                    guard answer.status == 200 else { throw BenchFailure("\(page) was answered with \(answer.status)") }
                    if turn >= 10 { times.append(time) }
                }
                all.withLock { $0 += times }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return all.withLock { $0 }
    }
}
