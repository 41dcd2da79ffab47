/// One connection to a plane, made to see what answers.
public struct NetworkTry: Sendable, Hashable {
    public enum Way: Sendable, Hashable {
        /// HTTP without TLS: a request for this path.
        case plain(String)
        /// HTTP over TLS 1.3 without a client's certificate.
        case tls(String)
        /// As `tls`, but with nothing newer than TLS 1.2.
        case oldTLS
        /// HTTP/2 over TLS 1.3 without a client's certificate.
        case tlsWithoutCertificate
        /// Only the connection.
        case connect

        public var text: String {
            switch self {
            case .plain(let path): "GET \(path) without TLS"
            case .tls(let path): "GET \(path)"
            case .oldTLS: "TLS 1.2"
            case .tlsWithoutCertificate: "TLS without a certificate"
            case .connect: "connect"
            }
        }
    }

    /// What came of it.
    public enum Outcome: Sendable, Hashable {
        /// Refused, closed, or silent for five seconds: nothing was said.
        case nothing
        /// The connection stands.
        case open
        /// An HTTP answer with this status.
        case status(Int)
        /// Bytes that are no HTTP answer.
        case bytes

        public var text: String {
            switch self {
            case .nothing: "no answer"
            case .open: "open"
            case .status(let code): "HTTP \(code)"
            case .bytes: "an answer that is no HTTP"
            }
        }
    }

    /// Nil leaves the choice to the system.
    public let source: IPAddress?
    public let target: IPAddress
    public let port: Int
    public let way: Way

    public init(source: IPAddress?, target: IPAddress, port: Int, way: Way) {
        self.source = source
        self.target = target
        self.port = port
        self.way = way
    }
}
