import BenchKit
import COpenSSL
import Foundation

/// One connection to a site by OpenSSL's own client, which blocks: HTTP/1.1 with answers that tell their length, and
/// streams. Of one thread at a time.
public final class TLSConnection: @unchecked Sendable {
    public struct Answer {
        public let status: Int
        /// Everything before the body, without the empty line.
        public let head: String
        public let body: [UInt8]
    }

    /// Shared by all: certificates are not checked, as the site's own was made a moment ago.
    private nonisolated(unsafe) static let context: OpaquePointer? = SSL_CTX_new(TLS_client_method())

    private let socket: Int32
    private let ssl: OpaquePointer
    private var read: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    public init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let socket = socket
        let connected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        guard connected == 0, let ssl = SSL_new(Self.context) else {
            close(socket)
            throw BenchFailure("the site takes no connection")
        }
        self.ssl = ssl
        SSL_set_fd(ssl, socket)
        guard SSL_connect(ssl) == 1 else { throw BenchFailure("the site takes no TLS") }
    }

    deinit {
        SSL_free(ssl)
        close(socket)
    }

    /// - Parameter headers: further lines of the request's head: `Accept-Encoding: gzip`.
    public func ask(
        _ method: String, _ path: String, body: String = "", token: String? = nil, headers: [String] = []
    ) throws -> Answer {
        try send(method, path, body: body, token: token, headers)
        let head = try readHead()
        guard let length = Self.length(head) else { throw BenchFailure("\(path): an answer without a length") }
        while read.count < length { try more() }
        let body = Array(read[..<length])
        read.removeFirst(length)
        return Answer(status: try Self.status(head), head: head, body: body)
    }

    /// Begins a stream; what follows comes by `next`.
    public func open(_ path: String, token: String) throws {
        try send("GET", path, body: "", token: token)
        guard try Self.status(readHead()) == 200 else { throw BenchFailure("\(path): no stream") }
    }

    /// Blocks until the text has come in the stream; forgets what came before it.
    public func wait(for text: String) throws {
        let wanted = Data(text.utf8)
        while Data(read).range(of: wanted) == nil { try more() }
        read = []
    }

    private func send(
        _ method: String, _ path: String, body: String, token: String?, _ headers: [String] = []
    ) throws {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n"
        if let token { text += "Authorization: Bearer \(token)\r\n" }
        for line in headers { text += "\(line)\r\n" }
        text += "\r\n\(body)"
        let bytes = Array(text.utf8)
        guard SSL_write(ssl, bytes, Int32(bytes.count)) == bytes.count else { throw BenchFailure("the site hung up") }
    }

    private func readHead() throws -> String {
        let end = Data("\r\n\r\n".utf8)
        while true {
            if let range = Data(read).range(of: end) {
                let head = String(decoding: read[..<range.lowerBound], as: UTF8.self)
                read.removeFirst(range.upperBound)
                return head
            }
            try more()
        }
    }

    private func more() throws {
        let count = SSL_read(ssl, &buffer, Int32(buffer.count))
        guard count > 0 else { throw BenchFailure("the site hung up") }
        read += buffer[..<Int(count)]
    }

    private static func status(_ head: String) throws -> Int {
        guard let status = Int(head.dropFirst("HTTP/1.1 ".count).prefix(3)) else { throw BenchFailure("no HTTP") }
        return status
    }

    private static func length(_ head: String) -> Int? {
        head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }.flatMap {
            Int($0.dropFirst("content-length:".count).filter { $0 != " " })
        }
    }
}
