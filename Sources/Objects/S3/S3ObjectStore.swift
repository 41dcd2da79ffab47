public import AsyncHTTPClient
import Faults
public import Logging
import NIOHTTP1

/// Objects in a bucket of an S3 server.
///
/// Every request is signed (Signature Version 4, body included) and repeated while the server fails; reads come in
/// ranges, so that a read that breaks goes on where it was. Parts that nobody finishes stay in the bucket until its
/// life-cycle rule removes them: see `docs/data.md`.
public final class S3ObjectStore: ObjectStore {
    /// What is asked for at once.
    static let pieceBytes = 8 << 20

    private let settings: S3Settings
    private let client: S3Client

    /// - Parameters:
    ///   - http: shut down by who made it.
    ///   - credentials: asked before every request, so that keys can be changed while the site runs.
    ///   - attempts: of each request, at least 1.
    public init(
        _ settings: S3Settings, http: HTTPClient, attempts: Int = 6, logger: Logger,
        credentials: @escaping @Sendable () async throws -> S3Credentials
    ) {
        self.settings = settings
        client = S3Client(
            settings: settings, http: http, credentials: credentials, logger: logger, attempts: max(1, attempts))
    }

    public func put(_ key: ObjectKey, _ content: ObjectContent) async throws -> ObjectInfo {
        var buffer: [UInt8] = []
        var upload: PartUpload?
        var parts: [PartTag] = []
        do {
            while let piece = try await content.next() {
                buffer += piece
                while buffer.count > Self.pieceBytes {
                    let chosen: PartUpload
                    if let upload {
                        chosen = upload
                    } else {
                        chosen = try await beginParts(key, partBytes: Self.pieceBytes)
                    }
                    upload = chosen
                    parts.append(try await putPart(parts.count + 1, Array(buffer.prefix(Self.pieceBytes)), of: chosen))
                    buffer.removeFirst(Self.pieceBytes)
                }
            }
            if let upload {
                parts.append(try await putPart(parts.count + 1, buffer, of: upload))
                return try await finish(upload, parts)
            }
        } catch {
            if let upload { try? await abort(upload) }
            throw error
        }
        let answer = try await client.send(.init(method: .PUT, key: key, body: buffer))
        return ObjectInfo(key: key, bytes: Int64(buffer.count), tag: answer.headers.first(name: "etag"))
    }

