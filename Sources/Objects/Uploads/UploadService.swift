import Faults
public import Logging
import Metrics
public import Resources
public import ServiceLifecycle

/// Takes files in chunks, in any order, over any number of interruptions of either side, and registers what arrived
/// whole and right; nothing else.
///
/// Chunks and what is known of them are durable when a call returns. Completing goes on in `run`, after a restart too.
public final class UploadService: Service {
    private let rows: UploadRows
    private let store: any ObjectStore
    private let registry: any FileRegistry
    private let traffic: UploadTraffic
    private let options: UploadOptions
    private let logger: Logger
    private let made = Timestamp.now
    private let completions: AsyncStream<String>
    private let completionInput: AsyncStream<String>.Continuation

    public init(
        _ database: SQLiteDatabase, store: any ObjectStore, registry: any FileRegistry,
        options: UploadOptions = UploadOptions(), logger: Logger
    ) {
        rows = UploadRows(database: database)
        self.store = store
        self.registry = registry
        self.options = options
        self.logger = logger
        traffic = UploadTraffic(most: options.mostChunks)
        (completions, completionInput) = AsyncStream.makeStream()
    }

    // MARK: Sending

    /// Begins an upload, or finds one of the same author, place, name, size and settings that is open: a sender that was
    /// interrupted goes on by asking for the same again.
    ///
    /// - Throws: `ResourceFaults.invalidName`, `ObjectFaults.uploadSize`, `.tooManyUploads`, what the registry throws.
    public func begin(_ wanted: NewUpload, by author: String) async throws -> Upload {
        try Names.check(wanted.name, at: "name")
        guard (1...FileDigest.mostBytes).contains(wanted.bytes) else {
            throw Fault(ObjectFaults.uploadSize, at: "bytes", wanted: "1 to \(FileDigest.mostBytes) bytes")
        }
        guard NewUpload.retentionDays.contains(wanted.retentionDays) else {
            let days = NewUpload.retentionDays
            throw Fault(
                ResourceFaults.outOfRange, "'retentionDays' is out of range.", at: "retentionDays",
                wanted: "\(days.lowerBound) to \(days.upperBound)")
        }
        try await registry.check(wanted)
        if let known = try await rows.find(wanted, by: author) { return known }
        let admission = try await registry.admission(of: wanted)
        let id = ULID.make()
        let parts = try await store.beginParts(try Upload.key(of: id), partBytes: FileDigest.chunkBytes)
        do {
            try await rows.add(id, wanted, parts, by: author, now: .now, most: options.mostUploads, if: admission)
        } catch {
            try? await store.abort(parts)
            throw error
        }
        return try await rows.get(id)
    }

    /// - Parameter scope: what is in another tenant or project is not there.
    /// - Throws: `ObjectFaults.unknownUpload`.
    public func upload(_ id: String, in scope: Scope = .platform) async throws -> Upload {
        try await rows.get(id, in: scope)
    }

    public func list(in scope: Scope = .platform) async throws -> [Upload] { try await rows.list(in: scope) }

    /// Takes a chunk, for the first time or again.
    ///
    /// - Parameter digest: SHA-256 as its sender computed it.
    /// - Throws: `ObjectFaults.unknownUpload`, `.uploadClosed`, `.wrongChunk`, `.chunkDigest`, `.uploadBusy`, what the store
    ///   throws.
    public func put(_ chunk: Int, _ bytes: [UInt8], digest: [UInt8], of id: String) async throws {
        let upload = try await rows.get(id)
        guard upload.state == .open else { throw Self.closed(upload) }
        guard (0..<upload.count).contains(chunk),
            bytes.count == FileDigest.range(chunk, of: upload.wanted.bytes).count
        else {
            throw Fault(
                ObjectFaults.wrongChunk, "Chunk \(chunk) came with \(bytes.count) bytes.", at: "upload \(id)",
                wanted: (0..<upload.count).contains(chunk)
                    ? "\(FileDigest.range(chunk, of: upload.wanted.bytes).count) bytes"
                    : "chunks 0 to \(upload.count - 1)")
        }
        guard FileDigest.chunk(bytes) == digest else {
            throw Fault(ObjectFaults.chunkDigest, at: "upload \(id), chunk \(chunk)")
        }
        if upload.chunks[chunk] == digest { return }
        try traffic.begin(chunk, of: id)
        defer { traffic.end(chunk, of: id) }
        if upload.chunks[chunk] != nil { try await rows.forget(chunk: chunk, of: id) }
        let tag = try await store.putPart(chunk + 1, bytes, of: upload.parts)
        try await rows.keep(tag, digest: digest, of: id, now: .now)
        Counter(label: "upload_bytes").increment(by: bytes.count)
    }

