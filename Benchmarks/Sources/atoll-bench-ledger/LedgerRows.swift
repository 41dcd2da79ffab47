import BenchKit
import Foundation
import Ledger
import Resources

/// The rows; each opens a ledger of its own in a temporary folder.
enum LedgerRows {
    static let all: [BenchRow] =
        [1, 16, 256].map { callers in
            BenchRow(
                "ledger.record.\(callers)",
                unit: "per second",
                doc: """
                    Frames recorded, each durable when its call returns, by \(callers) caller\(callers == 1 ? "" : "s") at \
                    once with one frame a call: \(callers == 1 ? "a flush for each" : "calls that come together share a flush").
                    """
            ) { _ in Measurement(try await record(callers: callers)) }
        } + [
            BenchRow(
                "ledger.record.cpu",
                unit: "us per frame",
                doc: """
                    Processor time of the whole process for one frame, in calls of 16 frames from 16 callers: what 16,000 \
                    frames a second cost.
                    """
            ) { _ in Measurement(try await recordCPU()) },
            BenchRow(
                "ledger.digest",
                unit: "CPU s per GB",
                doc:
                    "HMAC-SHA-256 of payloads of 256 KiB under a salt of 16 bytes; each end makes it once for every frame."
            ) { _ in
                let payload = [UInt8](repeating: 7, count: 256 << 10)
                let salt = [UInt8](repeating: 1, count: 16)
                var sum: UInt8 = 0
                let runs = Timing.runs(7) { sum ^= LedgerHash.payload(payload, salt: salt)[0] }
                guard sum != 255 || runs.count == 7 else { throw BenchFailure("no digest") }
                return Measurement(runs.map { $0 / Double(payload.count) })
            },
            BenchRow(
                "ledger.verify",
                unit: "lines per second",
                doc:
                    "Verifying a ledger of 50,000 frames from its file: reading, replaying chains, comparing every hash."
            ) { _ in Measurement(try await verify()) },
        ]

    private static func record(callers: Int) async throws -> [Double] {
        try await Fixture.with { fixture in
            var runs: [Double] = []
            let each = max(400 / callers, 20)
            for run in 0..<6 {
                let start = Timing.now(.wall)
                try await fixture.record(callers: callers, calls: each, frames: 1, from: UInt64(run * each))
                runs.append(Double(callers * each) / (Timing.now(.wall) - start) * 1e9)
            }
            return Array(runs.dropFirst())
        }
    }

    private static func recordCPU() async throws -> [Double] {
        try await Fixture.with { fixture in
            var runs: [Double] = []
            for run in 0..<6 {
                let start = Fixture.processTime
                try await fixture.record(callers: 16, calls: 40, frames: 16, from: UInt64(run * 40 * 16))
                runs.append((Fixture.processTime - start) / Double(16 * 40 * 16) / 1000)
            }
            return Array(runs.dropFirst())
        }
    }

    private static func verify() async throws -> [Double] {
        try await Fixture.with { fixture in
            try await fixture.record(callers: 10, calls: 20, frames: 250, from: 0)
            var runs: [Double] = []
            for _ in 0..<4 {
                let start = Timing.now(.wall)
                let report = try await fixture.ledger.reader.verify()
                guard report.isWhole, report.lines == 50_000 else { throw BenchFailure("the ledger does not hold") }
                runs.append(50_000 / (Timing.now(.wall) - start) * 1e9)
            }
            return Array(runs.dropFirst())
        }
    }
}

/// A ledger in a folder that is removed.
struct Fixture: Sendable {
    let ledger: SiteLedger
    private let peer = SiteID(digest: [UInt8](repeating: 9, count: 32))

    static func with<Value>(_ body: (Fixture) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-bench-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let signer = NoKeys()
        let ledger = try SiteLedger.open(path: "\(folder)/ledger.db", site: signer.site, signer: signer)
        let value = try await body(Fixture(ledger: ledger))
        try ledger.close()
        return value
    }

    /// Each caller has a channel of its own and waits for one call before the next.
    func record(callers: Int, calls: Int, frames: Int, from first: UInt64) async throws {
        let (ledger, peer) = (ledger, peer)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var next = first
                    for _ in 0..<calls {
                        let records = (next..<next + UInt64(frames)).map {
                            Self.frame($0, task: "task-\(caller)", peer)
                        }
                        try await ledger.record(records)
                        next += UInt64(frames)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Nanoseconds of processor time of all threads.
    static var processTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    private static func frame(_ sequence: UInt64, task: String, _ peer: SiteID) -> FrameRecord {
        FrameRecord(
            direction: .sent, peer: peer, job: "01JZZZZZZZZZZZZZZZZZZZZZZZ", task: task, step: 1, sequence: sequence,
            attempt: 1, messageType: "bins.histogram", schemaDigest: [UInt8](repeating: 1, count: 32), elements: 4096,
            elementBits: 512, bytes: 256 << 10, salt: [UInt8](repeating: 2, count: 16),
            payloadDigest: [UInt8](repeating: 3, count: 32), keyID: "paillier-1", route: "direct")
    }
}

/// Recording alone needs no key.
private struct NoKeys: LedgerSigner {
    let site = SiteID(digest: [UInt8](repeating: 8, count: 32))

    func sign(_ bytes: [UInt8]) throws -> [UInt8] { throw BenchFailure("no key") }

    func rootKey(of site: SiteID) -> [UInt8]? { nil }
}
