public import Faults
import Ledger
public import Logging
public import Resources
public import ServiceLifecycle

/// Replaces this site's leaf half-way through its life, and tells every connected peer over the links made with the old
/// one. Sessions go on; a peer that is away learns the new serial when it connects. The newest two leaves are accepted,
/// so a peer that was not told is not locked out either.
public struct LeafRotation: Service {
    /// The call by which a peer's new leaf is announced.
    public static let method = "identity.leaf"
    /// The clock may jump and the machine may sleep: it is looked at again after so long at most.
    static let longestSleep: Duration = .seconds(600)

    private let identity: SiteIdentity
    private let book: PeerBook
    private let calls: any LinkCalls
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger

    public init(
        identity: SiteIdentity, book: PeerBook, calls: any LinkCalls,
        clock: @escaping @Sendable () -> Timestamp = { .now }, logger: Logger = Logger(label: "identity")
    ) {
        self.identity = identity
        self.book = book
        self.calls = calls
        self.clock = clock
        self.logger = logger
    }

    /// Takes announcements of peers from now on. Called once, while the site is put together.
    public func serve() {
        let (book, clock) = (self.book, self.clock)
        calls.serve(Self.method) { caller, body in
            let announced = try LeafAnnouncement(decoding: body)
            let presented: PresentedIdentity
            do throws(Fault) {
                presented = try PresentedIdentity.verify(chain: announced.chain, now: clock())
            } catch {
                throw Fault(JoiningFaults.leafRefused, "The certificate announced was refused: \(error.what)")
            }
            guard presented.site == caller else {
                throw Fault(JoiningFaults.leafRefused, "The certificate announced is another site's.")
            }
            _ = try book.admit(presented)
            return []
        }
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let pause = await step()
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Rotates when it is time.
    ///
    /// - Returns: when to look again.
    func step() async -> Duration {
        let left = identity.leaf.rotationTime.milliseconds - clock().milliseconds
        if left > 0 { return min(.milliseconds(left), Self.longestSleep) }
        do {
            let leaf = try identity.rotate(now: clock())
            logger.notice("leaf rotated", metadata: ["serial": "\(leaf.serial)", "until": "\(leaf.notAfter)"])
            await tell(leaf)
            return .seconds(1)
        } catch {
            logger.error("the leaf could not be rotated", metadata: ["code": "\(error.number)"])
            return .seconds(60)
        }
    }

    private func tell(_ leaf: Leaf) async {
        let body = LeafAnnouncement(chain: [leaf.certificate, identity.rootCertificate]).encoded
        await withDiscardingTaskGroup { group in
            for peer in book.peers {
                group.addTask {
                    do {
                        _ = try await calls.call(Self.method, body, of: peer.site)
                    } catch {
                        logger.info("a peer was not told of the new leaf", metadata: ["peer": "\(peer.name)"])
                    }
                }
            }
        }
    }
}

/// The body of the call: the length of the leaf (2 bytes, big-endian), the leaf and the root, both DER.
public struct LeafAnnouncement: Sendable, Hashable {
    /// Leaf and root.
    public let chain: [[UInt8]]

    init(chain: [[UInt8]]) {
        self.chain = chain
    }

    /// - Parameter bytes: from a peer.
    /// - Throws: `JoiningFaults.leafRefused`.
    public init(decoding bytes: [UInt8]) throws(Fault) {
        guard bytes.count > 2, bytes.count <= 2 * PresentedIdentity.maximumBytes else {
            throw Fault(JoiningFaults.leafRefused, "The announcement cannot be read.")
        }
        let length = Int(bytes[0]) << 8 | Int(bytes[1])
        guard bytes.count > 2 + length else {
            throw Fault(JoiningFaults.leafRefused, "The announcement cannot be read.")
        }
        chain = [Array(bytes[2..<2 + length]), Array(bytes[(2 + length)...])]
    }

    public var encoded: [UInt8] {
        [UInt8(truncatingIfNeeded: chain[0].count >> 8), UInt8(truncatingIfNeeded: chain[0].count)] + chain[0]
            + chain[1]
    }
}
