import Faults

/// This site's chain towards a peer, as co-signing looks at it: one consistent state.
protocol OwnLines {
    var book: ChainBook { get }

    /// The hash after that many lines; nil when there are fewer.
    func head(after lines: UInt64) throws -> [UInt8]?

    /// Whether some frame of the channel was recorded as the last of `count` with this step and agreement hash. Since
    /// the hash covers every frame before, it then stands for the same frames at both ends.
    func holds(_ channel: ChannelKey, count: UInt64, step: UInt32, agreement: [UInt8]) throws -> Bool
}
