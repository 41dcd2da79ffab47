import Resources
import Sites

/// A chain of certificates is refused, or names a site that is the hash of the root key it carries.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let announced = try? LeafAnnouncement(decoding: input) else { return 0 }
    precondition(announced.encoded == input)
    let now = Timestamp(milliseconds: 1_772_366_400_000)
    guard let identity = try? PresentedIdentity.verify(chain: announced.chain, now: now) else { return 0 }
    precondition(identity.rootKey.count == 91)
    precondition(identity.leafFingerprint.count == 32)
    precondition(identity.notAfter >= now)
    return 0
}
