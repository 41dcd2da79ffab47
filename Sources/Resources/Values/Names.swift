public import Faults

/// The rules for names and labels.
public enum Names {
    /// `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`: 1 to 63 characters.
    public static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (1...63).contains(bytes.count) else { return false }
        guard bytes.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }) else { return false }
        return isLetterOrDigit(bytes.first!) && isLetterOrDigit(bytes.last!)
    }

    /// Names joined by dots, such as `train.boosting`: kinds of tasks, which are not resources.
    public static func isDotted(_ name: String) -> Bool {
        name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isValid(String($0)) }
    }

    /// `[a-zA-Z][a-zA-Z0-9]{0,62}`: names of parameters, which are not names of resources.
    public static func isParameter(_ name: String) -> Bool {
        let bytes = name.utf8
        guard (1...63).contains(bytes.count), let first = bytes.first else { return false }
        return bytes.allSatisfy { isLetterOrDigit($0) || isCapital($0) }
            && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    }

    /// - Throws: `ResourceFaults.invalidName`.
    public static func check(_ name: String, at place: String) throws(Fault) {
        guard isValid(name) else {
            throw Fault(
                ResourceFaults.invalidName,
                "The name '\(name.shortened)' is not allowed.",
                at: place,
                wanted: "1 to 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit"
            )
        }
    }

    /// - Throws: `ResourceFaults.invalidLabel`.
    public static func checkLabel(_ key: String, _ value: String, at place: String) throws(Fault) {
        func fits(_ text: String, _ count: ClosedRange<Int>) -> Bool {
            count.contains(text.utf8.count)
                && text.utf8.allSatisfy { isLetterOrDigit($0) || isCapital($0) || "-_./".utf8.contains($0) }
        }
        guard fits(key, 1...63), fits(value, 0...63) else {
            throw Fault(
                ResourceFaults.invalidLabel,
                "The label '\(key.shortened)' is not allowed.",
                at: place,
                wanted: "a key of 1 to 63 and a value of up to 63 letters, digits, '-', '_', '.' and '/'"
            )
        }
    }

    private static func isCapital(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
