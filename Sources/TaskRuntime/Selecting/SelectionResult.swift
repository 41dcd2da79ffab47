public import Faults
public import Modeling

/// What `select` leaves at a party: `ATLC`, a version byte 1, 32 bytes of the digest of the weights of evidence that were looked
/// at, then the selection. Big-endian.
public struct SelectionResult: Sendable, Hashable {
    public let woe: ModelDigest
    public let selection: Selection

    private static let magic: [UInt8] = Array("ATLC".utf8) + [1]

    init(woe: ModelDigest, selection: Selection) {
        self.woe = woe
        self.selection = selection
    }

    public var bytes: [UInt8] {
        var writer = WireWriter()
        writer.put(Self.magic)
        writer.put(woe.bytes)
        writer.put(selection.bytes)
        return writer.bytes
    }

    /// - Throws: `WoeFaults.selectionUnusable`.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = WireReader(bytes, or: WoeFaults.selectionUnusable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw Fault(WoeFaults.selectionUnusable) }
        woe = try ModelDigest(bytes: try reader.block(32))
        do throws(Fault) {
            selection = try Selection(bytes: reader.rest())
        } catch {
            throw Fault(WoeFaults.selectionUnusable)
        }
    }
}

extension WoePart {
    /// The weights of evidence that a task has left at a party.
    ///
    /// - Parameter place: 0 for the guest.
    /// - Throws: `TaskFaults.dataMissing`, `WoeFaults.resultUnusable`.
    static func left(by task: String, place: Int, _ data: TaskData) throws(Fault) -> WoePart {
        let bytes = try data.result(task)
        return place == 0 ? try WoeGuestResult(bytes: bytes).part : try WoeHostResult(bytes: bytes).part
    }

    /// The columns that a selection keeps; nil where the task has none.
    ///
    /// - Throws: `WoeFaults.selectionUnusable` for a selection of other weights of evidence.
    func selected(by task: String, _ data: TaskData) throws(Fault) -> [String]? {
        guard !task.isEmpty else { return nil }
        let result = try SelectionResult(bytes: try data.result(task))
        guard result.woe == digest() else { throw Fault(WoeFaults.selectionUnusable, at: "selection") }
        return result.selection.kept
    }
}
