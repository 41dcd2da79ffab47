import Ledger
import Testing

@Suite struct SiteIDTests {
    @Test func aDigestBecomesFiftyTwoCharacters() {
        // base64.b32encode(bytes(range(32))).decode().lower().rstrip("=")
        let id = SiteID(digest: Array(0..<32))
        #expect(id.text == "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypq")
        #expect(SiteID(id.text) == id)
        #expect(id.short == "aaaqeaye")
    }

    @Test(arguments: [
        "", "aaaq", "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ",
        "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dyp1", "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypr",
        "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypqa",
    ])
    func whatIsNoDigestIsRefused(_ text: String) {
        #expect(SiteID(text) == nil)
    }
}
