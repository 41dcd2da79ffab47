import Faults
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// OpenLDAP's client library, loaded when it is first asked for: a site without it starts and works, and only directory
/// login is refused. The functions are those of its manual pages ldap_open(3), ldap_get_option(3), ldap_bind(3),
/// ldap_tls(3), ldap_search(3), ldap_first_entry(3), ldap_get_dn(3), ldap_get_values(3) and ldap_memory(3).
///
/// A handle is used by one thread at a time; different handles may be used at once.
struct LDAPLibrary: Sendable {
    /// `LDAP *`.
    typealias Handle = OpaquePointer
    /// `LDAPMessage *`.
    typealias Message = OpaquePointer
    /// `struct berval *`: a length of a machine word, then the address of so many bytes.
    typealias Bytes = UnsafeMutableRawPointer

    /// `ber_sockbuf_ctrl` of the library below, which asks a connection for its socket.
    typealias SocketControl = @Sendable @convention(c) (OpaquePointer, CInt, UnsafeMutableRawPointer?) -> CInt

    let initialize: @Sendable @convention(c) (UnsafeMutablePointer<Handle?>, UnsafePointer<CChar>) -> CInt
    let setOption: @Sendable @convention(c) (Handle?, CInt, UnsafeRawPointer?) -> CInt
    let getOption: @Sendable @convention(c) (Handle?, CInt, UnsafeMutableRawPointer) -> CInt
    let bind:
        @Sendable @convention(c) (
            Handle, UnsafePointer<CChar>, UnsafePointer<CChar>?, Bytes, OpaquePointer?, OpaquePointer?, OpaquePointer?
        ) -> CInt
    let startTLS: @Sendable @convention(c) (Handle, OpaquePointer?, OpaquePointer?) -> CInt
    let search:
        @Sendable @convention(c) (
            Handle, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, UnsafePointer<UnsafeMutablePointer<CChar>?>, CInt,
            OpaquePointer?, OpaquePointer?, UnsafeRawPointer, CInt, UnsafeMutablePointer<Message?>
        ) -> CInt
    let firstEntry: @Sendable @convention(c) (Handle, Message) -> Message?
    let nextEntry: @Sendable @convention(c) (Handle, Message) -> Message?
    let distinguishedName: @Sendable @convention(c) (Handle, Message) -> UnsafeMutablePointer<CChar>?
    let values: @Sendable @convention(c) (Handle, Message, UnsafePointer<CChar>) -> UnsafeMutablePointer<Bytes?>?
    let freeValues: @Sendable @convention(c) (UnsafeMutablePointer<Bytes?>) -> Void
    let freeMessage: @Sendable @convention(c) (Message) -> CInt
    let freeMemory: @Sendable @convention(c) (UnsafeMutableRawPointer) -> Void
    let unbind: @Sendable @convention(c) (Handle, OpaquePointer?, OpaquePointer?) -> CInt

    let socketControl: SocketControl

    /// Whether it was built with GnuTLS, as Debian's is, and not with OpenSSL.
    let isWithGnuTLS: Bool

    /// Under which name it was found.
    let file: String

    /// Of OpenLDAP 2.6, 2.5 and 2.4, where the first of the two is the one for programs with threads.
    static let names = ["libldap.so.2", "libldap-2.5.so.0", "libldap_r-2.4.so.2", "libldap-2.4.so.2"]

    private static let loaded = Mutex<LDAPLibrary?>(nil)

    /// Looks for it again as long as it was not found, so that it may be installed while the site runs.
    ///
    /// - Throws: `PeopleFaults.directoryLibrary`.
    static func load() throws(Fault) -> LDAPLibrary {
        try loaded.withLock { (loaded) throws(Fault) in
            if let library = loaded { return library }
            let library = try LDAPLibrary(names: names)
            loaded = library
            return library
        }
    }

    /// The first of the names that there is.
    init(names: [String]) throws(Fault) {
        for name in names {
            // Stays open: what it has set up at its first use cannot be undone.
            guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
            func find<Function>(_ symbol: String, _: Function.Type) throws(Fault) -> Function {
                guard let address = dlsym(library, symbol) else {
                    throw Fault(PeopleFaults.directoryLibrary, "\(name) has no \(symbol).", at: name)
                }
                return unsafeBitCast(address, to: Function.self)
            }
            initialize = try find("ldap_initialize", type(of: initialize))
            setOption = try find("ldap_set_option", type(of: setOption))
            getOption = try find("ldap_get_option", type(of: getOption))
            bind = try find("ldap_sasl_bind_s", type(of: bind))
            startTLS = try find("ldap_start_tls_s", type(of: startTLS))
            search = try find("ldap_search_ext_s", type(of: search))
            firstEntry = try find("ldap_first_entry", type(of: firstEntry))
            nextEntry = try find("ldap_next_entry", type(of: nextEntry))
            distinguishedName = try find("ldap_get_dn", type(of: distinguishedName))
            values = try find("ldap_get_values_len", type(of: values))
            freeValues = try find("ldap_value_free_len", type(of: freeValues))
            freeMessage = try find("ldap_msgfree", type(of: freeMessage))
            freeMemory = try find("ldap_memfree", type(of: freeMemory))
            unbind = try find("ldap_unbind_ext_s", type(of: unbind))
            // Found in what the library itself needs.
            socketControl = try find("ber_sockbuf_ctrl", type(of: socketControl))
            var package: UnsafeMutablePointer<CChar>?
            isWithGnuTLS =
                getOption(nil, LDAPOption.tlsPackage, &package) == 0
                && package.map { String(cString: $0) } == "GnuTLS"
            file = name
            return
        }
        throw Fault(
            PeopleFaults.directoryLibrary, at: "this machine",
            wanted: "one of \(names.joined(separator: ", "))")
    }
}

/// Options of a handle, by their numbers in ldap_get_option(3) and ldap.h of OpenLDAP 2.4 to 2.6.
enum LDAPOption {
    static let dereference: CInt = 0x0002
    static let sizeLimit: CInt = 0x0003
    static let timeLimit: CInt = 0x0004
    static let referrals: CInt = 0x0008
    static let restart: CInt = 0x0009
    static let version: CInt = 0x0011
    static let diagnostic: CInt = 0x0032
    static let answerTime: CInt = 0x5002
    static let networkTime: CInt = 0x5005
    static let connectCallback: CInt = 0x5011
    static let authorityFile: CInt = 0x6002
    static let authorityFolder: CInt = 0x6003
    static let certificateFile: CInt = 0x6004
    static let keyFile: CInt = 0x6005
    static let requireCertificate: CInt = 0x6006
    static let leastTLS: CInt = 0x6007
    static let cipherSuite: CInt = 0x6008
    static let newContext: CInt = 0x600F
    static let tlsPackage: CInt = 0x6011
    static let tlsVersion: CInt = 0x6013
    static let peerCertificate: CInt = 0x6015
    static let requireName: CInt = 0x601A

    /// Values of `requireCertificate` and `requireName`.
    static let never: CInt = 0
    static let demand: CInt = 2
    /// Value of `leastTLS`.
    static let tls12: CInt = 0x0303
}
