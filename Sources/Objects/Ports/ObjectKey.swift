public import Faults

/// The name of an object: words of `a-z`, `0-9`, `.`, `_` and `-` separated by `/`, at most 512 bytes. No word is `.` or
/// `..`, so that no key leaves a folder.
public struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    public static let mostBytes = 512

    public let text: String

    /// - Throws: `ObjectFaults.invalidKey`.
    public init(_ text: String) throws(Fault) {
        let words = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.mostBytes, words.allSatisfy(Self.isWord) else {
            throw Fault(ObjectFaults.invalidKey, at: "object key", wanted: "at most \(Self.mostBytes) bytes")
        }
        self.text = text
    }

    public var description: String { text }

    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static func isWord(_ word: Substring.UTF8View) -> Bool {
        !word.isEmpty && word.contains { $0 != UInt8(ascii: ".") }
            && word.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                    UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
