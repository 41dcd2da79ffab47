import BenchKit
import Foundation
import Synchronization

/// Many event streams over TLS on one site, and how long a change takes to all of them.
public final class StreamFigures: Sendable {
    public struct Found: Sendable {
        /// Of each change: from its sending to when the last stream has it.
        public var milliseconds: [Double] = []
        /// What the site holds more (VmRSS) for each open stream.
        public var kibibytes = 0.0
    }

    private static let changes = 5

    private let count: Int
    private let path: String
    /// What a stream sends of a change, from the name that the tenant got.
    private let mark: @Sendable (String) -> String
    private let known = Mutex<Found?>(nil)

    /// - Parameter path: of the streams; they tell of tenants.
    public init(count: Int, path: String, mark: @escaping @Sendable (_ name: String) -> String) {
        self.count = count
        self.path = path
        self.mark = mark
    }

    /// Measured once for all rows of a run.
    public func found() async throws -> Found {
        if let found = known.withLock({ $0 }) { return found }
        let found = try await APISite.with { try measure($0) }
        known.withLock { $0 = found }
        return found
    }

    /// - Throws: `BenchFailure` where a change is refused or a stream is cut off before it has one.
    private func measure(_ site: APISite) throws -> Found {
        let writer = try TLSConnection(port: site.port)
        var found = Found()
        let before = try site.memory()
        let open = try (0..<count).map { _ in
            let connection = try TLSConnection(port: site.port)
            try connection.open(path, token: site.token)
            return connection
        }
        found.kibibytes = (try site.memory() - before) / 1024 / Double(count)
        for change in 0..<Self.changes {
            let name = "Change-\(change)-\(UUID().uuidString.prefix(8))"
            let start = ContinuousClock.now
            let last = Mutex(start)
            let failed = Mutex(0)
            let body =
                "{apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: bench}, spec: {displayName: \(name)}}"
            // Number 0 sends while the others already wait.
            try Crew.run(count + 1) { number in
                do {
                    if number == 0 {
                        let answer = try writer.ask("POST", "/api/v1/apply", body: body, token: site.token)
                        guard answer.status == 200 else { throw BenchFailure("the change was refused") }
                        return
                    }
                    try open[number - 1].wait(for: self.mark(name))
                    let now = ContinuousClock.now
                    last.withLock { $0 = max($0, now) }
                } catch {
                    failed.withLock { $0 += 1 }
                }
            }
            guard failed.withLock({ $0 }) == 0 else {
                throw BenchFailure("a change was refused, or streams were cut off")
            }
            found.milliseconds.append((last.withLock { $0 } - start) / .milliseconds(1))
        }
        return found
    }
}
