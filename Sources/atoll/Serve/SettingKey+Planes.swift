import Sites

/// Each plane has its own address, allow-list and certificate.
extension SettingKey {
    static func address(_ plane: Plane) -> SettingKey {
        let serves =
            switch plane {
            case .federation: "partners (mutual TLS, port \(HostAndPort.federationPort) by custom)"
            case .management: "the API for people and programs, probes and metrics"
            case .business: "health"
            }
        return SettingKey(
            name: "\(plane).address", form: .address, defaultValue: "", isSecret: false,
            summary: "Where the \(plane) plane listens: \(serves); none when empty. INTERFACE:PORT takes its address.")
    }

    static func allow(_ plane: Plane) -> SettingKey {
        SettingKey(
            name: "\(plane).allow", form: .allowList,
            defaultValue: "\(plane == .federation ? AllowList.everyone : .loopback)", isSecret: false,
            summary: "Who may connect to the \(plane) plane: everyone, loopback, or CIDR ranges separated by commas.")
    }

    static func tls(_ plane: Plane) -> SettingKey {
        SettingKey(
            name: "\(plane).tls", form: .choice(["files", "site"]), defaultValue: "files", isSecret: false,
            summary: "Where the \(plane) plane's certificate comes from: two files, or the site's own root key.")
    }

    static func certificate(_ plane: Plane) -> SettingKey {
        SettingKey(
            name: "\(plane).certificate", form: .path, defaultValue: "", isSecret: false,
            summary: "PEM file of the \(plane) plane's certificate chain; without one it is for loopback only.")
    }

    static func key(_ plane: Plane) -> SettingKey {
        SettingKey(
            name: "\(plane).key", form: .path, defaultValue: "", isSecret: false,
            summary: "PEM file of the private key of the \(plane) plane's certificate.")
    }

    /// The federation plane always proves the site's own identity, so it has no certificate to choose.
    static let planes: [SettingKey] = Plane.allCases.flatMap { plane in
        let all = [address(plane), allow(plane)]
        return plane == .federation ? all : all + [tls(plane), certificate(plane), key(plane)]
    }
}
