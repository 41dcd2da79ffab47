import Sites

/// What is read as a join code is written as one that reads back the same; what is read as a message of joining is
/// written as the same bytes, and its body reads back to the same value. Everything else is refused.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    if let code = try? JoinCode(String(decoding: input, as: UTF8.self)) {
        guard let again = try? JoinCode(code.text) else { preconditionFailure("what was written cannot be read") }
        precondition(again == code)
    }
    if let message = try? JoinMessage(decoding: input) {
        precondition(message.encoded == input)
    }
    if let body = try? JoinBody(decoding: input) {
        guard let again = try? JoinBody(decoding: body.encoded) else {
            preconditionFailure("what was written cannot be read")
        }
        precondition(again == body)
    }
    return 0
}
