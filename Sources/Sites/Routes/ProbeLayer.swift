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
        self = Self.byNumber[fault.number] ?? .policy
    }

    private static let byNumber: [FaultNumber: ProbeLayer] = {
        let faults: [(ProbeLayer, [FaultEntry])] = [
            (.name, [RouteFaults.invalidAddress, RouteFaults.nameUnknown, LinkFaults.address, LinkFaults.nameUnknown]),
            (.tcp, [LinkFaults.lost, LinkFaults.unreachable, LinkFaults.closed, RouteFaults.noLink]),
            (.tls, [LinkFaults.handshake]),
            (
                .identity,
                [
                    JoiningFaults.certificateMalformed, JoiningFaults.rootRefused, JoiningFaults.notSignedByRoot,
                    JoiningFaults.wrongName, JoiningFaults.wrongUsage, JoiningFaults.leafExpired,
                    JoiningFaults.leafNotYetValid, JoiningFaults.leafReplaced, LinkFaults.wrongPeer,
                ]
            ),
            (.version, [LinkFaults.noVersion, LinkFaults.malformed, LinkFaults.silent]),
            (.roundTrip, [LinkFaults.noAnswer, RouteFaults.strangeEcho]),
        ]
        return Dictionary(uniqueKeysWithValues: faults.flatMap { layer, entries in entries.map { ($0.number, layer) } })
    }()
}
