import Faults

/// Changes that read again and repeat after a conflict: what controllers and services write with.
extension ResourceStore {
    /// Reads the resource, changes it and updates it; after a conflict again, up to 50 times with short pauses.
    ///
    /// - Parameter change: may be called several times, each time with the resource as it is stored then. Its status is
    ///   not written. Changing nothing writes nothing.
    /// - Throws: what `get` and `update` throw; `ResourceFaults.conflict` when others were faster every time; what
    ///   `change` throws, and then nothing is written.
    @discardableResult
    public func modify(
        _ id: ResourceID,
        by note: ChangeNote,
        _ change: (inout Resource) throws -> Void
    ) async throws -> Resource {
        try await repeating(id, change) { try await update($0, by: note) }
    }

    /// As `modify`, but writes the status alone.
    @discardableResult
    public func modifyStatus(_ id: ResourceID, _ change: (inout Resource) throws -> Void) async throws -> Resource {
        try await repeating(id, change) { try await updateStatus($0) }
    }

    /// Sets a condition in the status; writes nothing when it is there already.
    @discardableResult
    public func set(_ condition: Condition, on id: ResourceID) async throws -> Resource {
        try await modifyStatus(id) { $0.set(condition) }
    }

    /// Has the resource wait for a clean-up before it vanishes. To be called before the first thing that needs it.
    ///
    /// - Returns: the resource; `isBeingDeleted` without the finalizer when it was too late.
    @discardableResult
    public func addFinalizer(_ name: String, to id: ResourceID, by note: ChangeNote) async throws -> Resource {
        try await modify(id, by: note) { resource in
            if resource.isBeingDeleted || resource.metadata.finalizers.contains(name) { return }
            resource.metadata.finalizers.append(name)
        }
    }

    /// Says that the clean-up is done; the resource is gone after that if no other is outstanding. A resource that is
    /// gone already is no error.
    public func removeFinalizer(_ name: String, from id: ResourceID, by note: ChangeNote) async throws {
        do {
            try await modify(id, by: note) { $0.metadata.finalizers.removeAll { $0 == name } }
        } catch let fault as Fault where fault.is(ResourceFaults.notFound) {}
    }

    private func repeating(
        _ id: ResourceID,
        _ change: (inout Resource) throws -> Void,
        _ write: (Resource) async throws -> Resource
    ) async throws -> Resource {
        var pause = Backoff(least: .zero, first: .milliseconds(1), most: .milliseconds(50))
        while true {
            var resource = try await get(id)
            try change(&resource)
            do {
                return try await write(resource)
            } catch let fault as Fault where fault.is(ResourceFaults.conflict) && pause.failures < 50 {
                try await Task.sleep(for: pause.next())
            }
        }
    }
}