    public func read(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectReading {
        guard let info = try await head(key) else { throw Fault(ObjectFaults.notFound, at: key.text) }
        let chosen = range?.within(info.bytes) ?? 0..<info.bytes
        let cursor = Cursor(chosen)
        return ObjectReading(
            info, bytes: Int64(chosen.count),
            ObjectContent { [client] in
                guard let (offset, count) = cursor.take(Self.pieceBytes) else { return nil }
                var headers = [("range", "bytes=\(offset)-\(offset + Int64(count) - 1)")]
                if let tag = info.tag { headers.append(("if-match", tag)) }
                let answer = try await client.send(
                    .init(method: .GET, key: key, headers: headers, mostBytes: count + 1))
                guard answer.body.count == count else { throw Fault(ObjectFaults.changed, at: key.text) }
                return answer.body
            })
    }

    public func head(_ key: ObjectKey) async throws -> ObjectInfo? {
        let answer = try await client.send(.init(method: .HEAD, key: key, accepted: [404]))
        guard answer.status != 404 else { return nil }
        guard let bytes = answer.headers.first(name: "content-length").flatMap(Int64.init) else {
            throw Fault(ObjectFaults.failed, "The object store does not tell an object's size.", at: settings.endpoint)
        }
        return ObjectInfo(key: key, bytes: bytes, tag: answer.headers.first(name: "etag"))
    }

    public func list(prefix: String, after: ObjectKey?, limit: Int) async throws -> [ObjectInfo] {
        var query = [("list-type", "2"), ("prefix", settings.prefix + prefix), ("max-keys", "\(limit)")]
        if let after { query.append(("start-after", settings.prefix + after.text)) }
        let answer = try await client.send(.init(method: .GET, query: query, mostBytes: 8 << 20))
        return S3Document(answer.body).all("Contents").compactMap { item in
            guard let name = item["Key"], name.hasPrefix(settings.prefix),
                let key = try? ObjectKey(String(name.dropFirst(settings.prefix.count))),
                let bytes = item["Size"].flatMap(Int64.init)
            else { return nil }
            return ObjectInfo(key: key, bytes: bytes, tag: item["ETag"])
        }
    }

    public func delete(_ key: ObjectKey) async throws {
        _ = try await client.send(.init(method: .DELETE, key: key, accepted: [404]))
    }

    public func beginParts(_ key: ObjectKey, partBytes: Int) async throws -> PartUpload {
        let answer = try await client.send(.init(method: .POST, key: key, query: [("uploads", "")]))
        guard let id = S3Document(answer.body)["UploadId"], !id.isEmpty else {
            throw Fault(ObjectFaults.failed, "The object store gave no id for an upload.", at: settings.endpoint)
        }
        return PartUpload(key: key, id: id, partBytes: partBytes)
    }

    public func putPart(_ number: Int, _ bytes: [UInt8], of upload: PartUpload) async throws -> PartTag {
        try PartRules.check(number, bytes.count, of: upload)
        let query = [("partNumber", "\(number)"), ("uploadId", upload.id)]
        let answer = try await client.send(.init(method: .PUT, key: upload.key, query: query, body: bytes))
        guard let tag = answer.headers.first(name: "etag") else {
            throw Fault(ObjectFaults.failed, "The object store gave no tag for a part.", at: settings.endpoint)
        }
        return PartTag(number: number, bytes: bytes.count, tag: tag)
    }

    public func finish(_ upload: PartUpload, _ parts: [PartTag]) async throws -> ObjectInfo {
        let total = try PartRules.check(parts, of: upload)
        let list = parts.map {
            "<Part><PartNumber>\($0.number)</PartNumber><ETag>\(S3Document.encoded($0.tag))</ETag></Part>"
        }
        let body = Array("<CompleteMultipartUpload>\(list.joined())</CompleteMultipartUpload>".utf8)
        do {
            let answer = try await client.send(
                .init(method: .POST, key: upload.key, query: [("uploadId", upload.id)], body: body))
            let document = S3Document(answer.body)
            // The server answers 200 before it knows, and may say in the body that it failed.
            if let code = document["Code"], document["ETag"] == nil {
                throw Fault(
                    code.hasPrefix("InvalidPart") ? ObjectFaults.wrongParts : ObjectFaults.failed,
                    "The object store could not join the parts.", at: settings.endpoint)
            }
        } catch let fault as Fault where fault.is(ObjectFaults.unknownParts) {
            return try await finishedBefore(upload.key, bytes: total, or: fault)
        } catch let fault as Fault where fault.is(ObjectFaults.unreachable) {
            // Ceph's gateway answers 500 where the upload is not known (tracker.ceph.com/issues/75534).
            guard try await !knows(upload) else { throw fault }
            return try await finishedBefore(
                upload.key, bytes: total, or: Fault(ObjectFaults.unknownParts, at: settings.endpoint))
        }
        guard let info = try await head(upload.key), info.bytes == total else {
            throw Fault(ObjectFaults.failed, "The object store lost an object it joined.", at: settings.endpoint)
        }
        return info
    }

    /// What an attempt has made whose answer was lost.
    private func finishedBefore(_ key: ObjectKey, bytes: Int64, or fault: Fault) async throws -> ObjectInfo {
        guard let info = try await head(key), info.bytes == bytes else { throw fault }
        return info
    }

    private func knows(_ upload: PartUpload) async throws -> Bool {
        do {
            _ = try await client.send(.init(method: .GET, key: upload.key, query: [("uploadId", upload.id)]))
            return true
        } catch let fault as Fault where fault.is(ObjectFaults.unknownParts) || fault.is(ObjectFaults.notFound) {
            return false
        }
    }

    public func abort(_ upload: PartUpload) async throws {
        do {
            _ = try await client.send(
                .init(method: .DELETE, key: upload.key, query: [("uploadId", upload.id)], accepted: [404]))
        } catch let fault as Fault where fault.is(ObjectFaults.unknownParts) {}
    }
}
