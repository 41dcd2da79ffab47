import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Listens on a Unix socket and gives every connection the next of these answers, byte for byte, then closes it. What a
/// real server never says can be said with it.
final class CannedServer: Sendable {
    private let descriptor: Int32
    private let requests = Mutex<[String]>([])

    init(socket path: String, answers: [String]) {
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(bound == 0 && listen(descriptor, 8) == 0, "the test's socket cannot be opened")
        DispatchQueue.global().async { [self] in
            for answer in answers {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                let request = Self.request(from: connection)
                requests.withLock { $0.append(request) }
                _ = Array(answer.utf8).withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
                close(connection)
            }
        }
    }

    /// Head and body, which may come in several pieces.
    private static func request(from connection: Int32) -> String {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(connection, &block, block.count)
            if count > 0 { bytes += block.prefix(count) }
            let text = String(decoding: bytes, as: UTF8.self)
            guard count > 0, let end = text.firstRange(of: "\r\n\r\n") else {
                if count > 0 { continue }
                return text
            }
            let length = text.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
            if text[end.upperBound...].utf8.count >= length { return text }
        }
    }

    /// What was asked so far, heads and bodies.
    var received: [String] { requests.withLock { $0 } }

    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    static func answer(_ status: String, _ body: String, type: String = "application/json") -> String {
        "HTTP/1.1 \(status)\r\ncontent-type: \(type)\r\ncontent-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n\(body)"
    }
}
