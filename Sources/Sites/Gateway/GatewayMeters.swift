import Ledger
import Metrics

/// The gateway's figures towards one peer. Names and labels are in `docs/logs-and-metrics.md`.
struct GatewayMeters: Sendable {
    struct Direction: Sendable {
        let frames: Counter
        let bytes: Counter

        init(_ peer: SiteID, _ direction: FrameDirection) {
            let labels = [("peer", peer.text), ("direction", direction.rawValue)]
            frames = Counter(label: "gateway_frames", dimensions: labels)
            bytes = Counter(label: "gateway_bytes", dimensions: labels)
        }

        func count(_ bytes: Int) {
            frames.increment()
            self.bytes.increment(by: bytes)
        }
    }

    let sent: Direction
    let received: Direction
    /// Frames and channels refused, here or by the peer.
    let refusals: Counter
    /// Frames sent or received once more.
    let repeats: Counter
    /// Batches that the ledger could not record.
    let unrecorded: Counter

    init(_ peer: SiteID) {
        sent = Direction(peer, .sent)
        received = Direction(peer, .received)
        refusals = Counter(label: "gateway_refusals", dimensions: [("peer", peer.text)])
        repeats = Counter(label: "gateway_repeats", dimensions: [("peer", peer.text)])
        unrecorded = Counter(label: "gateway_unrecorded_batches", dimensions: [("peer", peer.text)])
    }
}
