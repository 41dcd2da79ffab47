import Sites
import Testing

@Suite struct CrowdTests {
    @Test func oneAddressTakesHalfAndAllTakeTheWhole() throws {
        let crowd = Crowd(most: 4)
        let (first, second) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("2001:db8::1")))
        #expect(crowd.admit(first) && crowd.admit(first))
        #expect(!crowd.admit(first), "half of them")
        #expect(crowd.admit(second) && crowd.admit(nil))
        #expect(!crowd.admit(second) && !crowd.admit(nil), "there is no room at all")
        crowd.leave(first)
        #expect(crowd.admit(first) && !crowd.admit(second))
    }

    @Test func aListenerOfOneConnectionTakesOne() throws {
        let crowd = Crowd(most: 1)
        #expect(crowd.admit(IPAddress("127.0.0.1")))
        #expect(!crowd.admit(IPAddress("127.0.0.1")))
    }
}
