/// Names of temporary files.
enum ScratchName {
    static func fresh(_ what: String) -> String {
        "atoll-\(what)-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
    }
}
