import Faults
import Resources

/// Waits until a resource whose deletion was asked for is gone.
struct DeletionWait: Sendable {
    private let client: APIClient
    private let target: DeletionTarget
    private let uid: String

    /// - Parameter uid: of the resource that is to go; another one of the same name does not count.
    init(_ client: APIClient, _ target: DeletionTarget, uid: String) {
        self.client = client
        self.target = target
        self.uid = uid
    }

    /// - Throws: `ResourceFaults.beingDeleted`, naming the finalizers, when it is still there after so many seconds.
    func run(seconds: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var pause = Duration.milliseconds(20)
        while true {
            let resource: JSONValue
            do {
                resource = try await client.get(target.path)
            } catch let fault as Fault where fault.is(ResourceFaults.notFound) {
                return
            }
            guard ResourceText(resource).uid == uid else { return }
            guard ContinuousClock.now + pause < deadline else {
                let finalizers = (resource["metadata"]?["finalizers"]?.array ?? []).compactMap(\.string)
                throw Fault(
                    ResourceFaults.beingDeleted,
                    "\(target.title) is still there after \(seconds) s.",
                    at: target.title,
                    wanted: finalizers.isEmpty ? nil : "the end of " + finalizers.joined(separator: ", "),
                    fix: "`atoll describe \(target.kind) \(target.name)` shows what it waits for."
                )
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(500))
        }
    }
}
