import Faults

/// What is read as a fault's number is written back as `ATL-` and four digits, and these are the same number again.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    guard let number = FaultNumber(text) else { return 0 }
    precondition(FaultNumber(number.description) == number)
    precondition(number.description.utf8.count == 8)
    precondition(text.utf8.count != 8 || text.uppercased() == number.description)
    return 0
}
