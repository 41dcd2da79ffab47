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
    private(set) var record: TrialRecord?
    /// Of the process that drives it, or removes it.
    private(set) var lock: FolderLock?

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
        let record = TrialRecord(
            name: name, mark: ProcessMark.make(TrialRecord.variable).value, began: Timestamp.now.milliseconds / 1000,
            madeData: madeData)
        var folder = TrialFolder(name: name, path: path, record: record)
        do throws(Fault) {
            folder.lock = try FolderLock.take(path)
            try folder.write(record)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        return folder
    }

    init(name: String, path: String, record: TrialRecord?) {
        self.name = name
        self.path = path
        self.record = record
    }

    /// Makes this process the driver of a trial that has none. Of two that try at once one succeeds.
    ///
    /// - Returns: the folder, and how far the trial is.
    /// - Throws: `TrialFaults.running`, `.notResumable`, `.progressUnreadable`, `.folder`.
    func takeOver() throws(Fault) -> (TrialFolder, TrialProgress) {
        guard let lock = try FolderLock.take(path) else { throw isRunning }
        // Another one may have been the driver, and have ended, since this was read.
        var folder = TrialFolder(name: name, path: path, record: TrialRecord.read(path + "/trial.json"))
        folder.lock = lock
        guard folder.state != .running else { throw folder.isRunning }
        guard var record = folder.record else {
            throw Fault(TrialFaults.notResumable, "Nothing of the trial was begun.", at: path)
        }
        let progress = try TrialProgress.read(path)
        let isComplete = progress.isComplete(try progress.spec())
        guard isComplete || progress.isBeingRemoved != true else {
            throw Fault(
                TrialFaults.notResumable, "The trial '\(name)' did not come to its end, and was being removed.",
                at: path)
        }
        guard folder.state == .left || !isComplete else {
            throw Fault(
                TrialFaults.notResumable, "The trial '\(name)' came to its end, and its sites were kept.", at: path)
        }
        record.drive()
        folder.record = record
        try folder.write(record)
        return (folder, progress)
    }

    /// Holds the folder while it is removed.
    ///
    /// - Throws: `TrialFaults.running`, `.unknown` when somebody else has removed it.
    func holdForRemoval() throws(Fault) -> TrialFolder {
        var held: FolderLock?
        do throws(Fault) {
            held = try FolderLock.take(path)
            guard held != nil else { throw isRunning }
        } catch  where !error.is(TrialFaults.running) {
            guard access(path, F_OK) == 0 else { throw Fault(TrialFaults.unknown, at: path) }
            // A full disk has no room for a lock that was not there.
        }
        // Another one may have driven it, and have ended, since this was read.
        var folder = TrialFolder(name: name, path: path, record: TrialRecord.read(path + "/trial.json"))
        folder.lock = held
        guard folder.state != .running else { throw folder.isRunning }
        return folder
    }

    var isRunning: Fault {
        Fault(TrialFaults.running, "The trial '\(name)' is driven by process \(record?.driver ?? 0).", at: path)
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
        return record.isKept ? .kept : record.isDriven ? .running : .left
    }

    /// Seconds since 1970; 0 when unknown.
    public var began: Int64 { record?.began ?? 0 }

    /// The phase that is, or was, under way; nil where that is not known, and of a trial that was kept at its end.
    public var phase: TrialPhase? {
        guard let progress = try? TrialProgress.read(path) else { return nil }
        let phase = TrialPhase.allCases.first { !progress.isDone($0) && (progress.hasLearning || !$0.isOfLearning) }
        return phase == .tearDown && state == .kept ? nil : phase
    }

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
            // What says how far it is goes last, so that a removal that is cut short can go on.
            let last = ["trial.json", TrialProgress.fileName, FolderLock.fileName]
            for name in try FileManager.default.contentsOfDirectory(atPath: path) where !last.contains(name) {
                try FileManager.default.removeItem(atPath: "\(path)/\(name)")
            }
            try FileManager.default.removeItem(atPath: path)
        } catch {
            guard access(path, F_OK) != 0 else {
                throw Fault(TrialFaults.leftBehind, "The folder of the trial '\(name)' cannot be removed.", at: path)
            }
        }
    }
}
