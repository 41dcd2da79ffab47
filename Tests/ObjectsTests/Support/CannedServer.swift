import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A server that answers each request with the next of its answers, whole and verbatim, and closes the connection. One
/// that has no answers left closes at once.
final class CannedServer: Sendable {
    struct Request: Sendable {
        let head: String
        /// Whose address the connection came from.
        let peer: String
    }

    let port: Int
    private let listener: Int32
    private let state: Mutex<(answers: [String], requests: [Request])>

    init(_ answers: [String]) {
        (listener, port) = Self.listen()
        state = Mutex((answers, []))
        Thread.detachNewThread { [self] in serve() }
    }

    /// Ends the thread; connections that are open are closed.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    var requests: [Request] { state.withLock { $0.requests } }

    static func answer(_ status: Int, _ body: String = "", headers: [String] = []) -> String {
        (["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers)
            .joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    static func freePort() -> Int {
        let (socket, port) = listen()
        close(socket)
        return port
    }

    private static func listen() -> (Int32, Int) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(socket, $0, length) == 0 && Glibc.listen(socket, 16) == 0)
                getsockname(socket, $0, &length)
            }
        }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    private func serve() {
        while true {
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let connection = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept(listener, $0, &length) }
            }
            guard connection >= 0 else { break }
            let peer = String(cString: inet_ntoa(address.sin_addr))
            let head = Self.read(connection)
            let answer = state.withLock { state -> String? in
                state.requests.append(Request(head: head, peer: peer))
                return state.answers.isEmpty ? nil : state.answers.removeFirst()
            }
            if let answer {
                let bytes = Array(answer.utf8)
                _ = Glibc.write(connection, bytes, bytes.count)
            }
            close(connection)
        }
        close(listener)
    }

    /// The head of a request; its body is read and dropped.
    private static func read(_ connection: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var wanted = Int.max
        var head = ""
        while bytes.count < wanted {
            let count = Glibc.read(connection, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
            if head.isEmpty, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                let line = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                wanted = end.upperBound + (line.flatMap { Int($0.dropFirst(15).filter(\.isNumber)) } ?? 0)
            }
        }
        return head
    }
}
