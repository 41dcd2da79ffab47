public import Resources

/// The networks of a site. Each has its own listener, address, certificate and allow-list, and what one serves does not
/// exist on another.
public enum Plane: String, Sendable, CaseIterable {
    /// Partners: gRPC under mutual TLS.
    case federation
    /// People and their tools: probes and metrics.
    case management
    /// Callers of models: health for now.
    case business
}

/// How a plane listens, as it was opened: what `atoll verify network` holds against what it finds.
public struct PlaneDescription: Sendable, Hashable {
    public enum Security: String, Sendable, CaseIterable {
        /// No TLS; only on loopback.
        case none
        /// TLS 1.3 with the server's certificate.
        case tls
        /// TLS 1.3, both sides proven.
        case mutual
    }

    public let plane: Plane
    public let address: IPAddress
    public let port: Int
    public let security: Security
    public let allow: AllowList

    public init(_ plane: Plane, address: IPAddress, port: Int, security: Security, allow: AllowList) {
        self.plane = plane
        self.address = address
        self.port = port
        self.security = security
        self.allow = allow
    }

    public var json: JSONValue {
        [
            "plane": .string(plane.rawValue), "address": .string(address.description), "port": .integer(Int64(port)),
            "security": .string(security.rawValue), "allow": .string(allow.description),
        ]
    }

    /// Nil when it is none of a program of this version.
    public init?(_ json: JSONValue) {
        guard let plane = json["plane"]?.string.flatMap(Plane.init(rawValue:)),
            let address = json["address"]?.string.flatMap(IPAddress.init(_:)),
            let port = json["port"]?.integer, (1...65535).contains(port),
            let security = json["security"]?.string.flatMap(Security.init(rawValue:)),
            let allow = json["allow"]?.string.flatMap({ try? AllowList($0) })
        else { return nil }
        self.init(plane, address: address, port: Int(port), security: security, allow: allow)
    }
}
