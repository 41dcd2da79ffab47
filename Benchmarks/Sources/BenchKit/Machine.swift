#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The machine a bench ran on, as far as it explains the figures.
public struct Machine: Sendable, Equatable, Encodable {
    /// The processor's own name, or `unknown`.
    public let cpu: String
    /// Logical processors that this process may use.
    public let cores: Int
    /// Arithmetic kernels in use, the chosen one first; empty for a bench without arithmetic.
    public let kernels: [String]

    public init(cpu: String, cores: Int, kernels: [String]) {
        self.cpu = cpu
        self.cores = cores
        self.kernels = kernels
    }

    /// This machine, read from `/proc/cpuinfo`.
    public static func this(kernels: [String] = []) -> Machine {
        let text = FileManager.default.contents(atPath: "/proc/cpuinfo").map { String(decoding: $0, as: UTF8.self) }
        return Machine(
            cpu: text.flatMap(cpu(inCPUInfo:)) ?? "unknown",
            cores: ProcessInfo.processInfo.activeProcessorCount,
            kernels: kernels
        )
    }

    /// The `model name` (or, on arm64, the implementer and part) out of the text of `/proc/cpuinfo`. A virtual
    /// machine's name is often short, so family and model stand behind it.
    static func cpu(inCPUInfo text: String) -> String? {
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let sides = line.split(separator: ":", maxSplits: 1).map { $0.trimmed }
            if sides.count == 2, fields[sides[0]] == nil { fields[sides[0]] = sides[1] }
        }
        if let name = fields["model name"] {
            guard let family = fields["cpu family"], let model = fields["model"] else { return name }
            return "\(name) (family \(family) model \(model))"
        }
        guard let implementer = fields["CPU implementer"] else { return nil }
        return "arm64 implementer \(implementer) part \(fields["CPU part"] ?? "unknown")"
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var slice = self
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return String(slice)
    }
}
