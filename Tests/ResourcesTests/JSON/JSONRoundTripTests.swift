import Faults
import Foundation
import Resources
import ResourcesTestKit
import Testing

@Suite struct JSONRoundTripTests {
    @Test func whatIsWrittenReadsAsTheSame() throws {
        var generator = SeededGenerator.printed(for: "JSON round trip")
        for _ in 0..<3000 {
            let value = generator.json()
            let compact = JSONWriter.compact(value)
            #expect(try JSONParser.parse(compact) == value)
            #expect(try JSONParser.parse(JSONWriter.pretty(value)) == value)
            #expect(JSONWriter.compact(try JSONParser.parse(compact)) == compact, "and is written as the same bytes")
        }
    }

    /// Foundation's reader as a second opinion on what we write.
    @Test func othersReadWhatIsWritten() throws {
        var generator = SeededGenerator.printed(for: "JSON for others")
        for _ in 0..<300 {
            let text = JSONWriter.compact(["v": generator.json(depth: 3)])
            let object = try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any]
            #expect(object?.keys.contains("v") == true)
        }
    }

    @Test func keysAreSortedAndBytesDoNotDependOnTheOrderOfMaking() {
        let forward = Dictionary(uniqueKeysWithValues: (0..<50).map { ("k\($0)", JSONValue.integer(Int64($0))) })
        let backward = Dictionary(
            uniqueKeysWithValues: (0..<50).reversed().map { ("k\($0)", JSONValue.integer(Int64($0))) })
        #expect(JSONWriter.compact(.object(forward)) == JSONWriter.compact(.object(backward)))
        let text = String(decoding: JSONWriter.compact(["b": 1, "a": [true, .null], "c": [:]]), as: UTF8.self)
        #expect(text == "{\"a\":[true,null],\"b\":1,\"c\":{}}")
    }

    @Test func prettyIsIndentedByTwo() {
        let value: JSONValue = ["b": [1, [:], []], "a": ["x": "y"]]
        #expect(
            JSONWriter.pretty(value) == """
                {
                  "a": {
                    "x": "y"
                  },
                  "b": [
                    1,
                    {},
                    []
                  ]
                }
                """
        )
    }

    @Test func controlCharactersAreEscaped() {
        let text = String(decoding: JSONWriter.compact(.string("\u{0}\u{1f}\u{7f}\n\r\t\"\\/é")), as: UTF8.self)
        #expect(text == "\"\\u0000\\u001f\\u007f\\n\\r\\t\\\"\\\\/é\"")
    }

    @Test func numbersThatAreNone() {
        #expect(JSONWriter.compact([.number(.nan), .number(.infinity)]) == Array("[null,null]".utf8))
    }

    /// Documents with bytes changed, cut, doubled and swapped: never a crash, only numbered faults, and whatever is
    /// accepted means the same when written and read again.
    @Test func mutatedDocumentsAreReadSafely() throws {
        var generator = SeededGenerator.printed(for: "JSON mutations")
        let seeds = [
            "{\"apiVersion\":\"atoll.dev/v1alpha1\",\"kind\":\"Tenant\",\"metadata\":{\"name\":\"a\"},\"spec\":{\"n\":-1.5e3}}",
            "[\"\\ud83c\\udfdd\\n\",\"界\",1,-0,0.5,1e10,true,false,null,[[[]]],{\"\":{}}]", "\"\\u0041\"",
            "[[[[[[1]]]]]]",
        ].map { Array($0.utf8) }
        let pieces: [[UInt8]] =
            ["\"", "\\", "\\u", "\\ud800", "{", "}", "[", "]", ",", ":", "e", "-", "0", ".", "\n", "null"]
            .map { Array($0.utf8) } + [[0x80], [0xC3], [0xFF], [0xF0, 0x9F], [0x00]]
        let end = ContinuousClock.now + .seconds(2)
        var accepted = 0
        var refused = 0
        while ContinuousClock.now < end || accepted == 0 {
            var bytes =
                Bool.random(using: &generator)
                ? seeds.randomElement(using: &generator)! : JSONWriter.compact(generator.json(depth: 3))
            for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: pieces.randomElement(using: &generator)!, at: place)
                case 3: bytes.removeLast(bytes.count - place)
                default: bytes += bytes[place...]
                }
            }
            do throws(Fault) {
                let value = try JSONParser.parse(bytes)
                accepted += 1
                let written = JSONWriter.compact(value)
                let again = try JSONParser.parse(written)
                #expect(again == value && JSONWriter.compact(again) == written, "seed \(generator.seed)")
            } catch {
                refused += 1
                let known = [ResourceFaults.syntax, ResourceFaults.duplicateKey, ResourceFaults.tooDeep]
                #expect(known.contains { error.is($0) }, "\(error), seed \(generator.seed)")
                #expect(error.place?.hasPrefix("line ") == true)
            }
        }
        #expect(accepted > 10 && refused > 10)
    }
}

@Suite struct JSONEqualityTests {
    @Test func valuesAreEqualWhenTheirBytesAre() {
        let composed: JSONValue = "\u{E9}"
        let decomposed: JSONValue = "e\u{301}"
        let pairs: [(JSONValue, JSONValue)] = [
            (composed, decomposed), (["\u{E9}": 1], ["e\u{301}": 1]), (.number(0.0), .number(-0.0)),
            (.integer(1), .number(1)), ([1, 2], [2, 1]), (["a": 1], ["a": 1, "b": 2]), (.null, false),
        ]
        for (left, right) in pairs {
            #expect(left != right)
            #expect(JSONWriter.compact(left) != JSONWriter.compact(right))
            #expect(left == left && right == right)
        }
        #expect(Set([composed, decomposed]).count == 2)
    }
}