    /// All chunks are sent: from now on the upload is joined, read once more and registered by itself.
    ///
    /// - Returns: the upload as it stands; its state tells the rest.
    /// - Throws: `ObjectFaults.unknownUpload`, `.uploadClosed`, `.incomplete`, `.digestDiffers`, `.uploadBusy`; it is open
    ///   still then.
    public func complete(_ id: String, _ claim: UploadClaim) async throws -> Upload {
        let upload = try await rows.get(id)
        if upload.state != .open {
            if upload.state != .failed, upload.claim == claim { return upload }
            throw Self.closed(upload)
        }
        guard upload.missing.isEmpty else {
            let count = upload.count - upload.chunks.count
            throw Fault(
                ObjectFaults.incomplete, "\(count) of \(upload.count) chunks are missing.", at: "upload \(id)",
                wanted: "chunk \(upload.missing[0].lowerBound) and so on")
        }
        let digest = FileDigest.whole((0..<upload.count).map { upload.chunks[$0]! })
        guard digest == claim.digest else { throw Fault(ObjectFaults.digestDiffers, at: "upload \(id)") }
        try traffic.close(id)
        defer { traffic.open(id) }
        try await rows.claim(claim, of: id, now: .now)
        completionInput.yield(id)
        return try await rows.get(id)
    }

    /// Gives an upload up; nothing of it is kept. One that is not known is no error.
    ///
    /// - Throws: `ObjectFaults.uploadBusy`, `.uploadClosed` while it is completed.
    public func abort(_ id: String, in scope: Scope = .platform) async throws {
        let upload: Upload
        do { upload = try await rows.get(id, in: scope) } catch let fault as Fault
            where fault.is(ObjectFaults.unknownUpload)
        {
            return
        }
        guard upload.state != .completing else { throw Self.closed(upload) }
        try traffic.close(id)
        defer { traffic.open(id) }
        if upload.state == .open { try await store.abort(upload.parts) }
        try await rows.remove(id)
    }

    private static func closed(_ upload: Upload) -> Fault {
        let why = upload.fault.map { " with \($0.number): \($0.what)" } ?? ""
        return Fault(
            ObjectFaults.uploadClosed, "The upload is \(upload.state.rawValue)\(why).", at: "upload \(upload.id)")
    }

    // MARK: Running

