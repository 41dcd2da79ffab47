import Faults
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import People
import Resources
import Synchronization

@testable import API
@testable import Portal

/// The portal over an API whose answers a test writes: what pages make of them, and what they ask.
struct FakeFederation: Sendable {
    struct Asked: Sendable {
        let method: HTTPRequest.Method
        /// Path and query.
        let target: String
        let body: JSONValue
        let key: String?
    }

    struct Shown: Sendable {
        let status: Int
        let location: String?
        let text: String
        let headers: HTTPFields
    }

    private final class Book: Sendable {
        let asked = Mutex<[Asked]>([])
    }

    private let responder: RouterResponder<APIContext>
    private let book = Book()
    private let caller: Caller

    /// - Parameters:
    ///   - answers: by path below `/api/v1`; every other path is answered with 404.
    ///   - problems: the same for answers with a fault.
    init(
        _ answers: [String: JSONValue], problems: [String: Fault] = [:],
        as authority: Authority = .everything
    ) {
        let inner = Router(context: APIContext.self)
        let answer = { @Sendable [book] (request: Request, context: APIContext) async throws -> Response in
            let bytes = Array(buffer: try await request.body.collect(upTo: 1 << 20))
            let asked = Asked(
                method: request.method, target: request.uri.string,
                body: bytes.isEmpty ? .null : try JSONParser.parse(bytes),
                key: request.headers[HTTPField.Name("Idempotency-Key")!])
            book.asked.withLock { $0.append(asked) }
            let path = String(request.uri.path.dropFirst("/api/v1".count))
            if let fault = problems[path] {
                return Response.json(Problem.json(fault), status: .init(code: fault.entry.status))
            }
            guard let value = answers[path] else {
                return Response.json(Problem.json(Fault(ResourceFaults.notFound)), status: .notFound)
            }
            return Response.json(value)
        }
        for method in [HTTPRequest.Method.get, .post, .put, .delete] { inner.on("**", method: method, use: answer) }
        let outer = Router(context: APIContext.self)
        Portal(version: "1.2.3").add(to: outer.group(), api: InnerAPI(responder: inner.buildResponder()))
        responder = outer.buildResponder()
        caller = Caller(user: "ana", authority: authority)
    }

    var asked: [Asked] { book.asked.withLock { $0 } }

    func get(_ path: String, _ language: Language = .english) async throws -> Shown {
        try await show(.get, path, language, "", "")
    }

    /// A form that was filled in, with the token of its browser.
    func post(_ path: String, _ fields: [(String, String)]) async throws -> Shown {
        let value = String(repeating: "ab", count: 16)
        let cookie = "\(FormToken.cookie)=\(value)"
        let request = Request(
            head: HTTPRequest(
                method: .get, scheme: nil, authority: nil, path: "/", headerFields: [.cookie: cookie]),
            body: RequestBody(buffer: ByteBuffer()))
        let token = FormToken(CookieJar(request)).masked
        let all = [(Form.token, token), (Form.key, "key-1")] + fields
        let body = all.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        return try await show(.post, path, .english, cookie, body)
    }

    private func show(
        _ method: HTTPRequest.Method, _ path: String, _ language: Language, _ cookie: String, _ body: String
    ) async throws -> Shown {
        var context = APIContext(
            source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
        context.caller = caller
        let cookies = ["\(Look.languageCookie)=\(language.rawValue)", cookie].filter { !$0.isEmpty }
        let head = HTTPRequest(
            method: method, scheme: "https", authority: "site.example", path: path,
            headerFields: [.cookie: cookies.joined(separator: "; ")])
        let response = try await responder.respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body))), context: context)
        return Shown(
            status: response.status.code, location: response.headers[.location],
            text: String(buffer: try await response.body.collected()), headers: response.headers)
    }
}

/// A small federation as the API tells it, with hostile texts wherever others can write some.
enum HostileFederation {
    static let text = "<script>alert('x')</script>\"&{{x}}"
    /// What must not be in any page.
    static let marks = ["<script>alert", "'x')</script>"]
    static let site = String(repeating: "a2", count: 26)

