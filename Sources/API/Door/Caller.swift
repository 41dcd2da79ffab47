import Faults
import HTTPTypes
public import Hummingbird
import NIOCore
public import People

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Who is asking: known by the socket or by what proves a login, never by what the request says of itself.
public struct Caller: Sendable, Hashable {
    private enum Identity: Hashable, Sendable {
        case account(UInt32)
        case user(String, uid: String, session: String?, token: String?)
    }

    private let identity: Identity
    /// What the caller may do.
    public let authority: Authority

    /// The operating system's account on the other end of the local Unix socket: the platform's operator.
    public init(uid: UInt32) {
        identity = .account(uid)
        authority = .everything
    }

    /// A user, and the session or the token by which it came.
    ///
    /// - Parameter uid: of one life of the user; a user that is made again is another caller.
    public init(
        user: String, uid: String = "", authority: Authority, session: String? = nil, token: String? = nil
    ) {
        identity = .user(user, uid: uid, session: session, token: token)
        self.authority = authority
    }

    /// The user's name; nil for the platform's operator.
    public var user: String? {
        if case .user(let name, _, _, _) = identity { name } else { nil }
    }

    /// The session by which a user came; nil for tokens.
    var session: String? {
        if case .user(_, _, let session, _) = identity { session } else { nil }
    }

    /// The token by which a user came; nil for sessions.
    var token: String? {
        if case .user(_, _, _, let token) = identity { token } else { nil }
    }

    /// The account at the local socket; nil for users.
    var uid: UInt32? {
        switch identity {
        case .account(let uid): uid
        case .user: nil
        }
    }

    /// Whose keys of requests are the same caller's, whatever session it comes by.
    var keyOwner: String {
        switch identity {
        case .account(let uid): "account \(uid)"
        case .user(let name, let uid, _, _): "user \(name) \(uid)"
        }
    }

    /// What is recorded as author: `ana (uid 1000)`, or `user ana`. The same for every way by which a user comes, so
    /// that nobody is two people.
    public var account: String {
        switch identity {
        case .account(let uid): Self.account(of: uid)
        case .user(let name, _, _, _): "user \(name)"
        }
    }

    private static func account(of uid: UInt32) -> String {
        var record = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        let found = getpwuid_r(uid, &record, &buffer, buffer.count, &result) == 0 && result != nil
        let name = found ? record.pw_name.map { String(cString: $0) } : nil
        return name.map { "\($0) (uid \(uid))" } ?? "uid \(uid)"
    }
}

/// What a handler knows of a request beyond its text.
public struct APIContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The channel, to ask who is on the other end; nil in tests without a socket.
    let channel: (any Channel)?
    /// Set by `CallerMiddleware` or `SignInMiddleware`.
    public internal(set) var caller: Caller?

    /// Asks again who the caller is, for callers that no socket makes known.
    var prove: (@Sendable () async throws -> Caller?)?
    /// For streams: whether the caller may have them still. Set by the door.
    var standing = Standing.bySocket

    /// What handlers tell the audit beyond the request itself.
    let subject = AuditSubject()

    /// Where the request came from: an address, or `local`.
    var address: String { channel?.remoteAddress?.ipAddress ?? "local" }

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Of a request that is made for this one: the same caller, from the same place.
    var inner: APIContext { APIContext(of: self) }

    private init(of outer: APIContext) {
        coreContext = .init(source: outer)
        channel = outer.channel
        caller = outer.caller
        prove = outer.prove
    }
}

/// `struct ucred` of unix(7), which the C library shows only to GNU sources: process, user and group on the other end.
private struct PeerCredentials {
    let pid: Int32
    let uid: UInt32
    let gid: UInt32
}

/// Finds out who calls, by the peer credentials of the Unix socket, and serves only the server's own user and root.
struct CallerMiddleware: RouterMiddleware {
    typealias Context = APIContext

    @concurrent
    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let provider = context.channel as? any SocketOptionProvider {
            let credentials: PeerCredentials = try await provider.unsafeGetSocketOption(
                level: NIOBSDSocket.OptionLevel.socket,
                name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
            ).get()
            context.caller = Caller(uid: credentials.uid)
        }
        try Self.admit(context.caller)
        return try await next(request, context)
    }

    /// - Throws: `ProgramFaults.foreignCaller` for everybody but the server's own user and root.
    static func admit(_ caller: Caller?) throws(Fault) {
        guard let uid = caller?.uid, uid == 0 || uid == geteuid() else { throw Fault(ProgramFaults.foreignCaller) }
    }
}
