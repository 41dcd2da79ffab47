import Faults
import HTTPTypes
public import Hummingbird
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Who is asking: known by the socket, not by what the request says.
public struct Caller: Sendable, Hashable {
    /// The operating system's account on the other end of the Unix socket.
    public let uid: UInt32

    public init(uid: UInt32) {
        self.uid = uid
    }

    /// `ana (uid 1000)`: what is recorded as author.
    public var account: String {
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
    /// Set by `CallerMiddleware`.
    public internal(set) var caller: Caller?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
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
        guard let caller, caller.uid == 0 || caller.uid == geteuid() else { throw Fault(ProgramFaults.foreignCaller) }
    }
}
