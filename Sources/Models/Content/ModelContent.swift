import Faults
import Modeling
import TaskRuntime

/// What is kept of a version at this site, read.
enum ModelContent {
    /// The structure, the guest's part, and the digests of the hosts' parts.
    case guest(BoostGuestResult)
    /// A host's part alone.
    case host(BoostHostResult)
    /// Everything.
    case whole(JoinedModel)

    /// - Parameter result: what the training handed over.
    /// - Throws: `TaskFaults.resultUnreadable`, `BoostFaults.modelUnusable`.
    init(result: [UInt8], whole: [UInt8]? = nil) throws(Fault) {
        if let whole {
            self = .whole(try JoinedModel(bytes: whole))
            return
        }
        let output = try TaskResult(decoding: result).output
        if let host = try? BoostHostResult(bytes: output) {
            self = .host(host)
        } else {
            self = .guest(try BoostGuestResult(bytes: output))
        }
    }

    /// As much of the model as is here; nil at a host, who has no structure.
    var model: BoostedModel? {
        switch self {
        case .guest(let result): result.model
        case .host: nil
        case .whole(let joined): joined.model
        }
    }

    /// The part of the party whose site this is.
    var part: ModelPart {
        switch self {
        case .guest(let result): result.model.parts[0]
        case .host(let result): result.part
        case .whole(let joined): joined.model.parts[0]
        }
    }

    var partDigest: ModelDigest {
        if case .host(let result) = self { return result.part.digest(salt: result.salt) }
        return part.digest()
    }

    /// Of the whole model; nil at a host.
    var digest: ModelDigest? {
        switch self {
        case .guest(let result): result.digest
        case .host: nil
        case .whole(let joined): joined.digest
        }
    }

    /// The bytes in which it is kept (`docs/protocols/boosting.md`, `docs/protocols/model-join.md`).
    var bytes: [UInt8] {
        switch self {
        case .guest(let result): result.bytes
        case .host(let result): result.bytes
        case .whole(let joined): joined.bytes
        }
    }
}
