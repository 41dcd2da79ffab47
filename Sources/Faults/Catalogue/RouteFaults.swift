/// 313x-316x: routes, probes, planes and their listeners.
public enum RouteFaults {
    public static let invalidAddress = FaultEntry(
        3130, "invalid-address", status: 422, "An address is not host:port.",
        fix: "Write HOST:PORT; an IPv6 address stands in brackets."
    )
    public static let invalidRange = FaultEntry(
        3131, "invalid-range", status: 422, "A range of addresses is not in CIDR form.",
        fix: "Write ranges as 10.0.0.0/8 or 2001:db8::/32, separated by commas."
    )
    public static let addressMissing = FaultEntry(
        3132, "route-address-missing", status: 422, "A direct route has no address to dial.",
        fix: "Give spec.address as host:port, or make the route reverse if the peer dials this site."
    )
    public static let addressUnused = FaultEntry(
        3133, "route-address-unused", status: 422, "A reverse route cannot have an address.",
        fix: "Remove spec.address, or make the route direct if this site can dial the peer."
    )
    public static let relayReserved = FaultEntry(
        3134, "relay-reserved", status: 422, "Relayed routes are not available yet.",
        fix: "Use a direct route, or a reverse one where the peer can only dial out."
    )

    static let all: [FaultEntry] = [invalidAddress, invalidRange, addressMissing, addressUnused, relayReserved]
}
