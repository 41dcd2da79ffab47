/// How an operation ended that did not succeed.
struct LDAPError: Error, Hashable {
    /// Of the server where it is positive (RFC 4511, 4.1.9), of the library where it is negative (ldap_error(3)).
    let code: Int32
    /// What server or library say of it; one line of at most 200 characters. For logs of the site, never for a caller
    /// who has not proved anything.
    let text: String

    static let timeLimit: Int32 = 3
    static let sizeLimit: Int32 = 4
    static let noSuchObject: Int32 = 32
    static let busy: Int32 = 51
    static let unavailable: Int32 = 52
    static let serverDown: Int32 = -1
    static let timeout: Int32 = -5
    static let connect: Int32 = -11

    /// Answers to a bind that are about the one who binds (RFC 4511, A.2): constraintViolation, noSuchObject,
    /// invalidDNSyntax, inappropriateAuthentication, invalidCredentials, unwillingToPerform.
    static let refusals: Set<Int32> = [19, 32, 34, 48, 49, 53]

    init(_ code: Int32, _ text: String = "") {
        self.code = code
        let line = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
        self.text = String(line.prefix(200))
    }

    /// Nobody was reached, or did not answer in time.
    var isAway: Bool {
        [Self.timeLimit, Self.busy, Self.unavailable, Self.timeout].contains(code)
            || (isOfConnection && text.isEmpty)
    }

    /// Somebody was reached whose TLS was not believed: the library has something to say then, and nothing where the
    /// connection itself failed.
    var isOfTLS: Bool { isOfConnection && !text.isEmpty }

    private var isOfConnection: Bool { code == Self.serverDown || code == Self.connect }
}
