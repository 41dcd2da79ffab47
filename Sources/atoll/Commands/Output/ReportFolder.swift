import Faults
import Resources
import Trials

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a trial's report is written.
enum ReportFolder {
    /// Whether it is there or can be made; nothing is made yet, since the trial may still be refused.
    ///
    /// - Throws: `TrialFaults.folder`.
    static func check(_ path: String) throws(Fault) {
        var folder = URL(filePath: path).standardizedFileURL
        while FileFacts(folder.path) == nil, folder.pathComponents.count > 1 { folder.deleteLastPathComponent() }
        guard FileFacts(folder.path)?.kind == .directory, FileManager.default.isWritableFile(atPath: folder.path) else {
            throw Fault(TrialFaults.folder, "The folder of the report cannot be made.", at: path)
        }
    }

    /// - Throws: `TrialFaults.folder`.
    static func make(_ path: String) throws(Fault) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Fault(TrialFaults.folder, "The folder of the report cannot be made.", at: path)
        }
    }

    /// - Returns: the path of the page.
    /// - Throws: `TrialFaults.folder`.
    static func write(_ document: TrialDocument, to path: String) throws(Fault) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            try encoder.encode(document.finite).write(
                to: URL(filePath: "\(path)/\(TrialDocument.fileName)"), options: .atomic)
            try Data(ReportPage(document: document).html.utf8).write(
                to: URL(filePath: "\(path)/\(ReportPage.fileName)"), options: .atomic)
        } catch {
            throw Fault(TrialFaults.folder, "The report cannot be written.", at: path)
        }
        return "\(path)/\(ReportPage.fileName)"
    }

    /// Program and machine.
    static var environment: [String: String] {
        let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = cpu.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
        let system = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        return [
            "program": "atoll \(ProgramVersion.text)",
            "processor": model.map { String($0.drop { $0 == " " }) } ?? "unknown",
            "cores": "\(ProcessInfo.processInfo.activeProcessorCount)",
            "system": "Linux " + String(system.filter { !$0.isNewline }),
        ]
    }
}
