import Faults
import PrivateSetIntersection

private let plan = ExchangePlan(guestRows: 3, hostRows: 3, disclosure: .both)

private let party: PartExchange = {
    let identifiers = PartIdentifiers(
        part: 0, of: plan, binding: ExchangeBinding(digest: [UInt8](repeating: 7, count: 32)))
    // An empty set cannot be too large.
    return try! PartExchange(identifiers, plan: plan, party: 0, kernel: CurveKernel.available[0])
}()

/// What a peer sends in an alignment, and what a plan says of key columns: by the first byte, points, tags or rules.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let kind = input.first else { return 0 }
    let payload = Array(input.dropFirst())
    var party = party
    do throws(Fault) {
        switch kind % 3 {
        case 0:
            try party.take(points: payload, frame: 0)
            precondition(payload.count == 96 && party.tags(frame: 0).count == 3 * plan.tagBytes)
        case 1:
            try party.take(tags: payload, frame: 0)
            precondition(payload.count == 3 * plan.tagBytes && party.outcome().count == 0)
        default:
            let texts = payload.split(separator: 0, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            let rules = try KeyRules(parsing: texts[0])
            var keys = texts.dropFirst().prefix(rules.rules.count).map(Optional.init)
            keys += [String?](repeating: nil, count: rules.rules.count - keys.count)
            // An id begins with the length of its first key, which is never empty.
            if let id = rules.identifier(of: keys) { precondition(id.count > 4 * rules.rules.count) }
        }
    } catch {
        let entries = [AlignFaults.messageMalformed, AlignFaults.pointUnusable, AlignFaults.keyRuleUnknown]
        precondition(entries.contains { error.is($0) })
    }
    return 0
}
