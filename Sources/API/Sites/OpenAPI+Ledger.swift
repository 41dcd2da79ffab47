import Resources

extension OpenAPI {
    /// The paths of the ledger.
    static var ledgerPaths: [String: JSONValue] {
        let object: JSONValue = ["type": "object"]
        let (job, peer) = (parameter("job"), parameter("peer"))
        let number: JSONValue = ["type": "integer", "minimum": 0]
        return [
            "/api/v1/ledger": [
                "get": operation("ledger", "What crossed, by job and peer.", parameters: [job, peer], answer: items)
            ],
            "/api/v1/ledger/lines": [
                "get": operation(
                    "ledgerLines", "Lines of one chain.",
                    parameters: [job, peer, parameter("after", number), parameter("limit", number)], answer: items)
            ],
            "/api/v1/ledger/export": [
                "get": operation(
                    "exportLedger", "JSON lines that `atoll ledger verify` and tools/verify_ledger.py check.",
                    parameters: [job, peer, parameter("withSalts", ["type": "boolean"])], answer: object,
                    types: ["application/x-ndjson"])
            ],
            "/api/v1/ledger/verify": [
                "post": operation("verifyLedger", "Check everything.", parameters: [], answer: object)
            ],
        ]
    }
}
