import Crypto
import Ledger
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Records frames in the ledger of a folder from four tasks, until it is killed, and prints `TASK NEXT` for every call
/// that the ledger has acknowledged.
///
/// Arguments: folder, the 32 bytes of the root key in hexadecimal, and for each task the sequence number to begin with.
@main struct LedgerWriter {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let digits = Array(arguments[2])
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        let key = try P256.Signing.PrivateKey(rawRepresentation: bytes)
        let signer = Signer(key: key)
        let ledger = try SiteLedger.open(path: "\(arguments[1])/ledger.db", site: signer.site, signer: signer)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (task, start) in arguments[3...].enumerated() {
                let start = UInt64(start)!
                group.addTask { try await write(to: ledger, task: "task-\(task)", from: start) }
            }
            try await group.waitForAll()
        }
    }

    private static func write(to ledger: SiteLedger, task: String, from start: UInt64) async throws {
        let peer = SiteID(digest: [UInt8](repeating: 7, count: 32))
        var next = start
        while true {
            let count = 1 + next % 5
            let records = (next..<next + count).map { sequence in
                FrameRecord(
                    direction: .sent, peer: peer, job: "01JZZZZZZZZZZZZZZZZZZZZZZZ", task: task, step: 1,
                    sequence: sequence, attempt: 1, messageType: "bins.histogram",
                    schemaDigest: [UInt8](repeating: 1, count: 32), elements: 10, elementBits: 64, bytes: 100,
                    salt: [UInt8](repeating: 2, count: 16), payloadDigest: [UInt8](repeating: 3, count: 32), keyID: "",
                    route: "direct")
            }
            try await ledger.record(records)
            next += count
            let line = Array("\(task) \(next)\n".utf8)
            // One system call per line, so that a line is whole or absent when the process is killed.
            _ = Glibc.write(1, line, line.count)
        }
    }
}

private struct Signer: LedgerSigner {
    let key: P256.Signing.PrivateKey

    var site: SiteID { SiteID(digest: SHA256.hash(data: key.publicKey.derRepresentation)) }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: bytes).rawRepresentation)
    }

    func rootKey(of site: SiteID) -> [UInt8]? {
        site == self.site ? Array(key.publicKey.derRepresentation) : nil
    }
}
