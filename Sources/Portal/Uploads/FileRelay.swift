import Crypto
import Faults
import HTTPTypes
import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Hands a file that comes in a form to the API, in its chunks with their digests, as a sender would.
struct FileRelay {
    let visit: Visit
    let name: String
    /// How large the file is when nothing follows it in its form. Of a file of one chunk it is counted.
    let bytes: Int64
    /// Whether its first line names the columns, and is no row.
    let hasHeader: Bool

    private static let chunkBytes = 8 << 20
    /// How long a file's end is waited for; it goes on by itself after that.
    private static let patience = Duration.seconds(60)

    private var waiting: [UInt8] = []
    private var upload: String?
    private var digests: [UInt8] = []
    private var sent: Int64 = 0

    init(visit: Visit, name: String, bytes: Int64, hasHeader: Bool) {
        self.visit = visit
        self.name = name
        self.bytes = bytes
        self.hasHeader = hasHeader
    }

    /// The next bytes of the file.
    mutating func take(_ more: [UInt8]) async throws {
        waiting += more
        while waiting.count > Self.chunkBytes {
            let chunk = Array(waiting[..<Self.chunkBytes])
            waiting.removeFirst(Self.chunkBytes)
            try await send(chunk)
        }
    }

    /// The file is over.
    mutating func finish() async throws {
        let chunk = waiting
        waiting = []
        if !chunk.isEmpty || upload == nil { try await send(chunk, isAll: upload == nil) }
        guard upload == nil || sent == bytes || sent == Int64(chunk.count) else { throw FileForm.cut }
    }

    private mutating func send(_ chunk: [UInt8], isAll: Bool = false) async throws {
        let id: String
        if let upload {
            id = upload
        } else {
            let size = isAll ? Int64(chunk.count) : bytes
            guard size <= FileForm.mostBytes else { throw FileForm.tooLarge }
            let begun = try await visit.api.send(
                .post, "/uploads", visit.placed(),
                ["name": .string(name), "bytes": .integer(size), "hasHeader": .bool(hasHeader)])
            guard let begunID = begun["id"]?.string else { throw Fault(ProgramFaults.strangeAnswer, at: "uploads") }
            id = begunID
            upload = id
        }
        let digest = Array(SHA256.hash(data: chunk))
        let field = "sha-256=:\(Data(digest).base64EncodedString()):"
        let answer = try await visit.api.answer(
            .put, "/uploads/\(encoded(id))/chunks/\(digests.count / 32)", visit.placed(), chunk,
            type: "application/octet-stream", headers: [HTTPField.Name("Content-Digest")!: field])
        _ = try SiteCalls.value(answer)
        digests += digest
        sent += Int64(chunk.count)
    }

    /// Has the whole checked and registered.
    ///
    /// - Returns: the upload as it stands: done, or still being checked.
    func complete() async throws -> JSONValue {
        guard let upload else { throw FileForm.cut }
        let path = "/uploads/\(encoded(upload))"
        let whole = SHA256.hash(data: digests).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try await visit.api.send(.post, "\(path)/complete", visit.placed(), ["digest": .string(whole)])
        let end = ContinuousClock.now + Self.patience
        while true {
            let found = try await visit.api.get(path, visit.placed())
            switch found["state"]?.string {
            case "failed": throw Refusal(ofTask: found)
            case "completing" where ContinuousClock.now < end: try await Task.sleep(for: .milliseconds(100))
            default: return found
            }
        }
    }

    /// Nothing of it is kept.
    func abort() async {
        guard let upload else { return }
        _ = try? await visit.api.send(.delete, "/uploads/\(encoded(upload))", visit.placed())
    }
}

extension Refusal {
    /// Why something failed that went on by itself: an upload, the making of a dataset.
    init(ofTask task: JSONValue) {
        let fault = task["fault"] ?? [:]
        self.init(status: Int(fault["status"]?.integer ?? 409), problem: fault)
    }
}
