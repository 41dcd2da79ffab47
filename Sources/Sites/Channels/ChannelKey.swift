import Ledger
import WorkerSocket

/// A channel and the site at its other end. Each direction has a channel of its own under the same key.
struct ChannelKey: Hashable, Sendable {
    let peer: SiteID
    let id: ChannelID
}

/// The worker at this site's end of a channel, and the channel's number there.
struct AttachedWorker: Sendable {
    let session: WorkerSession
    let number: UInt32
}

extension FrameRecord {
    /// What the ledger keeps of a frame that the plan allows.
    init(
        _ direction: FrameDirection, _ frame: Frame, peer: SiteID, declaration: MessageDeclaration, digest: [UInt8],
        route: String
    ) {
        self.init(
            direction: direction, peer: peer, job: frame.channel.job, task: frame.channel.task, step: frame.step,
            sequence: frame.sequence, attempt: frame.attempt, messageType: frame.messageType,
            schemaDigest: declaration.schemaDigest, elements: frame.elements, elementBits: declaration.elementBits,
            bytes: UInt64(frame.payload.count), salt: frame.salt, payloadDigest: digest, keyID: declaration.keyID,
            route: route
        )
    }
}
