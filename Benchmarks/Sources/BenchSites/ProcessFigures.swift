import Foundation
import Synchronization

/// Figures of this process from the system.
public enum ProcessFigures {
    /// Resident bytes at this moment.
    public static var resident: Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
    }

    /// Seconds of processor time of all threads.
    public static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The most resident bytes while the body runs, looked at every 2 ms.
    public static func peakResident(_ body: () async throws -> Void) async throws -> Int {
        let peak = Mutex(resident)
        let isOver = Mutex(false)
        async let watching: Void = {
            while !isOver.withLock({ $0 }) {
                let now = resident
                peak.withLock { $0 = max($0, now) }
                try? await Task.sleep(for: .milliseconds(2))
            }
        }()
        do {
            try await body()
        } catch {
            isOver.withLock { $0 = true }
            throw error
        }
        isOver.withLock { $0 = true }
        await watching
        return peak.withLock { $0 }
    }
}
