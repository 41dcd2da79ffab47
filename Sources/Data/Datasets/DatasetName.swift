public import Resources

/// How plans of jobs name a dataset: `NAME`, where no other dataset of the site has it, or `TENANT/PROJECT/NAME`; either
/// with `@JOB/TASK` for what a task of an earlier job has left of it, or of what another one had made of it.
public struct DatasetName: Sendable, Hashable {
    /// The longest text, in bytes.
    public static let longest = 320

    public let scope: Scope?
    public let name: String
    /// The job's ULID, which in a job's document may be a name; nil, as `task`, for the dataset itself.
    public let job: String?
    public let task: String?

    /// - Parameter text: nil comes of anything else.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        let words = Self.words(parts[0])
        guard words.count == 1 || words.count == 3, words.allSatisfy(Names.isValid) else { return nil }
        scope = words.count == 3 ? Scope(tenant: words[0], project: words[1]) : nil
        name = words[words.count - 1]
        guard parts.count == 2 else {
            (job, task) = (nil, nil)
            return
        }
        let maker = Self.words(parts[1])
        guard maker.count == 2, ULID.isValid(maker[0]) || Names.isValid(maker[0]), Names.isValid(maker[1]) else {
            return nil
        }
        (job, task) = (maker[0], maker[1])
    }

    /// Whether a text means to name what a task has left.
    public static func isOfTask(_ text: String) -> Bool { text.contains("@") }

    /// The dataset that the task read.
    public var source: String { scope.map { "\($0.tenant ?? "")/\($0.project ?? "")/\(name)" } ?? name }

    private static func words(_ text: Substring) -> [String] {
        text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }
}
