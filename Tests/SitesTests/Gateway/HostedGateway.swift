import Faults
import Foundation
import Ledger
import ResourcesTestKit
import Sites
import Synchronization
import WorkerSocket

/// A gateway in a process of its own (`gateway-host`), which a test kills and starts again.
final class HostedGateway: Sendable {
    enum Way {
        /// On the port that it had before, when there was one.
        case listens
        case dials(HostedGateway)
    }

    let site: SiteID
    let folder: String
    private let peer: SiteID
    private let process = Mutex<Process?>(nil)

    /// The identity must be there.
    init(_ site: SiteID, _ folder: String, peer: SiteID) {
        self.site = site
        self.folder = folder
        self.peer = peer
    }

    func start(_ way: Way) async throws {
        let words: [String]
        switch way {
        case .listens: words = ["listen", (try? read("port")) ?? "0"]
        case .dials(let other):
            try await eventually(within: .seconds(120), "the listener's port") { (try? other.read("port")) != nil }
            words = ["dial", try other.read("port")]
        }
        let new = Process()
        new.executableURL = try Self.program()
        new.arguments = [folder, peer.text] + words
        // It ends with this pipe: also when the tests are killed.
        new.standardInput = Pipe()
        try new.run()
        process.withLock { $0 = new }
    }

    /// In the middle of whatever it does.
    func kill() {
        guard let running = process.withLock({ $0.take() }) else { return }
        Foundation.kill(running.processIdentifier, SIGKILL)
        running.waitUntilExit()
    }

    /// Connects a worker. Blocks.
    ///
    /// - Throws: `GatewayFaults.socketUnusable`, `.tokenRefused` and others while the process is away.
    func worker() throws -> WorkerConnection {
        guard let text = try? read("token") else { throw Fault(GatewayFaults.socketUnusable) }
        let token = text.split(separator: " ").compactMap { UInt8($0, radix: 16) }
        return try WorkerConnection.connect(
            path: "\(folder)/worker.sock", token: token, job: "01JZZZZZZZZZZZZZZZZZZZZZZZ", task: "stream", epoch: 1)
    }

    /// What the ledger of the stopped process says, and a verifier that has read all of it.
    func ledger() async throws -> (verifier: LedgerVerifier, report: LedgerReport, flows: [LedgerReader.Flow]) {
        let reader = try LedgerReader(stopped: "\(folder)/ledger.db")
        var export = try await LedgerExport(reader)
        var verifier = LedgerVerifier()
        while let objects = try await export.next() {
            for object in objects { verifier.take(object) }
        }
        let report = verifier.finish()
        return (verifier, report, try await reader.chains().flatMap(\.flows))
    }

    private func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    /// The program that the same build put beside the tests.
    private static func program() throws -> URL {
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<4 {
            let candidate = folder.appending(path: "gateway-host")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        throw WaitedTooLong("gateway-host beside \(CommandLine.arguments[0])")
    }
}
