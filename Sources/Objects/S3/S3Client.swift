import AsyncHTTPClient
import Crypto
import Faults
import Logging
import NIOCore
import NIOHTTP1
import Resources

/// One signed exchange with an S3 server, repeated with growing pauses while the server or the way to it fails.
struct S3Client: Sendable {
    let settings: S3Settings
    let http: HTTPClient
    let credentials: @Sendable () async throws -> S3Credentials
    let logger: Logger
    let attempts: Int

    struct Call {
        var method: HTTPMethod
        /// Without the settings' prefix; nil for the bucket itself.
        var key: ObjectKey?
        var query: [(String, String)] = []
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        /// Answers that are no failure beside 2xx.
        var accepted: Set<UInt> = []
        var mostBytes = 1 << 20
    }

    struct Answer {
        let status: UInt
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    /// - Throws: `ObjectFaults.unreachable`, `.denied`, `.full`, `.failed`, what the credentials throw.
    func send(_ call: Call) async throws -> Answer {
        var pause = Duration.milliseconds(100)
        for attempt in 1... {
            do {
                let answer = try await exchange(call)
                guard answer.status >= 500 || answer.status == 429 else { return try checked(answer, call) }
                // A server without room says so for good.
                if answer.status == 507 { throw Fault(ObjectFaults.full, at: settings.endpoint) }
                if attempt >= attempts {
                    throw Fault(
                        ObjectFaults.unreachable, "The object store answers with \(answer.status).",
                        at: settings.endpoint)
                }
            } catch let fault as Fault {
                throw fault
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                if Task.isCancelled { throw CancellationError() }
                if attempt >= attempts {
                    throw Fault(
                        ObjectFaults.unreachable, "The object store does not answer: \(Self.why(error)).",
                        at: settings.endpoint)
                }
                logger.debug("the object store is asked again", metadata: ["attempt": "\(attempt)"])
            }
            try await Task.sleep(for: pause * Double.random(in: 0.5...1))
            pause = min(pause * 2, .seconds(5))
        }
        preconditionFailure("the loop returns or throws")
    }

    private func exchange(_ call: Call) async throws -> Answer {
        let credentials = try await credentials()
        let time = Self.stamp(.now)
        let host = settings.usesPathStyle ? settings.host : "\(settings.bucket).\(settings.host)"
        let key = call.key.map { settings.prefix + $0.text } ?? ""
        let path =
            "/" + S3Signature.encoded(settings.usesPathStyle ? "\(settings.bucket)/\(key)" : key, keeping: [0x2F])
        let digest = Array(SHA256.hash(data: call.body)).hexadecimal
        let headers =
            call.headers + [("host", host), ("x-amz-date", time), ("x-amz-content-sha256", digest)]
        let signature = S3Signature(credentials: credentials, region: settings.region, service: "s3")
        let authorization = signature.authorization(
            .init(
                method: call.method.rawValue, path: path, query: call.query, headers: headers, payloadDigest: digest),
            time: time)
        let query = call.query.isEmpty ? "" : "?" + S3Signature.canonicalQuery(call.query)
        var request = HTTPClientRequest(url: "\(settings.scheme)://\(host)\(path)\(query)")
        request.method = call.method
        for (name, value) in headers where name != "host" { request.headers.add(name: name, value: value) }
        request.headers.add(name: "authorization", value: authorization)
        request.localAddress = settings.sourceAddress
        if !call.body.isEmpty || call.method == .PUT || call.method == .POST {
            request.body = .bytes(ByteBuffer(bytes: call.body))
        }
        let response = try await http.execute(request, timeout: .seconds(120))
        let body = try await response.body.collect(upTo: call.mostBytes)
        return Answer(status: response.status.code, headers: response.headers, body: Array(buffer: body))
    }

    private func checked(_ answer: Answer, _ call: Call) throws(Fault) -> Answer {
        if (200..<300).contains(answer.status) || call.accepted.contains(answer.status) { return answer }
        let code = S3Document(answer.body)["Code"] ?? ""
        let plain = code.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? String(code.prefix(60)) : ""
        switch answer.status {
        case 401, 403:
            throw Fault(ObjectFaults.denied, "The object store refuses with \(plain).", at: settings.endpoint)
        case 404 where code == "NoSuchBucket":
            throw Fault(ObjectFaults.denied, "The object store has no such bucket.", at: settings.endpoint)
        case 404 where code == "NoSuchUpload": throw Fault(ObjectFaults.unknownParts, at: settings.endpoint)
        case 404: throw Fault(ObjectFaults.notFound, at: call.key?.text)
        case 412: throw Fault(ObjectFaults.changed, at: call.key?.text)
        case 400 where ["InvalidPart", "InvalidPartOrder", "EntityTooSmall"].contains(code):
            throw Fault(ObjectFaults.wrongParts, "The object store refuses the parts with \(plain).")
        case 400 where code == "QuotaExceeded", 409 where code == "QuotaExceeded":
            throw Fault(ObjectFaults.full, at: settings.endpoint)
        default:
            throw Fault(
                ObjectFaults.failed, "The object store answers with \(answer.status) \(plain).", at: settings.endpoint)
        }
    }

    /// `20130524T000000Z`.
    static func stamp(_ time: Timestamp) -> String {
        let text = time.description.prefix(19).filter { $0 != "-" && $0 != ":" }
        return text + "Z"
    }

    private static func why(_ error: any Error) -> String {
        (error as? HTTPClientError).map { $0.shortDescription } ?? "\(type(of: error))"
    }
}
