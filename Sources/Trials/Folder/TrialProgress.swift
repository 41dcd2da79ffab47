import Faults
import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How far a trial is, as its folder keeps it: what another process needs to go on where a driver was killed. Written as
/// a whole before each step that must not be done twice, and after each phase.
struct TrialProgress: Codable, Sendable {
    static let fileName = "progress.json"

    var version = 1
    let name: String
    /// The spec as it was checked, as JSON.
    let document: String
    /// The folder to which paths of data are relative; absolute.
    let files: String
    /// The command that runs it again.
    let reproduce: String
    /// Milliseconds since 1970.
    let began: Int64
    /// In the order of the spec; fewer while they are being started.
    var sites: [Site] = []
    /// Join codes that were made and perhaps not used, by the inviter's name and port and the joiner's name. Secrets: the
    /// folder is its user's alone.
    var codes: [String: String] = [:]
    /// When a job was submitted first, in milliseconds since 1970, by its name.
    var submitted: [String: Int64] = [:]
    var report: TrialReport
    var findings = LearningFindings()
    /// The trial is being removed: what is left of it can neither go on nor be kept.
    var isBeingRemoved: Bool?

    /// A site's process, by number and start, and its port of loopback where it listens.
    struct Site: Codable, Sendable, Hashable {
        let name: String
        let process: Int32
        let start: UInt64
        let port: Int?
    }

    /// - Parameter files: made absolute.
    init(_ spec: TrialSpec, files: String, reproduce: String, began: Timestamp) {
        name = spec.name
        document = String(decoding: JSONWriter.compact(spec.document), as: UTF8.self)
        let current = FileManager.default.currentDirectoryPath
        self.files = files.hasPrefix("/") ? files : "\(current)/\(files)"
        self.reproduce = reproduce
        self.began = began.milliseconds
        report = TrialReport(spec.name)
        report.began = began
        report.reproduce = reproduce
    }

    func isDone(_ phase: TrialPhase) -> Bool { report.phases.contains { $0.phase == phase } }

    /// Nothing is left to do but to tear down.
    func isComplete(_ spec: TrialSpec) -> Bool { isDone(spec.learning == nil ? .measure : .report) }

    var hasLearning: Bool { (try? spec())?.learning != nil }

    /// The trial that it is of.
    ///
    /// - Throws: `TrialFaults.progressUnreadable`.
    func spec() throws(Fault) -> TrialSpec {
        do {
            return try TrialSpec(name: name, document: try JSONParser.parse(document))
        } catch {
            throw Self.unreadable(nil, "The spec in it cannot be read.")
        }
    }

    // MARK: - The file

    /// - Parameter folder: of the trial.
    /// - Throws: `TrialFaults.folder`.
    func write(to folder: String) throws(Fault) {
        let path = "\(folder)/\(Self.fileName)"
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Fault(TrialFaults.folder, "The progress of the trial cannot be written.", at: path)
        }
    }

    /// - Throws: `TrialFaults.notResumable` when nothing was written yet, `.progressUnreadable`.
    static func read(_ folder: String) throws(Fault) -> TrialProgress {
        let path = "\(folder)/\(fileName)"
        guard let bytes = FileManager.default.contents(atPath: path) else {
            guard !FileManager.default.fileExists(atPath: path) else { throw unreadable(path, nil) }
            throw Fault(TrialFaults.notResumable, "Nothing of the trial was begun.", at: path)
        }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let version = try? decoder.decode(Version.self, from: bytes).version else { throw unreadable(path, nil) }
        guard version == 1 else {
            throw unreadable(path, "It was written by another version of the program: form \(version).")
        }
        guard var progress = try? decoder.decode(TrialProgress.self, from: bytes) else { throw unreadable(path, nil) }
        progress.report.began = Timestamp(milliseconds: progress.began)
        progress.report.reproduce = progress.reproduce
        return progress
    }

    private struct Version: Codable {
        let version: Int
    }

    private static func unreadable(_ path: String?, _ what: String?) -> Fault {
        Fault(TrialFaults.progressUnreadable, what, at: path ?? fileName)
    }
}

/// A JSON value within what is coded otherwise: as its text.
struct JSONText: Codable, Sendable {
    var value: JSONValue

    init(_ value: JSONValue) {
        self.value = value
    }

    init(from decoder: any Decoder) throws {
        value = try JSONParser.parse(try decoder.singleValueContainer().decode(String.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(decoding: JSONWriter.compact(value), as: UTF8.self))
    }
}
