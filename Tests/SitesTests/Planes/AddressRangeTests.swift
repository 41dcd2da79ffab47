import Faults
import NIOCore
import ResourcesTestKit
import Sites
import Testing

@Suite struct AddressRangeTests {
    @Test func oneAddressIsARangeOfItself() throws {
        let range = try AddressRange("10.1.2.3")
        #expect(range.contains(try #require(IPAddress("10.1.2.3"))))
        #expect(!range.contains(try #require(IPAddress("10.1.2.4"))))
        #expect(range.description == "10.1.2.3")
    }

    @Test(arguments: ["0.0.0.0/0", "10.0.0.0/8", "10.128.0.0/9", "2001:db8::/32", "::/0", "::1", "192.168.1.128/25"])
    func theTextOfARangeReadsBackTheSame(text: String) throws {
        let range = try AddressRange(text)
        #expect(range.description == text)
        #expect(try AddressRange(range.description) == range)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0/8", "300.1.1.1", "eth0",
        "10.0.0.0/8/8", "10.0.0.0/0008", " 10.0.0.0/8", "::ffff:10.0.0.0/8", "10.0.0.0/８", "fe80::1%eth0",
    ])
    func everythingElseIsRefused(text: String) {
        #expect(throws: Fault(RouteFaults.invalidRange)) { try AddressRange(text) }
    }

    @Test func bitsBehindThePrefixAreRefusedWithWhatWasMeant() throws {
        let fault = #expect(throws: Fault(RouteFaults.invalidRange)) { try AddressRange("10.1.2.3/8") }
        #expect(fault?.wanted == "10.0.0.0/8, or 10.1.2.3 for one address")
    }

    @Test func anIPv4AddressMappedIntoIPv6IsTheIPv4Address() throws {
        let range = try AddressRange("10.0.0.0/8")
        #expect(range.contains(try #require(IPAddress("::ffff:10.9.8.7"))))
        #expect(try AddressRange("::ffff:10.0.0.0/104") == range)
        #expect(!(try AddressRange("::/0").contains(try #require(IPAddress("10.9.8.7")))))
        let socket = try SocketAddress(ipAddress: "::ffff:10.1.1.1", port: 1)
        #expect(IPAddress(socket) == IPAddress("10.1.1.1"))
        #expect(IPAddress(try SocketAddress(unixDomainSocketPath: "/x")) == nil)
    }

    /// Against the definition: an address is inside when its leading bits are those of the range.
    @Test func aRangeContainsExactlyTheAddressesWithItsLeadingBits() throws {
        var random = SeededGenerator.printed(for: "ranges")
        for _ in 0..<2000 {
            let count = Bool.random(using: &random) ? 4 : 16
            let prefix = Int.random(in: 0...count * 8, using: &random)
            // Never the block that maps IPv4, whose addresses are of the other family.
            let base = (0..<count).map {
                $0 == 0 ? UInt8.random(in: 1...255, using: &random) : .random(in: 0...255, using: &random)
            }
            var network = base
            for bit in prefix..<count * 8 { network[bit / 8] &= ~(0x80 >> UInt8(bit % 8)) }
            guard count == 4 || network[0] != 0 || prefix > 96 else { continue }
            let range = try AddressRange("\(try #require(IPAddress(bytes: network)))/\(prefix)")
            #expect(range.contains(try #require(IPAddress(bytes: base))))
            var other = base
            let flipped = Int.random(in: 0..<count * 8, using: &random)
            other[flipped / 8] ^= 0x80 >> UInt8(flipped % 8)
            let address = try #require(IPAddress(bytes: other))
            #expect(range.contains(address) == (flipped >= prefix), "\(range) \(address)")
        }
    }

    /// An allow-list comes from a file of settings: whatever stands there ends in a value or a fault.
    @Test func anyTextEndsInAListOrAFault() throws {
        var random = SeededGenerator.printed(for: "allow-lists")
        let alphabet = Array("0123456789abcdef:./, %[]-x\u{0}é")
        for _ in 0..<5000 {
            let text = String(
                (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            do {
                let list = try AllowList(text)
                #expect(try AllowList(list.description) == list)
            } catch {
                #expect(error.is(RouteFaults.invalidRange))
            }
        }
    }

    @Test func anAllowListIsAListOrAWord() throws {
        let list = try AllowList("10.0.0.0/8, 2001:db8::/32")
        #expect(list.allows(try #require(IPAddress("10.1.1.1"))))
        #expect(list.allows(try #require(IPAddress("2001:db8::5"))))
        #expect(!list.allows(try #require(IPAddress("127.0.0.1"))))
        #expect(try AllowList("everyone").allows(try #require(IPAddress("8.8.8.8"))))
        #expect(try AllowList("loopback").allows(try #require(IPAddress("::1"))))
        #expect(!AllowList.loopback.allows(try #require(IPAddress("10.1.1.1"))))
        #expect(throws: Fault(RouteFaults.invalidRange)) { try AllowList("") }
        #expect(throws: Fault(RouteFaults.invalidRange)) { try AllowList("10.0.0.0/8,") }
    }

    @Test(arguments: ["a:1", "10.0.0.1:65535", "[::1]:9370", "eth1:9370", "atoll.bank_a.example:9370"])
    func addressesReadBackTheSame(text: String) throws {
        #expect(try HostAndPort.read(text, at: "here").description == text)
    }

    @Test(arguments: [
        "", ":1", "a", "a:", "a:0", "a:65536", "a:1x", "::1:9370", "a b:1", "[]:1", "http://a:1", "a:１", "é:1",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        let fault = #expect(throws: Fault(RouteFaults.invalidAddress)) { try HostAndPort.read(text, at: "here") }
        #expect(fault?.place == "here")
    }
}
