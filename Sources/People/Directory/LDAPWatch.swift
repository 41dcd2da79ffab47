import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Ends what takes too long on one connection, by shutting its socket down from outside. The library's own times do not
/// hold while it shakes hands for TLS: with GnuTLS it reads as long as the other end stays silent.
final class LDAPWatch: Sendable {
    private struct State {
        /// A descriptor of its own for the socket, so that it cannot become another's while it is used.
        var socket: CInt = -1
        var isOver = false
        /// Rises with every operation, so that a watch of an earlier one ends nothing.
        var turn = 0
    }

    private static let queue = DispatchQueue(label: "atoll.directories.watch")
    private let state = Mutex(State())

    deinit {
        let socket = state.withLock { $0.socket }
        if socket >= 0 { close(socket) }
    }

    /// Whether an operation took too long; every later one fails.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Runs what may block, at most for so many seconds.
    func run<Value>(seconds: Int, _ body: () -> Value) -> Value {
        let turn = state.withLock { $0.turn }
        Self.queue.asyncAfter(deadline: .now() + .seconds(seconds)) { [weak self] in self?.end(turn) }
        defer { state.withLock { $0.turn += 1 } }
        return body()
    }

    private func end(_ turn: Int) {
        state.withLock { state in
            guard state.turn == turn else { return }
            state.isOver = true
            if state.socket >= 0 { shutdown(state.socket, CInt(SHUT_RDWR)) }
        }
    }

    /// A socket that the library has connected, before anything is said over it.
    ///
    /// - Returns: whether to go on.
    func take(_ connected: CInt) -> Bool {
        state.withLock { state in
            if state.socket >= 0 { close(state.socket) }
            state.socket = fcntl(connected, F_DUPFD_CLOEXEC, 0)
            return !state.isOver && state.socket >= 0
        }
    }
}

/// Has the library tell a watch of every socket: `struct ldap_conncb` of ldap.h, option LDAP_OPT_CONNECT_CB of
/// ldap_get_option(3). Has to be there as long as the handle is.
final class LDAPConnectCallback {
    typealias Added =
        @convention(c) (
            OpaquePointer?, OpaquePointer?, OpaquePointer?, OpaquePointer?, UnsafeRawPointer?
        ) -> CInt
    typealias Removed = @convention(c) (OpaquePointer?, OpaquePointer?, UnsafeRawPointer?) -> Void

    /// Two functions, and what they are called with.
    let structure = UnsafeMutableRawPointer.allocate(byteCount: 24, alignment: 8)
    private let watch: LDAPWatch
    private let control: LDAPLibrary.SocketControl

    /// LBER_SB_OPT_GET_FD of lber.h.
    private static let descriptor: CInt = 1

    init(_ watch: LDAPWatch, _ library: LDAPLibrary) {
        self.watch = watch
        control = library.socketControl
        let added: Added = { _, socket, _, _, structure in
            guard let socket, let context = structure?.load(fromByteOffset: 16, as: UnsafeRawPointer?.self) else {
                return -1
            }
            let callback = Unmanaged<LDAPConnectCallback>.fromOpaque(context).takeUnretainedValue()
            var descriptor: CInt = -1
            guard callback.control(socket, LDAPConnectCallback.descriptor, &descriptor) == 1 else { return -1 }
            return callback.watch.take(descriptor) ? 0 : -1
        }
        let removed: Removed = { _, _, _ in }
        structure.storeBytes(of: unsafeBitCast(added, to: UnsafeRawPointer.self), as: UnsafeRawPointer.self)
        structure.storeBytes(
            of: unsafeBitCast(removed, to: UnsafeRawPointer.self), toByteOffset: 8, as: UnsafeRawPointer.self)
        structure.storeBytes(
            of: UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()), toByteOffset: 16,
            as: UnsafeRawPointer.self)
    }

    deinit { structure.deallocate() }
}
