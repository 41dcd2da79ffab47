import Faults
import Sites

/// Whatever a peer sends is a message or the one fault, and what is read as a message is written back as that message.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    do {
        guard let message = try LinkWire.message(input) else { return 0 }
        let written = try LinkWire.bytes(message)
        let again = try LinkWire.message(written)
        precondition(again == message)
    } catch {
        guard let fault = error as? Fault, fault.is(LinkFaults.malformed) else { fatalError("another error") }
    }
    return 0
}
