import Crypto
import Faults
import Ledger
import Resources
import ResourcesTestKit
import Testing

@testable import Sites

@Suite struct JoinCodeTests {
    @Test func everyCodeReadsBackAsItWasWritten() throws {
        var generator = SeededGenerator.printed(for: "everyCodeReadsBackAsItWasWritten")
        let hosts = ["a:1", "atoll.bank.example:9370", "10.0.0.1:65535", "[2001:db8::1]:9370"]
        for _ in 0..<300 {
            let code = try JoinCode(
                addresses: (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                    hosts.randomElement(using: &generator)!
                },
                site: SiteID(digest: bytes(32, &generator)),
                expiry: Timestamp(milliseconds: Int64.random(in: 0...253_402_300_799, using: &generator) * 1000),
                secret: bytes(16, &generator))
            #expect(try JoinCode(code.text) == code)
            #expect(try JoinCode(code.text).text == code.text)
        }
    }

    @Test func mailProgramsMayWrapAndCapitaliseIt() throws {
        let code = try sample()
        let wrapped = code.text.uppercased().enumerated().map { ($0 % 20 == 19 ? "\r\n  " : "") + String($1) }.joined()
        #expect(try JoinCode(" \(wrapped)\n") == code)
    }

    @Test func oneWrongCharacterIsToldAndNeverReadAsAnotherCode() throws {
        let text = try sample().text
        let start = text.index(text.startIndex, offsetBy: 7)
        for index in text[start...].indices {
            let wrong = text[index] == "a" ? "b" : "a"
            // The last character also has bits that must be zero; a wrong one may not even be readable.
            let isLast = text.index(after: index) == text.endIndex
            let error = #expect(throws: Fault.self) { try JoinCode(text.replacingCharacters(at: index, with: wrong)) }
            #expect(error == Fault(JoiningFaults.codeMistyped) || isLast && error == Fault(JoiningFaults.codeMalformed))
            #expect(throws: Fault(JoiningFaults.codeMalformed)) {
                try JoinCode(text.replacingCharacters(at: index, with: "0"))
            }
        }
    }

    @Test func twoCharactersInTheOtherOrderAreTold() throws {
        let text = Array(try sample().text)
        for index in 7..<text.count - 1 where text[index] != text[index + 1] {
            var wrong = text
            wrong.swapAt(index, index + 1)
            #expect(throws: Fault.self) { try JoinCode(String(wrong)) }
        }
    }

    @Test func whatIsCutShortIsTold() throws {
        let text = try sample().text
        for count in 0..<text.count {
            #expect(throws: Fault.self) { try JoinCode(String(text.prefix(count))) }
        }
    }

    @Test func codesOfOtherVersionsAndOtherTextsAreNamed() throws {
        let rest = try sample().text.dropFirst(7)
        #expect(throws: Fault(JoiningFaults.codeVersion)) { try JoinCode("atoll2-\(rest)") }
        for text in ["", "hello", "atoll-\(rest)", "atoll1", "atollx-\(rest)", String(repeating: "a", count: 5000)] {
            #expect(throws: Fault(JoiningFaults.codeMalformed)) { try JoinCode(text) }
        }
    }

    @Test func whatDoesNotFitTogetherIsRefusedInSpiteOfARightSum() throws {
        let payload = try #require(Base32.decode(try sample().text.dropFirst(7))).dropLast(4)
        var noAddress = Array(payload.prefix(53))
        noAddress.append(0)
        var nine = Array(payload.prefix(53))
        nine.append(9)
        nine += (0..<9).flatMap { _ in [UInt8(3)] + Array("a:1".utf8) }
        let wrong: [[UInt8]] = [
            [], Array(payload.prefix(53)), noAddress, nine, payload + [0], payload.dropLast(),
            Array(payload.prefix(53)) + [1, 3] + Array("a:0".utf8),
        ]
        for bytes in wrong {
            #expect(throws: Fault(JoiningFaults.codeMalformed)) { try JoinCode(Self.text(bytes)) }
        }
    }

    @Test func itsSecretIsInNoDescription() throws {
        let code = try sample()
        for text in ["\(code)", String(reflecting: code), "\([code])", "\(Optional(code) as Any)"] {
            #expect(!text.contains(code.text.dropFirst(7).prefix(8)))
            #expect(!text.contains("\(code.secret)"))
        }
        var dumped = ""
        dump(code, to: &dumped)
        #expect(!dumped.contains("secret"))
    }

    @Test func anInvitationNeedsOneToEightAddresses() throws {
        let site = SiteID(digest: [UInt8](repeating: 1, count: 32))
        #expect(throws: Fault(JoiningFaults.noAddress)) { try JoinCode.make(addresses: [], site: site, expiry: noon) }
        let nine = [String](repeating: "a:1", count: 9)
        #expect(throws: Fault(JoiningFaults.noAddress)) { try JoinCode.make(addresses: nine, site: site, expiry: noon) }
        #expect(throws: Fault(RouteFaults.invalidAddress)) {
            try JoinCode.make(addresses: ["nowhere"], site: site, expiry: noon)
        }
    }

    @Test func anyTextEndsInACodeOrAFault() {
        var generator = SeededGenerator.printed(for: "anyTextEndsInACodeOrAFault")
        for _ in 0..<2000 {
            let count = Int.random(in: 0...80, using: &generator)
            let payload = bytes(count, &generator)
            #expect(throws: Fault.self) { try JoinCode(Self.text(payload)) }
            #expect(throws: Fault.self) { try JoinCode(String(decoding: payload, as: UTF8.self)) }
        }
    }

    /// The code of a payload, with a right sum.
    static func text(_ payload: [UInt8]) -> String {
        "atoll1-" + Base32.encode(payload + SHA256.hash(data: Array("atoll1-".utf8) + payload).prefix(4))
    }

    private func sample() throws -> JoinCode {
        try JoinCode.make(
            addresses: ["atoll.bank.example:9370", "10.1.2.3:9370"],
            site: SiteID(digest: [UInt8](repeating: 7, count: 32)), expiry: noon)
    }

    private func bytes(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}

@Suite struct Base32Tests {
    @Test func itWritesTheExamplesOfTheStandard() {
        // RFC 4648 section 10, in lower case and without padding.
        let examples = [
            ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"),
            ("foobar", "mzxw6ytboi"),
        ]
        for (plain, coded) in examples {
            #expect(Base32.encode(Array(plain.utf8)) == coded)
            #expect(Base32.decode(coded) == Array(plain.utf8))
        }
    }

    @Test func bytesHaveOneText() {
        for text in ["mz", "m", "mzx", "mzxw6y", "MY", "m0", "my======", "mé"] {
            #expect(Base32.decode(text) == nil, "\(text)")
        }
    }
}

extension String {
    fileprivate func replacingCharacters(at index: Index, with text: String) -> String {
        replacingCharacters(in: index...index, with: text)
    }

    private func replacingCharacters(in range: ClosedRange<Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
