public import Faults

/// What must hold for a route, from the bottom up: a probe walks the layers in this order and stops at the first that
/// fails, since nothing above it can be judged. The raw values are the types of the route's conditions.
public enum ProbeLayer: String, Sendable, CaseIterable, Comparable {
    case name = "NameResolves"
    case tcp = "TCPConnects"
    case tls = "TLSEstablished"
    case identity = "IdentityProven"
    case version = "VersionAgreed"
    case policy = "PolicyAllows"
    case roundTrip = "RoundTrip"
    case bandwidth = "Bandwidth"
    case largestMessage = "LargestMessage"
    case buffering = "ProxyBuffering"
    case clock = "ClockDifference"

    /// Place in the order, from 0.
    var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    public static func < (left: ProbeLayer, right: ProbeLayer) -> Bool {
        left.order < right.order
    }

    /// The layers that a live link proves by being there.
    static let ofLink: [ProbeLayer] = [.name, .tcp, .tls, .identity, .version]

    /// What dialling or calling failed at. Numbers are stable, and a peer's refusal comes with the same ones.
    public init(_ fault: Fault) {
        self = Self.byNumber[fault.number.rawValue] ?? .policy
    }

    private static let byNumber: [UInt16: ProbeLayer] = [
        3130: .name, 3035: .name, 3036: .name, 3135: .name,
        3030: .tcp, 3037: .tcp, 3043: .tcp, 3136: .tcp,
        3038: .tls,
        3002: .identity, 3003: .identity, 3004: .identity, 3005: .identity, 3006: .identity, 3007: .identity,
        3008: .identity, 3009: .identity, 3039: .identity, 3041: .identity,
        3033: .version, 3034: .version, 3042: .version,
        3032: .roundTrip, 3137: .roundTrip,
    ]
}
