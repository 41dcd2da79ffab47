import Faults

/// What a probe sends over a link, as bodies of two calls. An echo comes back behind the peer's clock (8 bytes,
/// milliseconds since 1970, big-endian); of a bulk body comes back only its length (8 bytes, big-endian).
enum ProbeMessages {
    static let echo = "probe.echo"
    static let bulk = "probe.bulk"
    /// Largest body of an echo, which comes back whole.
    static let largestEcho = 256 << 10

    /// - Throws: `RouteFaults.strangeEcho` for a body above `largestEcho`.
    static func answerEcho(_ body: [UInt8], clock: Int64) throws(Fault) -> [UInt8] {
        guard body.count <= largestEcho else {
            throw Fault(RouteFaults.strangeEcho, "An echo is too large.", wanted: "at most \(largestEcho) bytes")
        }
        return bytes(UInt64(bitPattern: clock)) + body
    }

    static func answerBulk(_ body: [UInt8]) -> [UInt8] {
        bytes(UInt64(body.count))
    }

    /// - Returns: the peer's clock in milliseconds since 1970; any number a peer likes to say.
    /// - Throws: `RouteFaults.strangeEcho`.
    static func readEcho(_ answer: [UInt8], of sent: [UInt8]) throws(Fault) -> Int64 {
        guard answer.count == sent.count + 8, answer[8...].elementsEqual(sent) else {
            throw Fault(RouteFaults.strangeEcho, wanted: "8 bytes of clock and the \(sent.count) bytes sent")
        }
        return Int64(bitPattern: number(answer))
    }

    /// - Throws: `RouteFaults.strangeEcho`.
    static func checkBulk(_ answer: [UInt8], of count: Int) throws(Fault) {
        guard answer.count == 8, number(answer) == UInt64(count) else {
            throw Fault(RouteFaults.strangeEcho, wanted: "the number of bytes sent, which is \(count)")
        }
    }

    private static func bytes(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }

    /// Of at least 8 bytes.
    private static func number(_ bytes: [UInt8]) -> UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
