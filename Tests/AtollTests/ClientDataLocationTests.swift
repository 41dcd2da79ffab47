import Faults
import Testing

@testable import atoll

@Suite struct ClientDataLocationTests {
    private func location(_ option: String?, _ environment: [String: String]) throws -> String {
        let location = try DataLocation(option: option) { environment[$0] }
        return "\(location.directory) \(location.source)"
    }

    @Test func theFlagWinsThenTheEnvironmentThenTheHome() throws {
        let all = ["ATOLL_DATA": "/srv/atoll", "XDG_DATA_HOME": "/x", "HOME": "/people/ana"]
        #expect(try location("site", all) == "site --data")
        #expect(try location(nil, all) == "/srv/atoll ATOLL_DATA")
        #expect(try location(nil, ["XDG_DATA_HOME": "/x", "HOME": "/people/ana"]) == "/x/atoll XDG_DATA_HOME")
        #expect(try location(nil, ["HOME": "/people/ana"]) == "/people/ana/.local/share/atoll HOME")
    }

    @Test func emptyAndRelativeValuesArePassedOver() throws {
        #expect(
            try location("", ["ATOLL_DATA": "", "XDG_DATA_HOME": "x", "HOME": "/h"]) == "/h/.local/share/atoll HOME")
    }

    @Test func slashesAtTheEndDoNotCount() throws {
        #expect(try location("/srv/site//", [:]) == "/srv/site --data")
        #expect(try location("/", [:]) == "/ --data")
        #expect(try DataLocation(option: "/srv/").socket == "/srv/atoll.sock")
    }

    @Test func withoutAnyItSaysWhatToGive() {
        #expect(throws: Fault(ProgramFaults.dataDirectory)) { try location(nil, [:]) }
    }

    @Test func pathsCanBePastedIntoAShell() {
        #expect(APIClient.shellWord("/srv/a-b_c.d") == "/srv/a-b_c.d")
        #expect(APIClient.shellWord("it's here") == #"'it'\''s here'"#)
        #expect(APIClient.shellWord("") == "''")
    }

    @Test func namesCannotLeaveTheirSegment() {
        #expect(APIPath("tenants", "../kinds").text == "/api/v1/tenants/..%2Fkinds")
        #expect(APIPath("..", "a?b#c").text == "/api/v1/%2E%2E/a%3Fb%23c")
        #expect(
            APIPath("x", query: ["a": "1 & 2", "b": nil, "c": "租户"]).text
                == "/api/v1/x?a=1%20%26%202&c=%E7%A7%9F%E6%88%B7")
    }
}
