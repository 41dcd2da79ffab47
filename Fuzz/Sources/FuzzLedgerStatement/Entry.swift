import Faults
import Ledger

/// Proposals, statements and signed statements of a peer: read strictly, so what is read is written with the same bytes.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    do throws(Fault) {
        for written in try PeerBytes.rewritten(input) { precondition(written == input) }
    } catch {
        precondition(error.is(LedgerFaults.malformedStatement))
    }
    return 0
}
