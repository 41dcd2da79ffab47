public import Faults

/// How a worker ended.
public enum WorkerEnd: Sendable, Equatable {
    /// The task is done here and its result was given to the gateway.
    case done
    /// The task failed: the gateway was told, or told the worker.
    case failed(Fault)
    /// The order is no good; nobody was told.
    case refused(Fault)
    /// The gateway could not be reached, or its connection broke.
    case lost(Fault)
    /// Told to stop.
    case cancelled

    /// The exit status of `atoll worker`, in the numbers of sysexits where they have one.
    public var status: Int32 {
        switch self {
        case .done: 0
        case .failed: 1
        case .refused: 65
        case .lost: 69
        case .cancelled: 75
        }
    }

    public var fault: Fault? {
        switch self {
        case .failed(let fault), .refused(let fault), .lost(let fault): fault
        case .done, .cancelled: nil
        }
    }
}
