import Foundation

/// What the system says of another process.
public enum SystemProcess {
    /// Processes that it has started and not yet waited for.
    public static func children(of process: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.flatMap { thread -> [Int32] in
            let path = "/proc/\(process)/task/\(thread)/children"
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Resident bytes now, and the most there were.
    ///
    /// - Throws: `BenchFailure` when there is no such process.
    public static func memory(of process: Int32) throws -> (now: Double, most: Double) {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n")
        func bytes(_ field: String) throws -> Double {
            guard let line = lines.first(where: { $0.hasPrefix(field + ":") }),
                let kilobytes = Double(line.filter(\.isNumber))
            else { throw BenchFailure("no \(field) of process \(process)") }
            return kilobytes * 1024
        }
        return (try bytes("VmRSS"), try bytes("VmHWM"))
    }
}
