import Faults
import ResourcesTestKit
import Testing

@testable import Portal

/// Forms with files: as browsers send them, in any pieces; anything else is refused.
@Suite struct MultipartTests {
    private static let type = "multipart/form-data; boundary=----WebKitFormBoundaryx"
    private static let form =
        "------WebKitFormBoundaryx\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nloans\r\n"
        + "------WebKitFormBoundaryx\r\nContent-Disposition: form-data; name=\"ids\"\r\n\r\n\r\n"
        + "------WebKitFormBoundaryx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22;b.csv\"\r\n"
        + "Content-Type: text/csv\r\n\r\nid,a\r\n1,2\r\n--x\r\n\r\n------WebKitFormBoundaryx--\r\n"
    private static let content = "id,a\r\n1,2\r\n--x\r\n"

    private struct Read {
        var fields: [String: String] = [:]
        var file: (name: String, fileName: String, offset: Int64)?
        var content: [UInt8] = []
        var isFileOver = false
        var isOver = false

        mutating func take(_ events: [MultipartReader.Event]) {
            for event in events {
                switch event {
                case .field(let name, let value): fields[name] = value
                case .file(let name, let fileName, let offset): file = (name, fileName, offset)
                case .content(let bytes): content += bytes
                case .fileEnd: isFileOver = true
                case .end: isOver = true
                }
            }
        }
    }

    @Test func aFormIsReadInAnyPieces() throws {
        var random = SeededGenerator.printed(for: "aFormIsReadInAnyPieces")
        let bytes = Array(Self.form.utf8)
        for run in 0..<200 {
            var reader = try MultipartReader(contentType: Self.type)
            var read = Read()
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + (run == 0 ? 1 : Int.random(in: 1...60, using: &random)))
                read.take(try reader.feed(Array(bytes[start..<end])))
                start = end
            }
            #expect(read.fields == ["name": "loans", "ids": ""])
            #expect(read.file?.name == "file" && read.file?.fileName == "a\";b.csv")
            #expect(String(decoding: read.content, as: UTF8.self) == Self.content)
            #expect(read.isFileOver && read.isOver && reader.isOver)
            // What is left of the body behind the file's beginning is the file and the tail.
            let offset = try #require(read.file?.offset)
            #expect(Int64(bytes.count) - offset - reader.tailBytes == Int64(Self.content.utf8.count))
        }
    }

    @Test(arguments: [
        "", "text/csv", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=a b",
        "multipart/mixed; boundary=x", "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
    ])
    func whatIsNoFormIsRefused(type: String) {
        #expect(throws: Fault(ProgramFaults.badRequest)) { try MultipartReader(contentType: type) }
    }

    @Test(arguments: [
        (String(repeating: "x", count: 9_000), ProgramFaults.badRequest),
        ("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", ProgramFaults.badRequest),
        ("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--bxx", ProgramFaults.badRequest),
        ("--b\r\n" + String(repeating: "h", count: 9_000), ResourceFaults.tooLarge),
        (
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + String(repeating: "v", count: 70_000),
            ResourceFaults.tooLarge
        ),
    ])
    func whatIsWrongInAFormIsRefused(text: String, entry: FaultEntry) throws {
        var reader = try MultipartReader(contentType: "multipart/form-data; boundary=b")
        #expect(throws: Fault(entry)) { _ = try reader.feed(Array(text.utf8)) }
    }

    @Test func anyBytesAreReadOrRefused() throws {
        var random = SeededGenerator.printed(for: "anyBytesAreReadOrRefused")
        let whole = Array(Self.form.utf8)
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes.remove(at: at)
                } else {
                    bytes[at] = UInt8.random(in: 0...255, using: &random)
                }
            }
            var reader = try MultipartReader(contentType: Self.type)
            _ = try? reader.feed(bytes)
        }
    }
}
