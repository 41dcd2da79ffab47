public import Faults

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The interfaces of this machine with their addresses, in the system's order.
public struct NetworkInterfaces: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public let name: String
        public let address: IPAddress

        public init(name: String, address: IPAddress) {
            self.name = name
            self.address = address
        }
    }

    public let entries: [Entry]
    /// Also those without an address.
    public let names: [String]

    public init(entries: [Entry], names: [String]) {
        self.entries = entries
        self.names = names
    }

    /// Those that are there now, by getifaddrs(3).
    public static func current() -> NetworkInterfaces {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return NetworkInterfaces(entries: [], names: []) }
        defer { freeifaddrs(list) }
        var entries: [Entry] = []
        var names: [String] = []
        var next = list
        while let item = next {
            let name = String(cString: item.pointee.ifa_name)
            if !names.contains(name) { names.append(name) }
            if let address = item.pointee.ifa_addr.flatMap(address) {
                entries.append(Entry(name: name, address: address))
            }
            next = item.pointee.ifa_next
        }
        return NetworkInterfaces(entries: entries, names: names)
    }

    /// Where a listener for this host opens: the host may be an address of this machine, a wildcard, `localhost`, or the
    /// name of an interface, which stands for its first IPv4 address or else its first IPv6 address that is not bound
    /// to the link.
    ///
    /// - Throws: `RouteFaults.interfaceMissing`, naming what there is.
    public func address(of host: String, at place: String) throws(Fault) -> IPAddress {
        if let address = IPAddress(host) {
            if address.isWildcard || address.isLoopback || entries.contains(where: { $0.address == address }) {
                return address
            }
            throw missing("No interface of this machine has the address \(address).", at: place)
        }
        if host == "localhost" { return IPAddress(bytes: [127, 0, 0, 1])! }
        let own = entries.filter { $0.name == host }.map(\.address)
        if let address = own.first(where: \.isIPv4) ?? own.first(where: { !$0.isLinkLocal }) { return address }
        throw missing(
            names.contains(host)
                ? "The interface '\(host)' has no address." : "There is no interface '\(host.prefix(60))'.", at: place)
    }

    private func missing(_ what: String, at place: String) -> Fault {
        let known = names.map { name in
            let own = entries.filter { $0.name == name }.map(\.address.description)
            return own.isEmpty ? "\(name) (no address)" : "\(name) (\(own.joined(separator: ", ")))"
        }
        return Fault(RouteFaults.interfaceMissing, what, at: place, wanted: known.joined(separator: "; "))
    }

    private static func address(_ pointer: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        let raw = UnsafeRawPointer(pointer)
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET: return IPAddress(bytes: (4..<8).map { raw.load(fromByteOffset: $0, as: UInt8.self) })
        case AF_INET6: return IPAddress(bytes: (8..<24).map { raw.load(fromByteOffset: $0, as: UInt8.self) })
        default: return nil
        }
    }
}
