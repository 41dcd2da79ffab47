import Faults
import HTTPTypes
import Hummingbird
import NIOCore

/// Writes pages as answers, with the headers that keep a browser from doing anything that a page does not say.
struct PageWriter {
    let portal: Portal

    func response(_ page: Page, _ visit: Visit, status: HTTPResponse.Status = .ok) throws -> Response {
        var headers = Self.safety
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.contentLanguage] = visit.language.tag
        headers[.cacheControl] = "no-store"
        headers[.vary] = "Accept-Encoding, Accept-Language, Cookie"
        if visit.formToken.isNew {
            headers.append(.init(name: .setCookie, value: visit.formToken.cookieField))
        }
        if visit.said != nil { headers.append(.init(name: .setCookie, value: Said.endedField)) }
        var bytes = Array(Layout(portal: portal, visit: visit, page: page).text.utf8)
        if bytes.count >= Gzip.least, Gzip.isTaken(visit.request) {
            bytes = Gzip.compress(bytes, level: 1)
            headers[.contentEncoding] = "gzip"
        }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A page that says why there is nothing to see.
    func refusal(_ refusal: Refusal, _ visit: Visit) throws -> Response {
        let title: Words =
            switch refusal.status {
            case 403: Words("Not allowed", "没有权限")
            case 404: Words("Not found", "未找到")
            case 400..<500: Words("This cannot be done", "无法执行")
            default: Words("Something went wrong", "出现错误")
            }
        let page = Page(title, in: .none) {
            tag("p") { tag("a", .class("button"), .href(visit.link("/"))) { Words("To the home page", "返回首页") } }
        }
        return try response(
            page, visit.failing(refusal, typed: Form()), status: .init(code: refusal.status))
    }

    /// Content Security Policy Level 3: everything from this site, nothing inline, in no frame.
    private static let safety: HTTPFields = [
        .contentSecurityPolicy: "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
            + "object-src 'none'",
        .xContentTypeOptions: "nosniff",
        HTTPField.Name("Referrer-Policy")!: "same-origin",
        HTTPField.Name("Cross-Origin-Opener-Policy")!: "same-origin",
        HTTPField.Name("Cross-Origin-Resource-Policy")!: "same-origin",
    ]
}
