import Faults
import Foundation
import Ledger
import ResourcesTestKit
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Full and read-only disks: nothing unrecorded is acknowledged, nothing acknowledged is lost, and recording goes on
/// when there is room again.
@Suite struct DiskTests {
    private let peer = Party().site

    @Test(.enabled(if: SmallDisk.isPermitted, "a tmpfs cannot be mounted here"))
    func aFullDiskStopsRecordingUntilThereIsRoom() async throws {
        try await SmallDisk.with(bytes: 32 << 20) { folder in
            let party = Party()
            let ledger = try party.open(in: folder)
            var next: UInt64 = 0
            for round in 0..<3 {
                try Data(count: SmallDisk.free(folder) - (1 << 20)).write(to: URL(filePath: "\(folder)/ballast"))
                await expect(LedgerFaults.notRecorded) {
                    for _ in 0..<100_000 {
                        try await ledger.record((next..<next + 20).map { .sample($0, peer: peer) })
                        next += 20
                    }
                }
                // Recording none means that the next number is still wanted: a later one would leave a gap.
                try FileManager.default.removeItem(atPath: "\(folder)/ballast")
                await expect(LedgerFaults.outOfSequence) {
                    try await ledger.record([.sample(next + 1, peer: peer)])
                }
                try await ledger.record([.sample(next, peer: peer)])
                next += 1
                let report = try await ledger.reader.verify()
                #expect(report.isWhole && report.lines == next, "round \(round): \(report.findings)")
            }
            try ledger.close()
            let again = try party.open(in: folder)
            #expect(try await again.reader.verify().lines == next)
            try again.close()
        }
    }

    @Test func aClosedLedgerRecordsNothing() async throws {
        try await withTemporaryFolder { folder in
            let ledger = try Party().open(in: folder)
            try await ledger.record([.sample(0, peer: peer)])
            try ledger.close()
            await expect(LedgerFaults.notRecorded) { try await ledger.record([.sample(1, peer: peer)]) }
        }
    }
}
