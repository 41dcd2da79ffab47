import Foundation

/// The package's checkout, found from this file.
enum Repository {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let isCheckout = FileManager.default.fileExists(atPath: root.appending(path: ".git").path)

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
    }

    /// Paths of the files under a folder with one of the endings, relative to the root.
    static func files(under folder: String, endings: Set<String>) -> [String] {
        let start = root.appending(path: folder)
        let names = FileManager.default.enumerator(atPath: start.path)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            endings.contains((name as NSString).pathExtension) && !name.split(separator: "/").contains(".build")
        }.map { "\(folder)/\($0)" }.sorted()
    }

    /// Paths of the files that are tracked or about to be, relative to the root; links and deleted files are left out.
    static func tracked() throws -> [String] {
        let listing = try run(
            "git", "-c", "safe.directory=*", "-C", root.path, "ls-files", "-z", "--cached", "--others",
            "--exclude-standard")
        return listing.split(separator: "\0").map(String.init).filter { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)
            return attributes?[.type] as? FileAttributeType == .typeRegular
        }
    }

    /// Standard output of a command that must succeed.
    static func run(_ command: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailed(command: command, status: process.terminationStatus)
        }
        return String(decoding: said, as: UTF8.self)
    }

    struct CommandFailed: Error {
        let command: [String]
        let status: Int32
    }
}
