import Faults
import Objects
import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Sends a file in chunks and sees to it that what is registered is what was read: goes on where an earlier attempt
/// stopped, and waits for a server that is started again.
struct FileSender {
    let client: APIClient
    let name: String
    let scope: ScopeOptions
    let retentionDays: Int
    let hasHeader: Bool
    /// Whether the file is a CSV file whose rows are counted.
    let countsRows: Bool
    /// How long a server that does not answer is waited for.
    var patience = Duration.seconds(60)

    /// - Returns: the upload, once its file is registered.
    /// - Throws: `ObjectFaults.fileChanged` and the server's faults. The upload stays open when the way to the server is
    ///   lost: the same command goes on with it.
    func send(_ path: String) async throws -> JSONValue {
        let file = try SourceFile(path)
        guard (1...FileDigest.mostBytes).contains(file.bytes) else {
            throw Fault(
                ObjectFaults.uploadSize, "The file has \(file.bytes) bytes.", at: path,
                wanted: "1 to \(FileDigest.mostBytes) bytes")
        }
        let begin: JSONValue = [
            "name": .string(name), "bytes": .integer(file.bytes), "retentionDays": .integer(Int64(retentionDays)),
            "hasHeader": .bool(hasHeader),
        ]
        let upload = try await persist { try await $0.post(APIPath(["uploads"], query: scope.query), .json(begin)) }
        guard let id = upload["id"]?.string else { throw Fault(ProgramFaults.strangeAnswer, at: "uploads") }
        let claim = try await chunks(of: file, id)
        do {
            try file.checkUnchanged()
        } catch {
            // What was sent is a mixture of two files.
            _ = try? await client.delete(uploadPath(id))
            throw error
        }
        _ = try await persist { try await $0.post(uploadPath(id, "complete"), .json(claim)) }
        return try await end(of: id)
    }

    /// Reads every chunk, sends those that the server does not have, and returns what is claimed of the whole.
    private func chunks(of file: SourceFile, _ id: String) async throws -> JSONValue {
        let known = try await persist { try await $0.get(uploadPath(id, "chunks")) }
        var digests: [Int: String] = [:]
        for item in known["items"]?.array ?? [] {
            if let chunk = item["chunk"]?.integer { digests[Int(chunk)] = item["digest"]?.string }
        }
        var all: [[UInt8]] = []
        var counter = RecordCounter()
        var isText = countsRows
        let progress = ProgressLine(name, total: file.bytes)
        defer { progress.finish() }
        for chunk in 0..<FileDigest.count(file.bytes) {
            progress.update(FileDigest.range(chunk, of: file.bytes).lowerBound)
            let bytes = try file.read(chunk)
            if chunk == 0, bytes.starts(with: [0x1F, 0x8B]) { isText = false }
            if isText { counter.update(bytes) }
            let digest = FileDigest.chunk(bytes)
            all.append(digest)
            if digests[chunk] == digest.hexadecimal { continue }
            let field = "sha-256=:\(Data(digest).base64EncodedString()):"
            let body = APIClient.Body(
                bytes: bytes, type: "application/octet-stream", headers: ["content-digest": field])
            _ = try await persist { try await $0.put(uploadPath(id, "chunks", "\(chunk)"), body) }
        }
        var claim: [String: JSONValue] = ["digest": .string(FileDigest.whole(all).hexadecimal)]
        if isText { claim["rows"] = .integer(counter.finish(hasHeader: hasHeader)) }
        return .object(claim)
    }

    private func end(of id: String) async throws -> JSONValue {
        while true {
            let upload = try await persist { try await $0.get(uploadPath(id)) }
            switch upload["state"]?.string.flatMap(Upload.State.init(rawValue:)) {
            case .done: return upload
            case .failed:
                throw upload["fault"].flatMap(Fault.init(problem:)) ?? Fault(ProgramFaults.strangeAnswer, at: "upload")
            default: try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func uploadPath(_ segments: String...) -> APIPath {
        APIPath(["uploads"] + segments, query: scope.query)
    }

    /// Repeats a call while the server is away or busy.
    private func persist(_ call: (APIClient) async throws -> JSONValue) async throws -> JSONValue {
        let end = ContinuousClock.now + patience
        while true {
            do {
                return try await call(client)
            } catch let fault as Fault
                where (fault.is(ProgramFaults.notRunning) || fault.is(ObjectFaults.uploadBusy))
                && ContinuousClock.now < end
            {
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }
}
