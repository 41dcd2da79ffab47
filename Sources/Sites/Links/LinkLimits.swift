/// What a link carries at most, and how long its ends wait for each other.
public enum LinkLimits {
    /// Largest payload of a frame and largest body of a call: 4 MiB.
    public static let payload = 4 << 20
    /// Largest message on the wire: a payload and everything around it.
    public static let message = payload + (16 << 10)
    /// Bytes of messages that wait to leave on one link; a single larger message may wait alone.
    public static let waiting = 2 << 20
    /// Names of jobs, tasks, message types and calls, in UTF-8 bytes.
    public static let name = 128
    /// Sentences of refusals and farewells, in UTF-8 bytes; longer ones are cut.
    public static let text = 1024
    /// Salt of a frame.
    public static let salt = 16
    /// Handshakes and greetings take at most this long.
    public static let opening: Duration = .seconds(10)
    /// Links that one peer may hold open here at once.
    public static let linksPerPeer = 8
    /// Calls of one peer that are worked on at once.
    public static let callsPerPeer = 32
}

extension LinkLimits {
    /// Whether a name of a job, task, message type or call is 1 to 128 letters, digits and marks of `.-_/:`.
    static func isName(_ text: String) -> Bool {
        (1...name).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: ":"): true
                default: false
                }
            }
    }
}
