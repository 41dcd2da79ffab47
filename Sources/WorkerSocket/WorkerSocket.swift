/// The protocol between a worker and its site's gateway over a Unix socket: `docs/protocols/worker-socket.md`.
///
/// Nothing here uses an event loop or a timer: the client side is for workers, which block.
public enum WorkerSocket {
    /// The first version of the protocol.
    public static let version: UInt8 = 1
    /// The largest payload of one frame, one part of a checkpoint, or a result; bytes.
    public static let maximumPayload = 4 << 20
    /// The longest text of a log line or a fault, in bytes of UTF-8.
    public static let maximumText = 8 << 10
    /// The longest name of a job, task, peer or message type, in bytes.
    public static let maximumName = 63
    /// Length of a token in bytes.
    public static let tokenLength = 32
    /// What a frame costs of a credit besides its payload, so that many small frames are bounded too; bytes.
    public static let frameOverhead = 256

    /// What a frame with so many bytes of payload takes of a credit.
    public static func cost(ofPayload bytes: Int) -> Int { bytes + frameOverhead }
}
