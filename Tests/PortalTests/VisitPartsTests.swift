import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Portal

@Suite struct VisitPartsTests {
    @Test(arguments: [
        ("zh-CN,zh;q=0.9,en;q=0.8", Language.chinese), ("en-GB,en;q=0.9,zh;q=0.8", .english), ("de", .english),
        ("de, zh-TW;q=0.5", .chinese), ("zh;q=0, en;q=0.1", .english), ("", .english), ("zhx", .english),
        ("en;q=0.5, zh;q=0.5", .english),
    ])
    func theLanguageIsTheReaders(_ header: String, _ language: Language) {
        #expect(Look.preferred(header) == language)
    }

    @Test func formsAreRead() throws {
        let form = try Form(Array("a=1&b=x+y%26z&a=2&e=&l=1%0D%0A2&=&n".utf8))
        #expect(form["a"] == "1")
        #expect(form.all("a") == ["1", "2"])
        #expect(form["b"] == "x y&z")
        #expect(form["e"] == nil)
        #expect(form.whole("e") == "")
        #expect(form.whole("l") == "1\n2")
        #expect(form.whole("n") == "")
        #expect(form["absent"] == nil)
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%ff", "%C3=1"])
    func whatIsNoFormIsRefused(_ text: String) {
        #expect(throws: (any Error).self) { try Form(Array(text.utf8)) }
    }

    @Test func anyBytesAreReadOrRefused() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
                [UInt8(ascii: "%"), UInt8(ascii: "="), UInt8(ascii: "&"), .random(in: 0...255, using: &random)]
                    .randomElement(using: &random)!
            }
            _ = try? Form(bytes)
        }
    }

    private func cookies(_ header: String) -> CookieJar {
        CookieJar(
            Request(
                head: HTTPRequest(
                    method: .get, scheme: nil, authority: nil, path: "/", headerFields: [.cookie: header]),
                body: RequestBody(buffer: ByteBuffer())))
    }

    @Test func theTokenOfAFormIsThatOfItsBrowser() throws {
        let new = FormToken(cookies(""))
        #expect(new.isNew)
        #expect(!new.isIn(new.masked), "a browser without the cookie has sent no form of ours")
        let pair = try #require(new.cookieField.split(separator: ";").first)
        let known = FormToken(cookies(String(pair)))
        #expect(!known.isNew)
        let (one, other) = (known.masked, known.masked)
        #expect(one != other, "each form has a mask of its own")
        #expect(known.isIn(one))
        #expect(known.isIn(other))
        #expect(known.isIn(new.masked))
        for wrong in ["", "00", String(one.dropLast()), String(one.dropLast(2)) + "zz", FormToken(cookies("")).masked] {
            #expect(!known.isIn(wrong))
        }
    }

    @Test func addressesAreEncoded() {
        #expect(address("/data", [("q", "a b&c=ü"), ("empty", ""), ("none", nil)]) == "/data?q=a%20b%26c%3D%C3%BC")
        #expect(address("/data?x=1", [("y", "2")]) == "/data?x=1&y=2")
    }
}
