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
                do {
                    let upload = try await FileForm.take(visit, &typed)
                    switch try await act(visit, typed, upload) {
                    case .seeOther(let path, let said, _):
                        var response = Self.seeOther(path)
                        if let said { response.headers.append(.init(name: .setCookie, value: said.cookieField)) }
                        return response
                    case .page(let page): return try PageWriter(portal: portal).response(page, visit)
                    }
                } catch let error where error is Refusal || error is Fault {
                    let refusal = (error as? Refusal) ?? (error as? Fault).map(Refusal.init)!
                    if refusal.status == 401 { throw refusal }
                    let again = visit.failing(refusal, typed: typed)
                    return try PageWriter(portal: portal).response(
                        try await page(again), again, status: .init(code: refusal.status))
                }
            }
        }
    }
}
