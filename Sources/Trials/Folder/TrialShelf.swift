public import Faults
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

/// The trials of a data directory: a folder for each under `trials`.
public struct TrialShelf: Sendable {
    /// Without a slash at the end.
    private let data: String

    public init(data: String) {
        self.data = data
    }

    private var path: String { data + "/trials" }

    func folder(_ name: String) -> String { "\(path)/\(name)" }

    /// - Throws: `TrialFaults.folder`.
    func make() throws(Fault) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Fault(TrialFaults.folder, at: path)
        }
    }

    /// Every trial that has a folder, in order of name.
    public func list() -> [TrialFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().compactMap { name in
            (try? Names.check(name, at: "name")).map { find(name) } ?? nil
        }
    }

    /// Removes a trial that no process drives.
    ///
    /// - Throws: `TrialFaults.unknown`, `.running`, `.leftBehind`.
    public func clean(_ name: String) throws(Fault) {
        let held = try folder(of: name).holdForRemoval()
        try held.clear()
        tidy(after: held)
    }

    /// - Throws: `TrialFaults.unknown`.
    func folder(of name: String) throws(Fault) -> TrialFolder {
        try Names.check(name, at: "name")
        guard let folder = find(name) else { throw Fault(TrialFaults.unknown, at: self.folder(name)) }
        return folder
    }

    /// Takes the folder of all trials away when it is empty, and an empty data directory when the trial had made it.
    func tidy(after folder: TrialFolder) {
        if rmdir(path) == 0, folder.record?.madeData == true { rmdir(data) }
    }

    private func find(_ name: String) -> TrialFolder? {
        guard access(folder(name), F_OK) == 0 else { return nil }
        return TrialFolder(name: name, path: folder(name), record: TrialRecord.read(folder(name) + "/trial.json"))
    }
}
