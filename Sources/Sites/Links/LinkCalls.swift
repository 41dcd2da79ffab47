public import Ledger

/// Calls between the control planes of two sites; they ride on whatever link there is, whoever dialled it.
///
/// - Retry: none; a lost link fails the call, and the call may have taken effect. Handlers are idempotent.
/// - Order: calls are independent of each other and of frames.
public protocol LinkCalls: Sendable {
    /// - Returns: the peer's answer.
    /// - Throws: `LinkFaults.lost` without a link or when it breaks; the peer's own fault by its number;
    ///   `LinkFaults.noAnswer` after 10 seconds; `CancellationError`.
    func call(_ method: String, _ body: [UInt8], of peer: SiteID) async throws -> [UInt8]

    /// Answers calls of this name from now on. Called while the site is put together, once a name.
    func serve(
        _ method: String,
        _ handler: @escaping @Sendable (_ caller: SiteID, _ body: [UInt8]) async throws -> [UInt8]
    )
}
