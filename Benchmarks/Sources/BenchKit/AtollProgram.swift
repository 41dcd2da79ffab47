#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The program itself, for rows about it as a whole.
public struct AtollProgram: Sendable {
    public let path: String

    /// `ATOLL_BINARY`, or `atoll` beside this program.
    public static func find() -> AtollProgram? {
        let beside = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let candidates: [String?] = [
            ProcessInfo.processInfo.environment["ATOLL_BINARY"], beside.appending(path: "atoll").path,
        ]
        return candidates.compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
            .map(AtollProgram.init(path:))
    }
}

/// A row that could not be measured, in a sentence.
public struct BenchFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
