import Faults
import WorkerSocket

/// Whatever arrives on the workers' socket ends in messages or in a fault; a message that was taken is written back to
/// the bytes it came from. Both ends read with the same code.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    var reader = MessageReader(Input(bytes: input[...]))
    var position = 0
    do {
        while let message = try reader.next() {
            let (head, body) = message.encoded()
            let end = position + head.count + body.count
            precondition(end <= input.count && Array(input[position..<end]) == head + body, "another form")
            position = end
        }
        precondition(position == input.count, "bytes were lost")
    } catch {
        precondition(error is Fault, "an error without a number")
    }
    return 0
}

private struct Input: ByteSource {
    var bytes: ArraySlice<UInt8>

    mutating func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        let piece = bytes.prefix(target.count)
        target.copyBytes(from: piece)
        bytes = bytes.dropFirst(piece.count)
        return piece.count
    }
}
