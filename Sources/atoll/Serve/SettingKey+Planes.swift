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

    static func connections(_ plane: Plane) -> SettingKey {
        SettingKey(
            name: "\(plane).connections", form: .integer(2...65_536),
            defaultValue: plane == .federation ? "256" : "1024", isSecret: false,
            summary: "The most connections to the \(plane) plane at once; from one address half of them.")
    }

    static func rate(_ plane: Plane) -> SettingKey {
        SettingKey(
            name: "\(plane).rate", form: .integer(1...1_000_000), defaultValue: "200", isSecret: false,
            summary: "Requests per second that the \(plane) plane takes of one caller, over five seconds.")
    }

    static func patience(_ plane: Plane) -> SettingKey {
        SettingKey(
            name: "\(plane).patience", form: .integer(1...3_600), defaultValue: "60", isSecret: false,
            summary: "Seconds after which the \(plane) plane closes a connection that is silent or too slow.")
    }

    /// The federation plane always proves the site's own identity, so it has no certificate to choose.
    static let planes: [SettingKey] = Plane.allCases.flatMap { plane in
        let all = [address(plane), allow(plane), connections(plane)]
        return plane == .federation
            ? all : all + [rate(plane), patience(plane), tls(plane), certificate(plane), key(plane)]
    }
}
