import Faults
import WorkerSocket

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads what an earlier task has left from the file that the worker was started with.
enum ResultFile {
    /// The whole file, wherever its descriptor stands; the descriptor stays open.
    ///
    /// - Parameter reference: for the fault's place.
    /// - Throws: `TaskFaults.dataMissing` for what cannot be read; `.resultTooLarge` beyond what a task may leave.
    static func read(_ descriptor: Int32, of reference: String) throws(Fault) -> [UInt8] {
        let place = "result \(reference)"
        let most = WorkerSocket.maximumPayload
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        var count = 0
        while true {
            if count == bytes.count {
                bytes.append(contentsOf: [UInt8](repeating: 0, count: min(count, most + 1 - count)))
            }
            let start = count
            let found = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress! + start, buffer.count - start, off_t(start))
            }
            if found < 0, errno == EINTR { continue }
            guard found >= 0 else { throw Fault(TaskFaults.dataMissing, at: place) }
            if found == 0 { break }
            count += found
            guard count <= most else { throw Fault(TaskFaults.resultTooLarge, at: place) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
