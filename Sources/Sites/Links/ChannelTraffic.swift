/// What the hub hands on: everything of a link that belongs to channels. Implemented by the gateway.
public protocol ChannelTraffic: Sendable {
    /// A link to a peer is usable. Channels tell where they want to go on (`ready`).
    func linkUp(_ link: any Link) async

    /// A frame, ready, acknowledge, end or refuse arrived. Called in order; the next message of the link waits until
    /// this returns, so it returns quickly and keeps bounded state.
    func receive(_ message: LinkMessage, on link: any Link) async

    /// The link is gone; frames that were not acknowledged go over another one.
    func linkDown(_ link: any Link) async
}
