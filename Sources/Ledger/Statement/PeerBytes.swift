public import Faults

/// The decoders that face a peer, for fuzzing: each message that is read is written again with the same bytes.
public enum PeerBytes {
    /// - Returns: what the bytes are read as and written back, for each of the three messages that they are.
    /// - Throws: never anything but `LedgerFaults.malformedStatement`, when they are none of them.
    public static func rewritten(_ bytes: [UInt8]) throws(Fault) -> [[UInt8]] {
        var results: [[UInt8]] = []
        var last: Fault?
        do throws(Fault) { results.append(try LedgerProposal(bytes).bytes) } catch { last = error }
        do throws(Fault) { results.append(try LedgerStatement(bytes).bytes) } catch { last = error }
        for count in 1...2 {
            do throws(Fault) {
                results.append(try StatementMessage(bytes, signatures: count).bytes)
            } catch {
                last = error
            }
        }
        if results.isEmpty, let last { throw last }
        return results
    }
}
