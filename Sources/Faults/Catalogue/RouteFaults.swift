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

    public static let nameUnknown = FaultEntry(
        3135, "route-name-unknown", status: 502, "The host of the route's address is not known.",
        fix: "Check the route's address and this machine's name service, or write the address as a number."
    )
    public static let noLink = FaultEntry(
        3136, "route-no-link", status: 503, "No link of the peer is here.",
        fix: "At the peer, run `atoll route list`: its direct route to this site says what fails."
    )
    public static let strangeEcho = FaultEntry(
        3137, "strange-echo", status: 502, "The peer's answer to a probe is not what was asked for.",
        fix: "Update both sites to the same version; if it stays, report it to the peer."
    )
    public static let untrustedPeer = FaultEntry(
        3138, "route-peer-untrusted", status: 403, "The route's peer is unknown here or revoked.",
        fix: "Join with a code if the peer should be trusted (`atoll peer invite`), or delete the route."
    )
    public static let notKept = FaultEntry(
        3139, "route-not-kept", status: 404, "The site keeps no such route.",
        fix: "`atoll route list` shows the routes; one that was just made is kept within a second."
    )

    public static let interfaceMissing = FaultEntry(
        3140, "interface-missing", status: 500, "A listener's interface or address is not there.",
        fix: "Choose an interface or address that this machine has, or bring the interface up before the site starts."
    )
    public static let planeNeedsTLS = FaultEntry(
        3141, "plane-needs-tls", status: 500, "A plane without TLS may not be reached from elsewhere.",
        fix: "Give the plane a certificate and key, set its tls to site, or let it listen on loopback."
    )
    public static let planeCertificate = FaultEntry(
        3142, "plane-certificate", status: 500, "The certificate or key of a plane cannot be used.",
        fix: "Name a PEM file with the certificate chain and one with its private key; both belong together."
    )

    public static let clockDifference = FaultEntry(
        3143, "clock-difference", status: 409, "The clocks of the two sites differ too much to work together.",
        fix: "Synchronise both clocks with NTP; `timedatectl` shows whether this machine does."
    )

    static let all: [FaultEntry] = [
        invalidAddress, invalidRange, addressMissing, addressUnused, relayReserved, nameUnknown, noLink, strangeEcho,
        untrustedPeer, notKept, interfaceMissing, planeNeedsTLS, planeCertificate,
        clockDifference,
    ]
}