    static let answers: [String: JSONValue] = [
        "/site": [
            "id": .string(site), "fingerprint": "a2a2 a2a2", "displayName": .string(text), "addresses": [.string(text)],
            "leaf": ["serial": .string(text), "notBefore": .string(text), "notAfter": "2027-01-01T00:00:00.000Z"],
        ],
        "/peers": ["items": [peer]], "/peers/partner": peer, "/routes": ["items": [route]], "/routes/partner": route,
        "/grants": ["items": [grant]], "/grants/loans": grant,
        "/jobs": ["items": [["metadata": ["name": .string(text)], "status": ["job": .string(text)]]]],
        "/grants/loans/meter": ["uses": 2, "idsTested": 10, "revoked": false],
        "/grants/loans/uses": [
            "items": [
                [
                    "job": .string(text), "time": "2026-01-01T00:00:00.000Z", "idsTested": 10, "reading": 1,
                    "reason": .string(text),
                ]
            ]
        ],
        "/grants/loans/history": [
            "items": [
                ["number": 1, "author": .string(text), "time": "2026-01-01T00:00:00.000Z", "reason": .string(text)],
                ["number": 2, "author": .string(text), "time": "2026-01-01T00:00:00.000Z", "reason": .string(text)],
            ]
        ],
        "/approvals": [
            "items": [
                [
                    "metadata": ["name": .string(text)],
                    "spec": ["about": "dataUse", "binding": "uid-1", "requester": .string(text)],
                    "status": ["state": "Approved", "decidedBy": .string(text), "reason": .string(text)],
                ]
            ]
        ],
        "/datasets": ["items": [dataset]],
        "/operators": ["items": [["name": .string(text), "summary": .string(text)]]],
        "/invitations": [
            "items": [
                [
                    "id": .string(text), "name": .string(text), "state": "open", "author": .string(text), "failures": 1,
                    "created": .string(text), "expires": .string(text),
                ]
            ]
        ],
        "/ledger": [
            "items": [
                [
                    "peer": .string(site), "job": .string(text), "lines": 9, "signedLines": 4, "closed": false,
                    "signedAt": .string(text), "waiting": true, "refusals": 1, "flows": [flow, receivedFlow],
                ]
            ]
        ],
        "/ledger/lines": ["items": .array([frame, refusal])],
        "/ledger/verify": [
            "whole": false, "lines": 9, "chains": 1, "statements": 1, "receipts": 0, "moreFindings": 3,
            "findings": [["place": .string(text), "what": .string(text)]],
        ],
        "/network": [
            "planes": [
                [
                    "plane": .string(text), "address": .string(text), "port": 1, "security": .string(text),
                    "allow": .string(text),
                ]
            ]
        ],
    ]

    static let peer: JSONValue = [
        "metadata": ["name": "partner", "creationTimestamp": .string(text)],
        "spec": [
            "displayName": .string(text), "site": .string(site), "addresses": [.string(text)], "bandwidthLimit": 5,
        ],
        "status": [
            "state": .string(text),
            "conditions": [["type": .string(text), "status": "False", "message": .string(text)]],
        ],
    ]

    static let route: JSONValue = [
        "metadata": ["name": "partner"],
        "spec": ["peer": "partner", "kind": "direct", "address": .string(text), "probeEvery": 60],
        "status": [
            "state": "Failing", "failing": "TLSEstablished", "lastProbe": .string(text),
            "figures": ["roundTripMicroseconds": 1250, "bandwidthBitsPerSecond": 940_000_000],
            "steps": [
                [
                    "layer": "NameResolves", "outcome": "pass", "found": .string(text), "wanted": "", "fix": "",
                    "number": "",
                ],
                [
                    "layer": "TLSEstablished", "outcome": "fail", "found": .string(text), "wanted": .string(text),
                    "fix": .string(text), "number": .string(text),
                ],
            ],
            "conditions": [["type": "Ready", "status": "False", "message": .string(text)]],
        ],
    ]

    static let grant: JSONValue = [
        "metadata": ["name": "loans", "tenant": "retail", "project": "cards", "uid": "uid-1"],
        "spec": [
            "peer": "partner", "dataset": .string(text), "columns": [.string(text)], "purpose": .string(text),
            "algorithms": [.string(text)], "reveals": [.string(text)], "uses": 10, "notAfter": .string(text),
            "distinctIds": 100,
        ],
        "status": ["state": "Active", "uses": 2],
    ]

    static let dataset: JSONValue = [
        "metadata": ["name": "loans"],
        "spec": ["columns": [["name": .string(text), "type": .string(text)]], "ids": [.string(text)], "label": "y"],
    ]

    static let flow: JSONValue = [
        "task": .string(text), "direction": "sent", "messageType": "boost.sums", "frames": 3, "bytes": 1_258_291,
        "bits": 2_400_000_000, "resent": 1, "replaced": 2, "replacedBits": 128,
    ]
    static let receivedFlow: JSONValue = [
        "task": "train", "direction": "received", "messageType": .string(text), "frames": 1, "bytes": 10, "bits": 1,
    ]

    static let frame: JSONValue = [
        "number": 4, "time": 1_767_225_600_000, "kind": "frame", "direction": "sent", "task": .string(text),
        "messageType": .string(text), "elements": 3, "elementBits": 8, "bytes": 3, "standing": "resent",
        "payloadDigest": .string(text),
    ]
    static let refusal: JSONValue = [
        "number": 5, "time": 1_767_225_600_000, "kind": "refusal", "task": .string(text), "messageType": .string(text),
        "fault": 3051,
    ]

    /// Every page of the module.
    static let pages = [
        "/federation", "/federation/peers/partner", "/federation/peers/partner/revoke", "/federation/invite",
        "/federation/accept", "/federation/routes", "/federation/routes/partner", "/federation/new-route",
        "/federation/grants?tenant=retail&project=cards", "/federation/grants/loans?tenant=retail&project=cards",
        "/federation/grants/loans/revoke?tenant=retail&project=cards",
        "/federation/new-grant?tenant=retail&project=cards&dataset=loans&peer=partner", "/federation/new-grant",
        "/federation/ledger", "/federation/ledger/lines?job=J&peer=partner", "/federation/network",
    ]
}
