public import Data
import Faults
import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Tables of jobs on the shelf of the site's datasets.
public struct ShelfTables: JobTables {
    private let shelf: DatasetShelf
    private let book: DatasetBook
    private let folder: String

    /// - Parameter folder: of its own, for what has no name for long; made when it is needed.
    public init(_ shelf: DatasetShelf, _ book: DatasetBook, folder: String) {
        self.shelf = shelf
        self.book = book
        self.folder = folder
    }

    public func open(_ dataset: String) async throws -> WorkerFile {
        try makeFolder()
        return try WorkerFile(taking: await shelf.openForWorker(try await book.find(dataset), folder: folder))
    }

    public func root(of dataset: String) async throws -> String {
        let source = DatasetName(dataset)?.source ?? dataset
        // What was made of it can be there still when it is gone itself.
        guard let found = try? await book.find(source) else { return source }
        let scope = found.metadata.scope
        return "\(scope.tenant ?? "")/\(scope.project ?? "")/\(found.metadata.name)"
    }

    public func makeFile() async throws -> WorkerFile {
        try makeFolder()
        return try WorkerFile(taking: shelf.makeFile(in: folder))
    }

    public func keep(_ file: WorkerFile, of source: String, by worker: WorkerID) async throws -> String {
        let found = try await book.find(source)
        return try await shelf.keep(file.descriptor, of: found, job: worker.job, task: worker.task).metadata.name
    }

    private func makeFolder() throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
}
