import API
import Charts
import HTTPTypes
import Hummingbird
import People
import Resources

/// One request for a page: who asks, in which language, from which place of the institution, and the API to answer it
/// with.
struct Visit: Sendable {
    let request: Request
    let context: APIContext
    let look: Look
    let viewer: Viewer
    let api: SiteCalls
    /// What every form carries beside the cookie of the same value.
    let formToken: FormToken
    /// The tenant and the project that the page is about; the whole platform where the address names none and the viewer
    /// has a role there.
    let place: Scope
    /// What was done just before, to be said once.
    let said: Said?
    /// The parameters of the address, as forms write them: `+` is a space.
    let parameters: Form
    /// Why what was asked for was not done; nil for a page that was asked for itself.
    var problem: Refusal?
    /// What was typed into the form that could not be done.
    var typed = Form()

    /// - Throws: what the address names wrongly.
    init(_ request: Request, _ context: APIContext, api: InnerAPI) throws {
        self.request = request
        self.context = context
        let cookies = CookieJar(request)
        look = Look(request, cookies)
        viewer = Viewer(context.caller)
        self.api = SiteCalls(api: api, request: request, context: context)
        formToken = FormToken(cookies)
        said = cookies[Said.cookie].flatMap(Said.init(rawValue:))
        parameters = try Form(Array((request.uri.query ?? "").utf8))
        let asked = Scope(tenant: parameters.filled("tenant"), project: parameters.filled("project"))
        for name in [asked.tenant, asked.project].compactMap(\.self) { try Names.check(name, at: "address") }
        place = asked.tenant == nil ? viewer.home : asked
    }

    /// A parameter of the address; nil when it is absent or empty.
    func query(_ name: String) -> String? { parameters.filled(name) }

    /// A part of the path, as its route names it.
    func part(_ name: String) throws -> String { try context.parameters.require(name) }

    var language: Language { look.language }

    /// Whether a form or a link is worth showing: the API decides when it is used.
    func may(_ permission: Permission) -> Bool { viewer.may(permission, in: place) }

    /// An address in the portal that keeps the place.
    func link(_ path: String, _ query: [(String, String?)] = []) -> String {
        address(path, placed(query))
    }

    /// The API's address of the same place.
    func placed(_ query: [(String, String?)] = []) -> [(String, String?)] {
        query + (query.contains { $0.0 == "tenant" } ? [] : [("tenant", place.tenant), ("project", place.project)])
    }

    /// The address that was asked for. After a form it is the form's, which need not have a page.
    var here: String { request.uri.string }

    /// Where those are who have not come in yet, and else the home page.
    var entrance: String { ["/login", "/first-administrator"].contains(request.uri.path) ? request.uri.path : "/" }

    /// With what a form could not do.
    func failing(_ problem: Refusal, typed: Form) -> Visit {
        var visit = self
        visit.problem = problem
        visit.typed = typed
        return visit
    }
}

/// A path with its query; parameters without a value are left out.
func address(_ path: String, _ query: [(String, String?)]) -> String {
    let pairs = query.compactMap { name, value in
        value.flatMap { $0.isEmpty ? nil : "\(encoded(name))=\(encoded($0))" }
    }
    return pairs.isEmpty ? path : path + (path.contains("?") ? "&" : "?") + pairs.joined(separator: "&")
}

/// Percent-encoded, so that it is one part of a path or one value of a query (RFC 3986, 2.3).
func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            result += "%" + (digits.count == 1 ? "0" : "") + digits
        }
    }
    return result
}
