/// Cleans the names that swift-metrics labels bring into names that Prometheus takes.
enum MetricName {
    /// The family's name: snake case, with the suffix of its kind (`_total` for counters).
    static func family(_ label: String, _ kind: MetricKind) -> String {
        let name = snakeCase(label)
        return kind == .counter && !name.hasSuffix("_total") ? name + "_total" : name
    }

    /// The label under which a timer is kept: swift-metrics hands nanoseconds over, the page prints seconds.
    static func timer(_ label: String) -> String {
        snakeCase(label).hasSuffix("_seconds") ? label : label + "_seconds"
    }

    /// A label name: snake case; names that Prometheus keeps for itself (`le`, `quantile`, `__…`) are moved aside.
    static func label(_ name: String) -> String {
        var clean = snakeCase(name)
        while clean.hasPrefix("__") { clean.removeFirst() }
        return clean == "le" || clean == "quantile" ? "label_" + clean : clean
    }

    /// Lower-case ASCII letters, digits and `_`: anything else becomes `_`, `camelCase` becomes `camel_case`, and a
    /// leading digit gets a `_` before it.
    static func snakeCase(_ text: String) -> String {
        var bytes: [UInt8] = []
        var afterSmall = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                if afterSmall { bytes.append(UInt8(ascii: "_")) }
                bytes.append(byte + 32)
                afterSmall = false
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                bytes.append(byte)
                afterSmall = true
            default:
                bytes.append(UInt8(ascii: "_"))
                afterSmall = false
            }
        }
        if bytes.isEmpty || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[0]) {
            bytes.insert(UInt8(ascii: "_"), at: 0)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
