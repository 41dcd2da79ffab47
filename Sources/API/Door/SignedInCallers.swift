import Faults
public import HTTPTypes
public import People

/// Callers by what their requests carry: `Authorization: Bearer`, or else the cookie of a session.
public struct SignedInCallers: CallerSource {
    /// A browser takes a cookie of this prefix only with `Secure` and for this host alone (RFC 6265bis, 4.1.3.2).
    static let cookie = "__Host-atoll-session"

    private let logins: Logins

    public init(_ logins: Logins) {
        self.logins = logins
    }

    public func caller(_ request: HTTPRequest, isUse: Bool) async throws -> Caller? {
        guard let secret = Self.secret(request), let proven = try await logins.proven(by: secret, isUse: isUse) else {
            return nil
        }
        return Caller(proven)
    }

    /// What the request shows; a cookie counts for changes only when the page that sends it is this site's own.
    static func secret(_ request: HTTPRequest) -> BearerSecret? {
        if let header = request.headerFields[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
            return BearerSecret(String(parts[1]))
        }
        guard request.method == .get || isFromHere(request) else { return nil }
        for field in request.headerFields[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0] == cookie else { continue }
                let secret = BearerSecret(String(parts[1]))
                return secret?.use == .session ? secret : nil
            }
        }
        return nil
    }

    /// Beside `SameSite=Strict`: what a browser says of where a request comes from must be here. Programs say nothing.
    private static func isFromHere(_ request: HTTPRequest) -> Bool {
        if let site = request.headerFields[HTTPField.Name("Sec-Fetch-Site")!] {
            return site == "same-origin" || site == "none"
        }
        guard let origin = request.headerFields[.origin] else { return true }
        guard let authority = request.authority, let host = origin.split(separator: "/").last else { return false }
        return host == authority
    }
}

extension Caller {
    fileprivate init(_ proven: Logins.Proven) {
        switch proven.means {
        case .session(let id): self.init(user: proven.user, uid: proven.uid, authority: proven.authority, session: id)
        case .token(let id): self.init(user: proven.user, uid: proven.uid, authority: proven.authority, token: id)
        }
    }
}
