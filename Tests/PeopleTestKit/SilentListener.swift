import Foundation

/// A port of 127.0.0.1 where connections are taken by the system and nobody ever says anything.
public final class SilentListener: Sendable {
    public let port: Int
    private let file: Int32

    public init() throws {
        file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let file = file
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(file, address, size) != 0 || listen(file, 64) != 0 || getsockname(file, address, &size) != 0
            }
        }
        guard !code else { throw Slapd.Failure(text: "no port to listen at") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(file) }
}
