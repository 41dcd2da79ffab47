/// Holds the chains of the two ends of one job against each other.
enum ChainComparison {
    static func findings(_ one: VerifiedChain, _ other: VerifiedChain) -> [LedgerFinding] {
        let place = "job \(one.book.job), sites \(one.book.site.short) and \(other.book.site.short)"
        if one.isBroken || other.isBroken {
            return [LedgerFinding(place: place, what: "One of the chains is broken, so they are not compared.")]
        }
        var findings: [LedgerFinding] = []
        for (sender, receiver) in [(one, other), (other, one)] {
            for (key, channel) in receiver.book.channels where key.direction == .received {
                let sent = ChannelKey(task: key.task, direction: .sent)
                guard let first = difference(sent, sender, key, receiver, count: channel.count) else { continue }
                findings.append(
                    LedgerFinding(
                        place: "\(place), task \(key.task), frame \(first)",
                        what: "\(receiver.book.site) received another frame than \(sender.book.site) recorded as sent.")
                )
            }
            if let finding = statements(of: sender, in: receiver, place) { findings.append(finding) }
        }
        return findings
    }

    /// The first sequence number of which the receiver has what the sender never sent. Each hash covers all before it,
    /// so what is equal at one number is equal below it: the border is found by halving.
    private static func difference(
        _ sent: ChannelKey, _ sender: VerifiedChain, _ received: ChannelKey, _ receiver: VerifiedChain, count: UInt64
    ) -> UInt64? {
        func isEqual(_ sequence: UInt64) -> Bool {
            guard let agreement = receiver.agreement(received, sequence) else { return false }
            return sender.holds(sent, count: sequence + 1, agreement: agreement)
        }
        if count == 0 || isEqual(count - 1) { return nil }
        var (low, high) = (UInt64(0), count - 1)
        while low < high {
            let middle = low + (high - low) / 2
            if isEqual(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Statements of one end that the other's lines contradict. That the other does not hold a statement it has signed
    /// is no contradiction: the message with both signatures may have been lost.
    private static func statements(
        of one: VerifiedChain, in other: VerifiedChain, _ place: String
    ) -> LedgerFinding? {
        for item in one.statements {
            guard let end = item.statement.end(of: other.book.site), other.hash(after: end.lines) != end.head else {
                continue
            }
            return LedgerFinding(
                place: "\(place), line \(item.line) of \(one.book.site.short)",
                what: "\(other.book.site) has signed a head that its chain does not have.")
        }
        return nil
    }
}
