import Resources

/// Documents are read or refused, never worse; what is read is written as YAML that reads back to the same value, and
/// goes through admission, which must not fail otherwise than by a fault.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let documents = try? YAMLReader.documents(input, file: "input.yaml") else { return 0 }
    for document in documents {
        let text = YAMLWriter.write(document.value)
        guard let again = try? YAMLReader.documents(Array(text.utf8)) else {
            preconditionFailure("what was written cannot be read")
        }
        precondition(again.map(\.value) == [document.value])
        _ = document.locate("metadata.name")
    }
    return 0
}
