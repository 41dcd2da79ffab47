public import Resources

extension LedgerReader.Chain {
    /// As the API answers.
    public var json: JSONValue {
        [
            "peer": .string(peer.text), "job": .string(job), "lines": ExportObject.count(lines),
            "closed": .bool(isClosed), "signedLines": ExportObject.count(signedLines),
            "signedAt": signedAt.map { .string($0.description) } ?? .null, "waiting": .bool(isWaiting),
            "refusals": ExportObject.count(refusals), "flows": .array(flows.map(\.json)),
        ]
    }
}
