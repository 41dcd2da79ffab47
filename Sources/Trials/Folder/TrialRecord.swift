import Jobs

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

/// What is written down of a trial before anything of it is started.
struct TrialRecord: Codable, Hashable {
    /// The variable of the environment that every process of a trial has.
    static let variable = "ATOLL_TRIAL"

    var version = 1
    var name: String
    var mark: String
    /// The start of the system in which it runs, the process that drives it, and when that started.
    private(set) var boot = ""
    private(set) var driver: Int32 = 0
    var driverStart: UInt64 = 0
    /// Seconds since 1970.
    var began: Int64
    /// The data directory was made for it, and goes with it when nothing else is in it.
    var madeData: Bool
    /// The sites are to stay after the end of the driver.
    var isKept = false

    /// Driven by this process.
    init(name: String, mark: String, began: Int64, madeData: Bool) {
        self.name = name
        self.mark = mark
        self.began = began
        self.madeData = madeData
        drive()
    }

    /// This process drives it from now on.
    mutating func drive() {
        let own = getpid()
        (boot, driver, driverStart) = (ProcessStatus.bootID, own, ProcessStatus(of: own)?.start ?? 0)
        isKept = false
    }

    var processMark: ProcessMark { ProcessMark(variable: Self.variable, value: mark) }

    /// Whether the process that drives it is there.
    var isDriven: Bool {
        guard boot == ProcessStatus.bootID, let status = ProcessStatus(of: driver) else { return false }
        return status.start == driverStart && !status.hasEnded
    }

    static func read(_ path: String) -> TrialRecord? {
        guard let bytes = FileManager.default.contents(atPath: path),
            let record = try? JSONDecoder().decode(TrialRecord.self, from: bytes), record.version == 1,
            record.processMark.isWellFormed
        else { return nil }
        return record
    }

    func encoded() throws -> Data { try JSONEncoder().encode(self) }
}
