import Faults
import Sites

/// How one plane is to listen, checked against this machine.
struct PlaneSettings: Sendable {
    let description: PlaneDescription
    /// Nil without TLS, and for the federation plane, whose listener has its own.
    let certificate: PlaneCertificate?
    /// The most connections at once.
    let connections: Int
    /// Requests per second of one caller; of no meaning for the federation plane.
    let rate: Int
    /// Seconds after which a silent or slow connection is closed; of no meaning for the federation plane.
    let patience: Int64

    /// `10.0.0.1:9370`.
    var address: HostAndPort { HostAndPort(host: description.address.description, port: description.port) }

    /// Nil when the plane has no address.
    ///
    /// - Throws: `RouteFaults.interfaceMissing`, `.planeNeedsTLS`, and the faults of `PlaneCertificate`.
    init?(
        _ plane: Plane, _ settings: Settings, identity: SiteIdentity?, interfaces: NetworkInterfaces = .current()
    ) throws(Fault) {
        guard let wanted = HostAndPort(settings[SettingKey.address(plane)]) else { return nil }
        let place = SettingKey.address(plane).name
        connections = Int(settings[SettingKey.connections(plane)]) ?? 256
        rate = Int(settings[SettingKey.rate(plane)]) ?? 200
        patience = Int64(settings[SettingKey.patience(plane)]) ?? 60
        let address = try interfaces.address(of: wanted.host, at: place)
        certificate = plane == .federation ? nil : try PlaneCertificate(plane, settings, identity: identity)
        guard plane == .federation || certificate != nil || address.isLoopback else {
            throw Fault(
                RouteFaults.planeNeedsTLS,
                "The \(plane) plane has no TLS and may not be reached from elsewhere.",
                at: place,
                wanted: "a loopback address such as 127.0.0.1:\(wanted.port), or \(plane).certificate and \(plane).key"
            )
        }
        description = PlaneDescription(
            plane, address: address, port: wanted.port,
            security: plane == .federation ? .mutual : certificate == nil ? .none : .tls,
            allow: try AllowList(settings[SettingKey.allow(plane)]))
    }
}
