import Faults
import Foundation
import Jobs
import Resources
import Synchronization
import Testing

@testable import Trials

/// A trial of two sites `a` and `b` that are shell scripts, behind doors that answer as the test says.
struct TrialFixture: Sendable {
    let data: String
    let doors = FakeDoors()
    private let spec: TrialSpec
    private let program: String
    private let told = Told()

    /// Stops and removes what is left at the end.
    ///
    /// - Parameter program: what a site does, in the shell's words.
    static func with(
        expect: [String] = [], program: String = "exec sleep 3600", _ body: (TrialFixture) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-trial-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appending(path: "site")
        try Data("#!/bin/sh\necho \"$@\" >>'\(script.path).starts'\n\(program)\n".utf8).write(to: script)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
        let expectations = expect.map { "'\($0)'" }.joined(separator: ", ")
        let text = """
            apiVersion: atoll.dev/v1alpha1
            kind: Trial
            metadata: {name: t}
            spec:
              sites: [{name: a}, {name: b}]
              job: {tasks: [{name: v, operator: verify}]}
              expect: [\(expectations)]
            """
        let trial = TrialFixture(
            data: folder.appending(path: "data").path, spec: try await Trial.read(Array(text.utf8), file: nil),
            program: script.path)
        do {
            try await body(trial)
        } catch {
            trial.end()
            throw error
        }
        trial.end()
    }

    private init(data: String, spec: TrialSpec, program: String) {
        self.data = data
        self.spec = spec
        self.program = program
    }

    func run(keeps: Bool = false, patience: Duration = .seconds(120)) async throws -> TrialReport {
        var driver = TrialDriver(
            spec, data: data, program: program, doors: doors, keeps: keeps, tell: { [told] in told.add($0) })
        driver.patience = patience
        return try await driver.run()
    }

    func resume(keeps: Bool = false) async throws -> TrialReport {
        let driver = try TrialDriver(
            resuming: "t", data: data, program: program, doors: doors, keeps: keeps, tell: { [told] in told.add($0) })
        return try await driver.run()
    }

    var folder: TrialFolder {
        get throws { try TrialShelf(data: data).folder(of: "t") }
    }

    /// Makes a kept trial look as if its driver had been killed.
    func leave() throws {
        let path = try folder.path + "/trial.json"
        var record = try #require(TrialRecord.read(path))
        record.isKept = false
        record.driverStart += 1
        try record.encoded().write(to: URL(filePath: path))
    }

    /// The next site of the name `a` finds its port taken, where the program looks for it.
    func takePort() throws {
        try Data().write(to: URL(filePath: program + ".taken"))
    }

    /// The words that each site was started with, in order.
    var starts: [String] {
        let text = (try? String(contentsOfFile: program + ".starts", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    var events: [TrialEvent] { told.all }

    private func end() {
        for mark in doors.marks { _ = mark.end() }
    }

    private final class Told: Sendable {
        private let events = Mutex<[TrialEvent]>([])
        func add(_ event: TrialEvent) { events.withLock { $0.append(event) } }
        var all: [TrialEvent] { events.withLock { $0 } }
    }
}

final class FakeDoors: SiteDoors {
    /// By the first word of the path; `job` for the job itself.
    let answers = Mutex<[String: JSONValue]>([
        "routes": ["outcome": "pass", "steps": [["layer": "name"], ["layer": "tcp"]]],
        "job": ["status": ["state": "Succeeded", "job": "01J"]],
    ])
    /// As long as no site answers.
    let isSilent = Mutex(false)
    let areJoined = Mutex(false)
    /// The address of the route towards the first site, as it was applied last.
    let address = Mutex("127.0.0.1:1")
    /// Join codes that are refused because their time is over.
    let expired = Mutex<Set<String>>([])
    /// First words and bodies of what was posted.
    let posted = Mutex<[(path: [String], body: JSONValue)]>([])
    private let seen = Mutex<Set<ProcessMark>>([])

    /// Of every trial whose doors were opened.
    var marks: Set<ProcessMark> { seen.withLock { $0 } }

    func door(of folder: String) -> any SiteDoor {
        let record = (folder as NSString).deletingLastPathComponent + "/trial.json"
        if let mark = TrialRecord.read(record)?.processMark { seen.withLock { _ = $0.insert(mark) } }
        return Door(doors: self, index: folder.hasSuffix("/a") ? 0 : 1)
    }

    private struct Door: SiteDoor {
        let doors: FakeDoors
        let index: Int

        func get(_ path: [String], _ query: [(String, String)]) async throws -> JSONValue {
            if doors.isSilent.withLock({ $0 }) { throw Fault(ProgramFaults.notRunning) }
            switch path {
            case let path where path.first == "peers" || path.first == "routes":
                guard doors.areJoined.withLock({ $0 }) else { throw Fault(ResourceFaults.notFound) }
                return ["spec": ["peer": "a", "address": .string(doors.address.withLock { $0 })]]
            case ["jobs"]:
                return ["items": [["metadata": ["name": "mirror"], "status": ["job": "01J"]]]]
            case let path where path.last == "results":
                let figures: JSONValue = [
                    "disk.write": .number(index == 0 ? 4e6 : 3e6), "route.\(1 - index).bandwidth_out": .number(2e6),
                    "route.\(1 - index).round_trip_p50": .number(0.001),
                ]
                return ["items": [["task": "v", "figures": figures]]]
            case let path where path.last == "log": return doors.answers.withLock { $0["log"] ?? ["items": []] }
            case let path where path.first == "jobs": return doors.answers.withLock { $0["job"] ?? .null }
            default: return [:]
            }
        }

        func upload(_ file: String, _ query: [(String, String)], as wanted: DatasetWish) async throws -> JSONValue {
            [:]
        }

        func export(_ dataset: String, _ query: [(String, String)], to file: String) async throws {}

        func post(_ path: [String], _ query: [(String, String)], _ body: JSONValue) async throws -> JSONValue {
            doors.posted.withLock { $0.append((path, body)) }
            switch path {
            case ["apply"]:
                if let address = body["spec"]?["address"]?.string { doors.address.withLock { $0 = address } }
                return [:]
            case ["peers", "accept"]:
                guard !doors.expired.withLock({ $0.contains(body["code"]?.string ?? "") }) else {
                    throw Fault(JoiningFaults.codeExpired)
                }
                doors.areJoined.withLock { $0 = true }
                return [:]
            case ["peers", "invite"]: return ["code": "code"]
            case let path where path.last == "retry":
                doors.answers.withLock {
                    $0["job"] = $0["retried"] ?? ["status": ["state": "Succeeded", "job": "01J", "epoch": 3]]
                }
                return [:]
            case ["jobs", "submit"]: return ["metadata": ["name": "t"], "status": [:]]
            case ["jobs", "plan"]:
                return ["tasks": [["costs": [["cost": ["seconds": 7]], ["cost": ["seconds": 5.5]]]]]]
            default: return doors.answers.withLock { $0[path[0]] ?? [:] }
            }
        }
    }
}
