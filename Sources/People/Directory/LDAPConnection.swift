#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One connection to a directory, for one thread. It blocks, at most for the times that it was given.
///
/// Every option that decides on security is set on the handle itself, so that neither `ldap.conf` nor `LDAPTLS_...` in
/// the environment of the site has a say.
final class LDAPConnection {
    struct Target: Sendable {
        /// `ldaps://HOST:PORT` or `ldap://HOST:PORT`.
        let url: String
        let startsTLS: Bool
        /// A file of certificates that are believed; nil for a connection without TLS.
        let authorities: String?
        let connectSeconds: Int
        let answerSeconds: Int
        /// False only to look at a certificate that is not believed; nothing is told over such a connection.
        var believesNobody = true
    }

    /// One entry that a search found.
    struct Entry: Sendable {
        let name: String
        /// By lower-case name of the attribute.
        let values: [String: [[UInt8]]]

        /// Values that are text.
        func texts(_ attribute: String) -> [String] {
            (values[attribute.lowercased()] ?? []).compactMap { String(validating: $0, as: UTF8.self) }
        }
    }

    enum Depth: CInt {
        case entry = 0
        case tree = 2
    }

    private let library: LDAPLibrary
    private let handle: LDAPLibrary.Handle
    private let watch = LDAPWatch()
    private let callback: LDAPConnectCallback
    private let answerSeconds: Int
    /// Until something was answered, an operation connects first.
    private var seconds: Int

    /// Nothing is connected before the first operation.
    init(_ library: LDAPLibrary, _ target: Target) throws(LDAPError) {
        var made: LDAPLibrary.Handle?
        let code = library.initialize(&made, target.url)
        guard code == 0, let made else { throw LDAPError(code) }
        self.library = library
        handle = made
        callback = LDAPConnectCallback(watch, library)
        answerSeconds = target.answerSeconds
        seconds = target.connectSeconds + target.answerSeconds
        try checkSet(library.setOption(handle, LDAPOption.connectCallback, callback.structure))
        try set(LDAPOption.version, 3)
        try set(LDAPOption.dereference, 0)
        try set(LDAPOption.sizeLimit, 0)
        try set(LDAPOption.timeLimit, 0)
        // A directory must not send the password on to some other server.
        try set(LDAPOption.referrals, isOn: false)
        try set(LDAPOption.restart, isOn: true)
        try set(LDAPOption.networkTime, timeval(tv_sec: target.connectSeconds, tv_usec: 0))
        try set(LDAPOption.answerTime, timeval(tv_sec: target.answerSeconds, tv_usec: 0))
        guard let authorities = target.authorities else { return }
        try set(LDAPOption.requireCertificate, target.believesNobody ? LDAPOption.demand : LDAPOption.never)
        // Libraries before 2.5 do not have this one, and look at the common name where there is no other.
        _ = with(LDAPOption.demand) { library.setOption(handle, LDAPOption.requireName, $0) }
        try set(LDAPOption.leastTLS, LDAPOption.tls12)
        try set(LDAPOption.authorityFile, authorities)
        for option in [LDAPOption.authorityFolder, LDAPOption.certificateFile, LDAPOption.keyFile] {
            try set(option, "")
        }
        // With GnuTLS the least version has no effect, and is said in a priority string.
        try set(
            LDAPOption.cipherSuite, library.isWithGnuTLS ? "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" : "")
        try set(LDAPOption.newContext, 0)
        if target.startsTLS { try run { library.startTLS(handle, nil, nil) } }
    }

    deinit {
        _ = library.unbind(handle, nil, nil)
    }

    /// Simple bind (RFC 4511, 4.2; RFC 4513, 5.1.3). Whoever calls sees to it that neither is empty: an empty password
    /// would succeed and prove nothing (RFC 4513, 5.1.2).
    func bind(_ name: String, password: [UInt8]) throws(LDAPError) {
        precondition(!name.isEmpty && !password.isEmpty)
        var bytes = password
        try run {
            bytes.withUnsafeMutableBytes { buffer in
                withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { value in
                    value.storeBytes(of: UInt(buffer.count), as: UInt.self)
                    value.storeBytes(of: buffer.baseAddress, toByteOffset: 8, as: UnsafeMutableRawPointer?.self)
                    return library.bind(handle, name, nil, value.baseAddress!, nil, nil, nil)
                }
            }
        }
    }

