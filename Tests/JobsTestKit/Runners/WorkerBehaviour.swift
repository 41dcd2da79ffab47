/// What a worker of the suite does: its order to the probe, the program that the runner under test runs
/// (`Tests/Support/RunnerProbe`; in an image for pods).
public enum WorkerBehaviour: Sendable {
    /// Reads its whole order and ends.
    case finish(status: Int32)
    /// Sends itself a signal.
    case crash(signal: Int32)
    /// Does nothing, for ever.
    case sleep
    /// As `sleep`, but does not end when it is asked to; says `ignoring` first.
    case ignoreAsking
    /// Takes so much memory, holds it for a second, and ends.
    case eat(bytes: Int)
    /// Uses the processor so long, silently, and ends.
    case spin(seconds: Int)
    /// Writes lines `line 1 xxx…` to its standard error and fails with 3.
    case lines(count: Int, length: Int)
    /// Writes `digest N`, the FNV-1a hash of its order after the first line, to its standard error.
    case digest(of: [UInt8])
    /// Reads no more than the first line of its order, for ever.
    case deaf(bytes: Int)
    /// Writes what it has inherited to its standard error.
    case facts
    /// Starts two processes that sleep, one of them in a session of its own, writes `child N`, and sleeps.
    case family

    public var order: [UInt8] {
        switch self {
        case .finish(let status): Array("finish \(status)\n".utf8)
        case .crash(let signal): Array("crash \(signal)\n".utf8)
        case .sleep: Array("sleep\n".utf8)
        case .ignoreAsking: Array("ignore\n".utf8)
        case .eat(let bytes): Array("eat \(bytes)\n".utf8)
        case .spin(let seconds): Array("spin \(seconds)\n".utf8)
        case .lines(let count, let length): Array("lines \(count) \(length)\n".utf8)
        case .digest(let content): Array("digest\n".utf8) + content
        case .deaf(let bytes): Array("sleep\n".utf8) + [UInt8](repeating: 7, count: bytes)
        case .facts: Array("facts\n".utf8)
        case .family: Array("family\n".utf8)
        }
    }

    /// What `digest` answers.
    public static func line(ofDigest content: [UInt8]) -> String {
        var digest: UInt64 = 14_695_981_039_346_656_037
        for byte in content { digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211 }
        return "digest \(digest)"
    }
}
