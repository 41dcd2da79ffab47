import API
import Charts
import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import PortalAssets
import Synchronization

/// The files that pages name: in the program, under addresses that change with their content, so that browsers keep
/// them for ever.
struct Assets: Sendable {
    struct File: Sendable {
        let name: String
        let type: String
        let bytes: [UInt8]
        let gzip: [UInt8]
        /// First half of the SHA-256, in hexadecimal.
        let digest: String

        var path: String { "/assets/\(digest)/\(name)" }

        init(_ name: String, _ type: String, _ bytes: [UInt8]) {
            self.name = name
            self.type = type
            self.bytes = bytes
            gzip = Gzip.compress(bytes, level: 9)
            digest = SHA256.hash(data: bytes).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    private let folder: String?
    private let kept: [String: File]

    init(folder: String?) {
        self.folder = folder
        kept = folder == nil ? Self.embedded : [:]
    }

    var css: File { file("portal.css") }
    var js: File { file("portal.js") }
    var icon: File { file("icon.svg") }
    /// What sends files, on the one page that does.
    var upload: File { file("upload.js") }

    private func file(_ name: String) -> File {
        if let file = kept[name] { return file }
        guard let bytes = folder.flatMap({ FileReader.bytes("\($0)/\(name)") }) else {
            return Self.embedded[name] ?? Self.make(name, [])
        }
        return Self.make(name, name == "portal.css" ? bytes + Array(ChartStyle.css.utf8) : bytes)
    }

    private static let types = [
        "portal.css": "text/css; charset=utf-8", "portal.js": "text/javascript; charset=utf-8",
        "icon.svg": "image/svg+xml", "upload.js": "text/javascript; charset=utf-8",
    ]

    private static let embedded: [String: File] = [
        "portal.css": make("portal.css", bytes(portal_css()) + Array(ChartStyle.css.utf8)),
        "portal.js": make("portal.js", bytes(portal_js())), "icon.svg": make("icon.svg", bytes(portal_icon())),
        "upload.js": make("upload.js", bytes(portal_upload())),
    ]

    private static func make(_ name: String, _ bytes: [UInt8]) -> File {
        File(name, types[name] ?? "application/octet-stream", bytes)
    }

    private static func bytes(_ file: portal_file) -> [UInt8] {
        Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
    }

    func add(to group: RouterGroup<APIContext>) {
        group.get("assets/:digest/:name") { request, context in
            let name = try context.parameters.require("name")
            guard Self.types[name] != nil else { throw HTTPError(.notFound) }
            let file = file(name)
            // An address of another version would be kept for ever with the wrong content.
            guard try context.parameters.require("digest") == file.digest else { throw HTTPError(.notFound) }
            var headers: HTTPFields = [
                .contentType: file.type, .cacheControl: "public, max-age=31536000, immutable",
                .eTag: "\"\(file.digest)\"", .vary: "Accept-Encoding",
                HTTPField.Name("X-Content-Type-Options")!: "nosniff",
            ]
            if request.headers[.ifNoneMatch] == headers[.eTag] {
                return Response(status: .notModified, headers: headers)
            }
            let isPacked = Gzip.isTaken(request)
            if isPacked { headers[.contentEncoding] = "gzip" }
            return Response(
                status: .ok, headers: headers,
                body: .init(byteBuffer: ByteBuffer(bytes: isPacked ? file.gzip : file.bytes)))
        }
    }
}
