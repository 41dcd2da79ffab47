public import Resources

/// What must be found between each pair of planes, from the planes' own descriptions: a value, so that it can be read
/// and tested without a network.
public struct NetworkMatrix: Sendable {
    public struct Row: Sendable, Hashable {
        public let from: Plane
        public let to: Plane
        public let attempt: NetworkTry
        public let expected: NetworkTry.Outcome

        /// Plane and address that the try comes from.
        public var source: String { "\(from) \(attempt.source?.description ?? "")" }
        /// Plane, address and port that it goes to.
        public var target: String { "\(to) \(HostAndPort(host: attempt.target.description, port: attempt.port))" }

        /// As the API answers.
        public var json: JSONValue {
            [
                "from": .string(source), "to": .string(target), "try": .string(attempt.way.text),
                "expected": .string(expected.text),
            ]
        }
    }

    public let rows: [Row]

    public init(_ planes: [PlaneDescription]) {
        rows = planes.flatMap { from in planes.flatMap { to in Self.rows(from, to) } }
    }

    private static func rows(_ from: PlaneDescription, _ to: PlaneDescription) -> [Row] {
        let source = from.address.isWildcard ? loopback(like: from.address) : from.address
        let target = to.address.isWildcard ? loopback(like: to.address) : to.address
        // There is no way from one family of addresses to the other.
        guard source.isIPv4 == target.isIPv4 else { return [] }
        return expectations(of: to, isAllowed: to.allow.allows(source)).map { way, expected in
            let attempt = NetworkTry(source: source, target: target, port: to.port, way: way)
            return Row(from: from.plane, to: to.plane, attempt: attempt, expected: expected)
        }
    }

    private static func expectations(
        of plane: PlaneDescription, isAllowed: Bool
    ) -> [(NetworkTry.Way, NetworkTry.Outcome)] {
        guard isAllowed else {
            switch plane.security {
            case .none: return [(.plain("/healthz"), .nothing)]
            case .tls: return [(.tls("/healthz"), .nothing)]
            case .mutual: return [(.tlsWithoutCertificate, .nothing)]
            }
        }
        switch plane.security {
        case .mutual:
            return [
                (.connect, .open), (.plain("/healthz"), .nothing), (.oldTLS, .nothing),
                (.tlsWithoutCertificate, .nothing),
            ]
        case .tls:
            return [(.plain("/healthz"), .nothing), (.oldTLS, .nothing)]
                + paths(of: plane.plane).map { (.tls($0), .status($1)) }
        case .none:
            return paths(of: plane.plane).map { (.plain($0), .status($1)) }
        }
    }

    /// What a plane serves, what it must not know, and what it must not tell a stranger.
    private static func paths(of plane: Plane) -> [(String, Int)] {
        let isManagement = plane == .management
        return [
            ("/healthz", 200), ("/metrics", isManagement ? 200 : 404), ("/api/v1/kinds", isManagement ? 401 : 404),
        ]
    }

    private static func loopback(like address: IPAddress) -> IPAddress {
        IPAddress(bytes: address.isIPv4 ? [127, 0, 0, 1] : [UInt8](repeating: 0, count: 15) + [1])!
    }
}
