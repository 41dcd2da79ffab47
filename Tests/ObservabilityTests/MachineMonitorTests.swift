import Foundation
import Logging
import Resources
import Synchronization
import Testing

@testable import Observability

/// Samples of the machine: kept over restarts, made into averages, forgotten in time.
@Suite struct MachineMonitorTests {
    private final class Clock: Sendable {
        private let milliseconds: Mutex<Int64>

        init(_ milliseconds: Int64) { self.milliseconds = Mutex(milliseconds) }

        var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

        func pass(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }
    }

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// 2026-03-01T00:00:00Z, the beginning of a period.
    private static let start: Int64 = 1_772_323_200_000

    private func withDatabase(_ body: (SQLiteDatabase) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "machine-\(ULID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "site.db").path, snapshots: folder.path, migrations: [MachineMigrations.self])
        try await body(database)
        try database.close()
    }

    private func monitor(_ database: SQLiteDatabase, _ clock: Clock) -> MachineMonitor {
        MachineMonitor(
            database, reader: MachineReader(data: "/"), graphics: nil, logger: Self.logger, now: { clock.now })
    }

    private static func sample(_ seconds: Int64, cpu: Double) -> MachineSample {
        var sample = MachineSample(time: Timestamp(milliseconds: start + seconds * 1000))
        sample.cpu = Share(used: cpu, total: 4)
        return sample
    }

    @Test func samplesOutliveTheMonitor() async throws {
        try await withDatabase { database in
            let clock = Clock(Self.start)
            let first = monitor(database, clock)
            #expect(first.machines().first?.sample == nil)
            first.begin()
            for _ in 0..<6 {
                clock.pass(seconds: 15)
                await first.look()
            }
            let state = try #require(first.machines().first)
            #expect(state.name == MachineMonitor.machineName && !state.name.isEmpty)
            #expect(state.sample?.time == clock.now && state.sample?.cpu != nil && state.sample?.memory != nil)
            let from = Timestamp(milliseconds: Self.start)
            let all = try await first.history(from: from, until: .now, step: 15_000)
            #expect(all.count == 6 && all.last?.memory == state.sample?.memory, "written and waiting ones together")
            #expect(all.map(\.time.milliseconds) == (1...6).map { Self.start + $0 * 15_000 })
            // Four were written together; what waits is written when the site ends.
            let kept = try await monitor(database, clock).history(from: from, until: .now, step: 15_000)
            #expect(kept == Array(all.prefix(4)))
            await first.write()
            let whole = try await monitor(database, clock).history(from: from, until: .now, step: 15_000)
            #expect(whole == all)
        }
    }

    @Test func averagesStayWhenSamplesAreForgotten() async throws {
        try await withDatabase { database in
            let rows = MachineRows(database: database)
            let samples = (0..<40).map { Self.sample(Int64($0) * 15, cpu: $0 < 20 ? 1 : 3) }
            func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: Self.start + seconds * 1000) }
            func history(_ from: Int64, _ until: Int64, step: Int64) async throws -> [MachineSample] {
                try await rows.history(
                    from: time(from).milliseconds, until: time(until).milliseconds, step: step * 1000, pending: [])
            }
            try await rows.keep(samples, now: time(599))
            // The second five minutes are not over: they are told by the samples.
            #expect(try await history(0, 600, step: 300).map(\.cpu?.used) == [1, 3])
            try await rows.keep([], now: time(600))
            #expect(try await history(0, 600, step: 300).map(\.cpu?.used) == [1, 3])
            #expect(try await history(0, 600, step: 600).map(\.cpu?.used) == [2])
            #expect(try await history(0, 600, step: 150).map(\.cpu?.used) == [1, 1, 3, 3])
            let day: Int64 = 86_400
            try await rows.keep([Self.sample(day + 300, cpu: 2)], now: time(day + 300))
            #expect(try await history(0, day, step: 15).map(\.time) == samples.dropFirst(20).map(\.time))
            #expect(try await history(0, day, step: 300).map(\.cpu) == [1, 3].map { Share(used: $0, total: 4) })
            try await rows.keep([], now: time(90 * day + 300))
            #expect(try await history(0, day, step: 300).map(\.time) == [time(300)])
            try await rows.keep([], now: time(91 * day + 301))
            #expect(try await history(0, 91 * day, step: 300).isEmpty)
        }
    }

    /// A sample without a figure is no zero in an average.
    @Test func whatIsNotKnownDoesNotCount() async throws {
        try await withDatabase { database in
            let rows = MachineRows(database: database)
            let bare = MachineSample(time: Timestamp(milliseconds: Self.start + 15_000))
            try await rows.keep([Self.sample(0, cpu: 3), bare], now: Timestamp(milliseconds: Self.start + 20_000))
            let found = try await rows.history(
                from: Self.start, until: Self.start + 60_000, step: 60_000, pending: [Self.sample(30, cpu: 1)])
            #expect(found.map(\.cpu) == [Share(used: 2, total: 4)] && found.first?.gpu == nil)
        }
    }
}