    /// At most so many entries; one more than allowed is the error `sizeLimit`.
    ///
    /// - Parameter attributes: only these; operational ones, such as memberOf, have to be named.
    func search(
        _ base: String, _ depth: Depth, _ filter: String, attributes: [String], atMost most: Int
    ) throws(LDAPError) -> [Entry] {
        // Without any attribute (RFC 4511, 4.5.1.8).
        var names = (attributes.isEmpty ? ["1.1"] : attributes).map { strdup($0) }
        names.append(nil)
        defer { for name in names { free(name) } }
        var time = timeval(tv_sec: answerSeconds, tv_usec: 0)
        var message: LDAPLibrary.Message?
        defer { if let message { _ = library.freeMessage(message) } }
        try run {
            library.search(handle, base, depth.rawValue, filter, &names, 0, nil, nil, &time, CInt(most), &message)
        }
        var entries: [Entry] = []
        var next = message.flatMap { library.firstEntry(handle, $0) }
        while let entry = next {
            entries.append(read(entry, attributes))
            next = library.nextEntry(handle, entry)
        }
        return entries
    }

    /// The certificate of the other end, as DER; nil where there is none or the library does not tell.
    func peerCertificate() -> [UInt8]? {
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { value -> [UInt8]? in
            value.initializeMemory(as: UInt8.self, repeating: 0)
            guard library.getOption(handle, LDAPOption.peerCertificate, value.baseAddress!) == 0 else { return nil }
            let bytes = Self.bytes(of: value.baseAddress!)
            if let owned = value.load(fromByteOffset: 8, as: UnsafeMutableRawPointer?.self) {
                library.freeMemory(owned)
            }
            return bytes.isEmpty ? nil : bytes
        }
    }

    /// `TLS1.3`; nil without TLS or where the library does not tell.
    func tlsVersion() -> String? {
        text(LDAPOption.tlsVersion)
    }

    private func read(_ entry: LDAPLibrary.Message, _ attributes: [String]) -> Entry {
        var name = ""
        if let text = library.distinguishedName(handle, entry) {
            name = String(cString: text)
            library.freeMemory(text)
        }
        var values: [String: [[UInt8]]] = [:]
        for attribute in attributes {
            guard let list = library.values(handle, entry, attribute) else { continue }
            var found: [[UInt8]] = []
            while let value = list[found.count] { found.append(Self.bytes(of: value)) }
            library.freeValues(list)
            values[attribute.lowercased()] = found
        }
        return Entry(name: name, values: values)
    }

    private static func bytes(of value: LDAPLibrary.Bytes) -> [UInt8] {
        let count = value.load(as: UInt.self)
        guard let start = value.load(fromByteOffset: 8, as: UnsafeRawPointer?.self) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(count)))
    }

    /// One operation, which ends in time.
    private func run(_ body: () -> CInt) throws(LDAPError) {
        guard !watch.isOver else { throw LDAPError(LDAPError.timeout) }
        let code = watch.run(seconds: seconds, body)
        guard !watch.isOver else { throw LDAPError(LDAPError.timeout) }
        seconds = answerSeconds
        guard code != 0 else { return }
        throw LDAPError(code, text(LDAPOption.diagnostic) ?? "")
    }

    private func text(_ option: CInt) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard library.getOption(handle, option, &text) == 0, let text else { return nil }
        defer { if option == LDAPOption.diagnostic { library.freeMemory(text) } }
        return String(cString: text)
    }

    private func set(_ option: CInt, _ number: CInt) throws(LDAPError) {
        try checkSet(with(number) { library.setOption(handle, option, $0) })
    }

    private func set(_ option: CInt, _ time: timeval) throws(LDAPError) {
        try checkSet(with(time) { library.setOption(handle, option, $0) })
    }

    private func set(_ option: CInt, _ text: String) throws(LDAPError) {
        try checkSet(text.withCString { library.setOption(handle, option, $0) })
    }

    /// Off is the null pointer, on is any other.
    private func set(_ option: CInt, isOn: Bool) throws(LDAPError) {
        try checkSet(with(CInt(1)) { library.setOption(handle, option, isOn ? $0 : nil) })
    }

    private func with<Value>(_ value: Value, _ body: (UnsafeRawPointer) -> CInt) -> CInt {
        withUnsafePointer(to: value) { body(UnsafeRawPointer($0)) }
    }

    private func checkSet(_ code: CInt) throws(LDAPError) {
        if code != 0 { throw LDAPError(LDAPError.connect, "an option of the connection cannot be set") }
    }
}
