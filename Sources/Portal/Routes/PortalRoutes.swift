import API
import Faults
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// The only way by which pages come into being: each GET is a page that can be kept as a bookmark, each change a form that
/// carries the token of its browser, and what goes wrong is a page too.
struct PortalRoutes {
    let group: RouterGroup<APIContext>
    let api: InnerAPI
    let portal: Portal

    typealias PageMaker = @Sendable (Visit) async throws -> Page
    /// - Parameter form: as it was sent; the token in it was looked at before.
    typealias Action = @Sendable (Visit, Form) async throws -> Outcome

    /// How an action ended well.
    enum Outcome: Sendable {
        /// 303, so that a reload does nothing again.
        case seeOther(String, said: Said?, cookies: [String] = [])
        /// A page that is shown once, such as one with a secret that nothing keeps.
        case page(Page)

        static func to(_ path: String, _ said: Said? = nil) -> Outcome { .seeOther(path, said: said) }
    }

    enum Entry: Sendable {
        /// Whoever is not known logs in first.
        case known
        case anybody
    }

    /// A page at a path, such as `data/:name`.
    func page(_ path: RouterPath, for entry: Entry = .known, _ make: @escaping PageMaker) {
        group.get(path) { [portal, api] request, context in
            try await Self.guarded(request, context, api, portal) { visit in
                if case .known = entry, !visit.viewer.isKnown { return Self.toLogin(visit) }
                return try PageWriter(portal: portal).response(try await make(visit), visit)
            }
        }
    }

    /// What is no page: a download, a redirect.
    func file(_ path: RouterPath, _ make: @escaping @Sendable (Visit) async throws -> Response) {
        group.get(path) { [portal, api] request, context in
            try await Self.guarded(request, context, api, portal) { visit in
                guard visit.viewer.isKnown else { return Self.toLogin(visit) }
                var response = try await make(visit)
                // Whatever a file holds, a browser that shows it runs nothing of it.
                response.headers[.xContentTypeOptions] = "nosniff"
                if response.headers[.contentSecurityPolicy] == nil {
                    response.headers[.contentSecurityPolicy] =
                        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                        + "frame-ancestors 'none'"
                }
                return response
            }
        }
    }

    /// A form that is sent to a path.
    ///
    /// - Parameters:
    ///   - page: on which the form stands; shown again with the problem and what was typed when the action throws a
    ///     `Refusal` or a `Fault`.
    ///   - act: what the form asks for.
    func form(
        _ path: RouterPath, on page: @escaping PageMaker, for entry: Entry = .known, _ act: @escaping Action
    ) {
        group.post(path) { [portal, api] request, context in
            try await Self.guarded(request, context, api, portal) { visit in
                if case .known = entry, !visit.viewer.isKnown { return Self.toLogin(visit) }
                let bytes = try await request.formBytes()
                let form = try Form(bytes)
                return try await Self.finish(visit, on: page, portal) {
                    try visit.check(form)
                    return try await act(visit, form)
                } typed: {
                    form
                }
            }
        }
    }

    /// The answer to a form: how its action ended well, or the page that it stands on with the problem and what was typed.
    ///
    /// - Parameter typed: as far as it was read when the action ended.
    static func finish(
        _ visit: Visit, on page: PageMaker, _ portal: Portal, _ act: () async throws -> Outcome, typed: () -> Form
    ) async throws -> Response {
        do {
            switch try await act() {
            case .seeOther(let path, let said, let cookies):
                var response = seeOther(path)
                if let said { response.headers.append(.init(name: .setCookie, value: said.cookieField)) }
                for cookie in cookies { response.headers.append(.init(name: .setCookie, value: cookie)) }
                return response
            case .page(let page): return try PageWriter(portal: portal).response(page, visit)
            }
        } catch let error where error is Refusal || error is Fault {
            let refusal = (error as? Refusal) ?? (error as? Fault).map(Refusal.init)!
            if refusal.status == 401 { throw refusal }
            let again = visit.failing(refusal, typed: typed())
            return try PageWriter(portal: portal).response(
                try await page(again), again, status: .init(code: refusal.status))
        }
    }

    /// Every other address says in a page that there is nothing.
    func closeWithNotFound() {
        group.get("**") { [portal, api] request, context in
            guard !request.uri.path.hasPrefix("/api/") else { throw HTTPError(.notFound) }
            return try await Self.guarded(request, context, api, portal) { visit in
                throw Refusal(
                    Fault(
                        ProgramFaults.noSuchRoute, "There is no page \(request.uri.path.prefix(200)).", at: "address",
                        fix: "Go to the home page."))
            }
        }
    }

    /// Turns whatever goes wrong into a page.
    static func guarded(
        _ request: Request, _ context: APIContext, _ api: InnerAPI, _ portal: Portal,
        _ body: (Visit) async throws -> Response
    ) async throws -> Response {
        let visit: Visit
        do {
            visit = try Visit(request, context, api: api)
        } catch let fault as Fault {
            // An address that names no place: without it the page can say so.
            var head = request.head
            head.path = "/"
            let bare = try Visit(Request(head: head, body: request.body), context, api: api)
            return try PageWriter(portal: portal).refusal(Refusal(fault), bare)
        }
        do {
            return try await body(visit)
        } catch let refusal as Refusal {
            if refusal.status == 401, !visit.viewer.isKnown { return toLogin(visit) }
            return try PageWriter(portal: portal).refusal(refusal, visit)
        } catch let fault as Fault {
            return try PageWriter(portal: portal).refusal(Refusal(fault), visit)
        } catch let error as CancellationError {
            throw error
        } catch {
            context.logger.error("page failed", metadata: ["error": "\(type(of: error))"])
            return try PageWriter(portal: portal).refusal(Refusal(Fault(ProgramFaults.unexpected)), visit)
        }
    }

    /// Back to the page after the login; a form that was sent meanwhile is not sent again.
    static func toLogin(_ visit: Visit) -> Response {
        let next = visit.request.method == .get ? visit.here : "/"
        return seeOther(next == "/" ? "/login" : address("/login", [("next", next)]))
    }

    static func seeOther(_ path: String) -> Response {
        // Only addresses of this site: anything else goes home.
        Response(
            status: .seeOther, headers: [.location: isLocal(path) ? path : "/", .cacheControl: "no-store"])
    }
}

extension Visit {
    /// - Throws: `RequestFaults.formToken` for a form that does not come from this browser's own page.
    func check(_ form: Form) throws(Fault) {
        guard formToken.isIn(form.whole(Form.token) ?? "") else {
            throw Fault(RequestFaults.formToken, at: "form")
        }
    }
}

extension Form {
    /// The key of the form, under which the API does the request once.
    var key: String? { self[Form.key] }
}

extension Request {
    fileprivate func formBytes() async throws -> [UInt8] {
        do {
            return Array(buffer: try await body.collect(upTo: Form.mostBytes))
        } catch is NIOTooManyBytesError {
            throw Fault(ResourceFaults.tooLarge, at: "request body", wanted: "at most \(Form.mostBytes) bytes")
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Fault(ProgramFaults.badRequest, "The body does not come to its end.", at: "request body")
        }
    }
}
