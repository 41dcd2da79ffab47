/// The protocol between a worker and its site's gateway over a Unix socket: `docs/protocols/worker-socket.md`.
///
/// Nothing here uses an event loop or a timer: the client side is for workers, which block.
public enum WorkerSocket {
    /// The first version of the protocol.
    public static let version: UInt8 = 1
    /// The largest payload of one frame.
    public static let maximumPayload = 4 << 20
}
