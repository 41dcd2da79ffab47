/// Makes one resource so: reads what is wanted, looks at what is there, takes the next steps, writes what it saw to the
/// status.
///
/// Level-triggered: it is told which resource to look at and never what happened to it, and holds no truth of its own.
/// It may be called at any time, again, and after having been killed at any point, so each step must be one that can be
/// repeated. The controller never calls it for one id twice at a time.
public protocol Reconciler: Sendable {
    /// - Parameter id: the resource may be gone: then there is nothing to do, or what is left of it to clear away.
    /// - Returns: whether to come back without being asked by a change.
    /// - Throws: anything; the controller calls again after a back-off. A `conflict` needs no care.
    func reconcile(_ id: ResourceID) async throws -> Reconciliation
}

/// What a reconciler wants next.
public enum Reconciliation: Sendable, Hashable {
    /// Nothing until something changes.
    case done
    /// Look again after this time, or earlier when something changes.
    case again(after: Duration)
}
