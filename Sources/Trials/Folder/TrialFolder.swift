import Faults
import Jobs
import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder of one trial: its record, and for every site its data and its log. Nothing of a trial is elsewhere.
public struct TrialFolder: Sendable {
    public let name: String
    public let path: String
    /// On every process of the trial; nil where a driver was killed before it had started any.
    let record: TrialRecord?

    var mark: ProcessMark { record?.processMark ?? ProcessMark(variable: TrialRecord.variable, value: "") }

    /// Data of a site.
    func site(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes the folder of a trial that is driven by this process.
    ///
    /// - Parameter data: the data directory; made where it is missing.
    /// - Throws: `TrialFaults.exists`, `.folder`.
    static func make(_ name: String, in data: String) throws(Fault) -> TrialFolder {
        let shelf = TrialShelf(data: data)
        let madeData = access(data, F_OK) != 0
        try shelf.make()
        let path = shelf.folder(name)
        guard mkdir(path, 0o700) == 0 else {
            guard errno == EEXIST else { throw refusal(path) }
            let old = TrialFolder(name: name, path: path, record: TrialRecord.read(path + "/trial.json"))
            throw Fault(TrialFaults.exists, "There is a trial '\(name)' already: \(old.state.sentence).", at: path)
        }
        let own = getpid()
        let record = TrialRecord(
            name: name, mark: ProcessMark.make(TrialRecord.variable).value, boot: ProcessStatus.bootID, driver: own,
            driverStart: ProcessStatus(of: own)?.start ?? 0, began: Timestamp.now.milliseconds / 1000,
            madeData: madeData)
        let folder = TrialFolder(name: name, path: path, record: record)
        do throws(Fault) {
            try folder.write(record)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        return folder
    }

    /// The sites stay when this process ends.
    func keep() throws(Fault) {
        guard var record else { return }
        record.isKept = true
        try write(record)
    }

    private func write(_ record: TrialRecord) throws(Fault) {
        do {
            try record.encoded().write(to: URL(filePath: path + "/trial.json"), options: .atomic)
        } catch {
            throw Fault(TrialFaults.folder, "The record cannot be written.", at: path + "/trial.json")
        }
    }

    private static func refusal(_ path: String) -> Fault {
        Fault(TrialFaults.folder, "The folder cannot be made: \(String(cString: strerror(errno))).", at: path)
    }
}

extension TrialFolder {
    /// What a folder says of its trial.
    public enum State: String, Sendable {
        /// A process drives it.
        case running
        /// Its driver has ended and left the sites running, as it was told to.
        case kept
        /// Its driver was killed.
        case left

        var sentence: String {
            switch self {
            case .running: "it runs"
            case .kept: "its sites were kept"
            case .left: "its driver was killed"
            }
        }
    }

    public var state: State {
        guard let record else { return .left }
        return record.isDriven ? .running : record.isKept ? .kept : .left
    }

    /// Seconds since 1970; 0 when unknown.
    public var began: Int64 { record?.began ?? 0 }

    /// Numbers of its processes that run now, this one excepted.
    public func processes() -> [Int32] { mark.processes() }

    /// Ends every process of the trial, with their workers and control groups, and removes the folder. Blocks.
    ///
    /// - Throws: `TrialFaults.leftBehind`; what could be removed is gone then, and it may be tried again.
    func clear(with signal: Int32 = SIGKILL, patience: Duration = .seconds(10)) throws(Fault) {
        var left = mark.end(with: signal, patience: patience)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            let workers = "\(path)/\(name)/workers"
            guard access(workers, F_OK) == 0 else { continue }
            left += try WorkerRemains(folder: workers).end()
        }
        guard left.isEmpty else {
            throw Fault(
                TrialFaults.leftBehind, "Processes of the trial '\(name)' cannot be ended.",
                at: "processes " + Set(left).sorted().map(String.init).joined(separator: ", "))
        }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            guard access(path, F_OK) != 0 else {
                throw Fault(TrialFaults.leftBehind, "The folder of the trial '\(name)' cannot be removed.", at: path)
            }
        }
    }
}
