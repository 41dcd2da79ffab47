import Resources
import Sites

/// What must be found between each pair of planes, from the planes' own descriptions: a value, so that it can be read
/// and tested without a network.
struct NetworkMatrix: Sendable {
    struct Row: Sendable, Hashable {
        let from: Plane
        let to: Plane
        let attempt: NetworkTry
        let expected: NetworkTry.Outcome
    }

    let rows: [Row]

    init(_ planes: [PlaneDescription]) {
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

/// One line of the result: what was expected and what was found.
struct NetworkFinding: Sendable, Hashable {
    let from: String
    let to: String
    let attempt: String
    let expected: String
    let found: String

    var isRight: Bool { expected == found }

    var json: JSONValue {
        [
            "from": .string(from), "to": .string(to), "try": .string(attempt), "expected": .string(expected),
            "found": .string(found), "result": .string(isRight ? "pass" : "fail"),
        ]
    }
}

extension NetworkMatrix {
    /// Makes every try; the order of the rows stays.
    func findings(_ run: @escaping @Sendable (NetworkTry) async -> NetworkTry.Outcome) async -> [NetworkFinding] {
        await withTaskGroup(of: (Int, NetworkFinding).self) { group in
            for (index, row) in rows.enumerated() {
                group.addTask {
                    let found = await run(row.attempt)
                    return (index, NetworkFinding(row, found))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

extension NetworkFinding {
    fileprivate init(_ row: NetworkMatrix.Row, _ found: NetworkTry.Outcome) {
        let target = HostAndPort(host: row.attempt.target.description, port: row.attempt.port)
        self.init(
            from: "\(row.from) \(row.attempt.source?.description ?? "")", to: "\(row.to) \(target)",
            attempt: row.attempt.way.text, expected: row.expected.text, found: found.text)
    }
}
