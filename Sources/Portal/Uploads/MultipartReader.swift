import Faults

/// Reads `multipart/form-data` (RFC 7578, as browsers send it: WHATWG HTML, 4.10.21.8) piece by piece: fields whole, the
/// file in pieces. Holds no more than one head or field and what came last.
struct MultipartReader {
    enum Event: Equatable {
        case field(name: String, value: String)
        /// Its content begins at this place of the body.
        case file(name: String, fileName: String, offset: Int64)
        case content([UInt8])
        case fileEnd
        case end
    }

    static let mostHead = 8 << 10
    static let mostField = 64 << 10
    static let mostParts = 64

    private enum Place {
        case start, head
        case field(String)
        case file, end
    }

    private let delimiter: [UInt8]
    private var place = Place.start
    private var buffer: [UInt8]
    /// Bytes of the body before the buffer's first.
    private var passed: Int64 = -2
    private var parts = 0

    /// - Parameter contentType: of the request.
    /// - Throws: `ProgramFaults.badRequest` for what is no form with a file.
    init(contentType: String) throws(Fault) {
        guard let boundary = Self.boundary(contentType) else {
            throw Self.unreadable("The body is no form with a file.")
        }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may stand at the very start, without the line's end before it.
        buffer = [0x0D, 0x0A]
    }

    /// How many bytes follow a file that is the last part of a form.
    var tailBytes: Int64 { Int64(delimiter.count + 4) }

    /// What the bytes bring; a file's last piece comes when its end is seen.
    ///
    /// - Throws: `ProgramFaults.badRequest`, `ResourceFaults.tooLarge`.
    mutating func feed(_ bytes: [UInt8]) throws(Fault) -> [Event] {
        buffer += bytes
        var events: [Event] = []
        while try step(&events) {}
        return events
    }

    /// Whether the form came to its end.
    var isOver: Bool { if case .end = place { true } else { false } }

    /// - Returns: whether there may be more in the buffer.
    private mutating func step(_ events: inout [Event]) throws(Fault) -> Bool {
        switch place {
        case .end:
            drop(buffer.count)
            return false
        case .head:
            guard let end = find(Array("\r\n\r\n".utf8)) else {
                guard buffer.count <= Self.mostHead else { throw Self.tooLarge("head of a part", Self.mostHead) }
                return false
            }
            let (name, fileName) = try Self.disposition(Array(buffer[..<end]))
            drop(end + 4)
            // An empty part has its delimiter right behind its head.
            place = fileName == nil ? .field(name) : .file
            if let fileName { events.append(.file(name: name, fileName: fileName, offset: passed)) }
            return true
        case .start:
            guard let at = find(delimiter) else {
                guard buffer.count <= Self.mostHead else { throw Self.unreadable("The body does not begin a form.") }
                return false
            }
            return try next(after: at, &events)
        case .field(let name):
            guard let at = find(delimiter) else {
                guard buffer.count <= Self.mostField else { throw Self.tooLarge("a field", Self.mostField) }
                return false
            }
            guard at <= Self.mostField, let value = String(validating: buffer[..<at], as: UTF8.self) else {
                throw at > Self.mostField
                    ? Self.tooLarge("a field", Self.mostField) : Self.unreadable("A field is no UTF-8.")
            }
            guard hasEnding(at) else { return false }
            events.append(.field(name: name, value: value))
            return try next(after: at, &events)
        case .file:
            if let at = find(delimiter) {
                guard hasEnding(at) else { return false }
                if at > 0 { events.append(.content(Array(buffer[..<at]))) }
                events.append(.fileEnd)
                return try next(after: at, &events)
            }
            // What may be the beginning of the delimiter stays.
            let sure = buffer.count - delimiter.count
            if sure > 0 {
                events.append(.content(Array(buffer[..<sure])))
                drop(sure)
            }
            return false
        }
    }

    /// Whether the two bytes behind a delimiter are here.
    private func hasEnding(_ at: Int) -> Bool { buffer.count >= at + delimiter.count + 2 }

    /// Behind a delimiter: another part, or the end.
    private mutating func next(after at: Int, _ events: inout [Event]) throws(Fault) -> Bool {
        guard hasEnding(at) else { return false }
        let behind = Array(buffer[(at + delimiter.count)..<(at + delimiter.count + 2)])
        drop(at + delimiter.count + 2)
        switch behind {
        case [0x2D, 0x2D]:
            place = .end
            events.append(.end)
        case [0x0D, 0x0A]:
            parts += 1
            guard parts <= Self.mostParts else { throw Self.tooLarge("parts", Self.mostParts) }
            place = .head
        default: throw Self.unreadable("A part of the form does not end as it should.")
        }
        return true
    }

    private mutating func drop(_ count: Int) {
        buffer.removeFirst(count)
        passed += Int64(count)
    }

    private func find(_ wanted: [UInt8]) -> Int? {
        guard buffer.count >= wanted.count else { return nil }
        return buffer.withUnsafeBufferPointer { bytes in
            wanted.withUnsafeBufferPointer { wanted in
                var at = 0
                let last = bytes.count - wanted.count
                while at <= last {
                    if bytes[at] == wanted[0] {
                        var same = 1
                        while same < wanted.count, bytes[at + same] == wanted[same] { same += 1 }
                        if same == wanted.count { return at }
                    }
                    at += 1
                }
                return nil
            }
        }
    }

    private static func boundary(_ contentType: String) -> String? {
        let parts = contentType.split(separator: ";").map { $0.drop { $0 == " " } }
        guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
        for part in parts.dropFirst() where part.lowercased().hasPrefix("boundary=") {
            var value = part.dropFirst("boundary=".count)
            if value.first == "\"", value.last == "\"", value.count > 2 { value = value.dropFirst().dropLast() }
            // RFC 2046, 5.1.1.
            let isFine = value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }
            return (1...70).contains(value.utf8.count) && isFine ? String(value) : nil
        }
        return nil
    }

    /// Name and file name of a part; browsers write `"` and line ends in them as `%22`, `%0D`, `%0A`.
    private static func disposition(_ head: [UInt8]) throws(Fault) -> (name: String, fileName: String?) {
        guard let text = String(validating: head, as: UTF8.self) else { throw unreadable("A part's head is no UTF-8.") }
        // A line's end is one character in Swift's eyes.
        for line in text.split(separator: "\r\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0].lowercased() == "content-disposition" else { continue }
            var name: String?
            var fileName: String?
            for (key, value) in parameters(String(halves[1])) {
                if key == "name" { name = value } else if key == "filename" { fileName = value }
            }
            if let name { return (name, fileName) }
        }
        throw unreadable("A part of the form has no name.")
    }

    private static func parameters(_ text: String) -> [(String, String)] {
        var result: [(String, String)] = []
        var rest = text[...]
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " }
            guard let equals = rest.firstIndex(of: "=") else { break }
            let key = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            guard rest.first == "\"", let close = rest.dropFirst().firstIndex(of: "\"") else { continue }
            let value = rest[rest.index(after: rest.startIndex)..<close]
            result.append((key, String(value).replacing("%22", with: "\"")))
            rest = rest[close...].dropFirst()
        }
        return result
    }

    private static func unreadable(_ what: String) -> Fault {
        Fault(ProgramFaults.badRequest, what, at: "request body", wanted: "multipart/form-data, as browsers send it")
    }

    private static func tooLarge(_ what: String, _ most: Int) -> Fault {
        Fault(
            ResourceFaults.tooLarge, "The form has too much of something: \(what).", at: "request body",
            wanted: "at most \(most)")
    }
}
