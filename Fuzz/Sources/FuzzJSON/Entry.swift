import Resources

/// What the JSON reader takes is written in the compact and in the pretty form, and both read back to the same value.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let value = try? JSONParser.parse(input) else { return 0 }
    let compact = JSONWriter.compact(value)
    guard let again = try? JSONParser.parse(compact) else { preconditionFailure("what was written cannot be read") }
    precondition(again == value)
    precondition(JSONWriter.compact(again) == compact)
    guard let pretty = try? JSONParser.parse(JSONWriter.pretty(value)) else {
        preconditionFailure("what was written for people cannot be read")
    }
    precondition(pretty == value)
    return 0
}
