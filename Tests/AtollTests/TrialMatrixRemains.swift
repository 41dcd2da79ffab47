import Foundation
import Jobs
import Resources
import Synchronization

@testable import Trials

/// What a trial has had that must not be left of it: looked at in its own network and on its own disk as well.
struct TrialMatrixRemains: Sendable {
    private var marks: Set<ProcessMark> = []
    private var ports: Set<Int> = []
    private var groups: Set<String> = []

    /// Notes what there is now.
    mutating func note(_ trial: TrialMatrixTrial) {
        if let mark = trial.record?.processMark { marks.insert(mark) }
        ports.formUnion((trial.progress?.sites ?? []).compactMap(\.port))
        for workers in [0, 1].map({ trial.site($0) + "/workers" }) {
            for file in (try? FileManager.default.contentsOfDirectory(atPath: workers)) ?? [] {
                let text = (try? String(contentsOfFile: "\(workers)/\(file)", encoding: .utf8)) ?? ""
                groups.formUnion(((try? JSONParser.parse(text))?["groups"]?.array ?? []).compactMap(\.string))
            }
        }
    }

    /// Everything of the trial that is still there, in words.
    func left(_ trial: TrialMatrixTrial, _ network: TrialMatrixNetwork?) async throws -> [String] {
        var left = marks.flatMap { $0.processes() }.map { "process \($0)" }
        if marks.isEmpty { left.append("no trial was seen") }
        if FileManager.default.fileExists(atPath: trial.data) { left.append("folder \(trial.data)") }
        left += groups.filter { FileManager.default.fileExists(atPath: $0) }.map { "control group \($0)" }
        left += sockets(try String(contentsOfFile: "/proc/net/unix", encoding: .utf8), of: trial)
        for file in ["/proc/net/tcp", "/proc/net/tcp6"] {
            left += listeners((try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
        }
        if let network {
            left += try await network.processes.map { "process \($0) in the network" }
            left += sockets(try await network.read("/proc/net/unix"), of: trial).map { "\($0) in the network" }
            for file in ["/proc/net/tcp", "/proc/net/tcp6"] {
                left += listeners(try await network.read(file)).map { "\($0) in the network" }
            }
        }
        return left + trial.leftOnDisk()
    }

    private func sockets(_ table: String, of trial: TrialMatrixTrial) -> [String] {
        table.split(separator: "\n").filter { $0.contains(trial.folder) }.map { "socket \($0)" }
    }

    private func listeners(_ table: String) -> [String] {
        table.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[3] == "0A", let digits = fields[1].split(separator: ":").last,
                let port = Int(digits, radix: 16), ports.contains(port)
            else { return nil }
            return "port \(port)"
        }
    }
}

extension TrialMatrixHand {
    func note() {
        state.withLock { $0.remains.note(trial) }
    }

    func left() async throws -> [String] {
        let remains = state.withLock { $0.remains }
        return try await remains.left(trial, network)
    }
}