    /// Completes uploads and forgets old ones until cancelled or shut down.
    public func run() async throws {
        let known = try await rows.list()
        if let local = store as? LocalObjectStore {
            let kept = known.filter { $0.state.isKept }.map(\.parts.id)
            try await local.forgetParts(exceptOf: Set(kept), begunBefore: made)
        }
        for upload in known where upload.state == .completing { completionInput.yield(upload.id) }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.keepClean() }
                for await id in self.completions { group.addTask { await self.finish(id) } }
                group.cancelAll()
            }
        }
    }

    private func keepClean() async {
        while !Task.isCancelled {
            do { try await expire(now: .now) } catch {
                logger.warning("old uploads were not removed", metadata: ["error": "\(Self.number(error))"])
            }
            try? await Task.sleep(for: options.pause)
        }
    }

    /// Gives up what nobody has sent anything of for a day, and forgets what ended a day ago.
    public func expire(now: Timestamp) async throws {
        for upload in try await rows.list() where upload.state != .completing {
            let age = now.milliseconds - upload.touched.milliseconds
            guard age > options.patience.components.seconds * 1_000 else { continue }
            do {
                try await abort(upload.id)
                logger.info("an old upload was removed", metadata: ["upload": "\(upload.id)"])
            } catch let fault as Fault where fault.is(ObjectFaults.uploadBusy) {}
        }
    }

    private func finish(_ id: String) async {
        var pause = Duration.seconds(1)
        while !Task.isCancelled {
            do {
                return try await joinAndRegister(id)
            } catch {
                // The cause may pass: the upload stays as it is, and is tried again, also after a restart.
                logger.error(
                    "an upload is not completed yet", metadata: ["upload": "\(id)", "error": "\(Self.number(error))"])
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(60))
        }
    }

    private func joinAndRegister(_ id: String) async throws {
        let upload = try await rows.get(id)
        guard upload.state == .completing, let claim = upload.claim else { return }
        do {
            try await store.finish(upload.parts, try await rows.tags(of: id))
            try await check(upload, claim)
            try await registry.register(
                StoredFile(id: id, wanted: upload.wanted, claim: claim, author: upload.author))
        } catch let fault as Fault where !Self.mayPass(fault) {
            try await store.abort(upload.parts)
            try await store.delete(upload.parts.key)
            try await rows.end(id, fault, now: .now)
            Counter(label: "uploads_ended", dimensions: [("state", "failed")]).increment()
            logger.warning("an upload failed", metadata: ["upload": "\(id)", "fault": "\(fault.number)"])
            return
        }
        try await rows.end(id, nil, now: .now)
        Counter(label: "uploads_ended", dimensions: [("state", "done")]).increment()
    }

    /// Reads what is stored once more: sizes, digests, rows.
    private func check(_ upload: Upload, _ claim: UploadClaim) async throws {
        let reading = try await store.read(upload.parts.key, range: nil)
        guard reading.info.bytes == upload.wanted.bytes else { throw Fault(ObjectFaults.digestDiffers) }
        var digester = FileDigester()
        var counter = RecordCounter()
        while let piece = try await reading.next() {
            digester.update(piece)
            if claim.rows != nil { counter.update(piece) }
        }
        guard digester.finish() == claim.digest else {
            throw Fault(ObjectFaults.digestDiffers, "What is stored has another digest than what arrived.")
        }
        if let rows = claim.rows {
            let found = counter.finish(hasHeader: upload.wanted.hasHeader)
            guard found == rows else {
                throw Fault(
                    ObjectFaults.rowsDiffer, "\(found) rows arrived, and the sender counted \(rows).",
                    wanted: "\(rows) rows")
            }
        }
    }

    private static func mayPass(_ fault: Fault) -> Bool {
        let passing = [
            ObjectFaults.unreachable, ObjectFaults.full, ObjectFaults.failed, ObjectFaults.denied,
            ResourceFaults.storeFull,
            ResourceFaults.storeReadOnly, ResourceFaults.storeLocked, ResourceFaults.storeFailed,
        ]
        return passing.contains { fault.is($0) }
    }

    private static func number(_ error: any Error) -> String {
        (error as? Fault).map { "\($0.number)" } ?? "\(type(of: error))"
    }
}

extension Upload.State {
    /// Whether chunks of it are kept.
    var isKept: Bool { self == .open || self == .completing }
}

/// How many uploads there may be, and how long.
public struct UploadOptions: Sendable {
    /// Open at a time, in the whole site.
    public var mostUploads = 64
    /// Chunks that are written at a time; each is in memory.
    public var mostChunks = 16
    /// How long an upload waits for its next chunk, and one that has ended is told of.
    public var patience = Duration.seconds(86_400)
    /// Between two looks for old ones.
    public var pause = Duration.seconds(60)

    public init() {}
}
