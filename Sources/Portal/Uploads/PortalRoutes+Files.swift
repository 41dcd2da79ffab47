import API
import Faults
import HTTPTypes
import Hummingbird
import Resources

extension PortalRoutes {
    /// A form with a file that is sent to a path, as `form`: its fields come first, among them `name`, then the file, which
    /// becomes an upload of that name.
    ///
    /// - Parameter act: is given the fields, and the upload that is done or being checked.
    func fileForm(
        _ path: RouterPath, on page: @escaping PageMaker,
        _ act: @escaping @Sendable (_ visit: Visit, _ form: Form, _ upload: JSONValue) async throws -> Outcome
    ) {
        group.post(path) { [portal, api] request, context in
            try await Self.guarded(request, context, api, portal) { visit in
                if !visit.viewer.isKnown { return Self.toLogin(visit) }
                var typed = Form()
                return try await Self.finish(visit, on: page, portal) {
                    let upload = try await FileForm.take(visit, &typed)
                    return try await act(visit, typed, upload)
                } typed: {
                    typed
                }
            }
        }
    }
}
