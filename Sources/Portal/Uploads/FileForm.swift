import Faults
import HTTPTypes
import Hummingbird
import NIOCore
import Resources

/// A form with a file, as it comes: the fields first, then the file, which is the form's last part and is handed on in
/// chunks, so that no more than one of them is held.
enum FileForm {
    /// The largest file of a form: what is larger is sent by the script or the command line, in chunks.
    static let mostBytes: Int64 = 128 << 20

    /// Reads the form and has its file taken.
    ///
    /// - Parameter fields: what was typed, as soon as it is here: also when something is wrong.
    /// - Returns: the upload as it stands: done, or still being checked.
    /// - Throws: `ProgramFaults.badRequest` for what is no form with a file, `RequestFaults.formToken`,
    ///   `ResourceFaults.tooLarge`, `.alreadyExists`, what the API answers. Nothing of the file is kept then.
    static func take(_ visit: Visit, _ fields: inout Form) async throws -> JSONValue {
        let request = visit.request
        var reader = try MultipartReader(contentType: request.headers[.contentType] ?? "")
        let length = try length(request)
        var typed: [(String, String)] = []
        var relay: FileRelay?
        do {
            for try await buffer in request.body {
                for event in try reader.feed(Array(buffer: buffer)) {
                    switch event {
                    case .field(let name, let value): typed.append((name, value))
                    case .file(_, let fileName, let offset):
                        guard !fileName.isEmpty, relay == nil else { continue }
                        fields = Form(typed)
                        try visit.check(fields)
                        let name = fields["name"] ?? ""
                        try Names.check(name, at: "name")
                        // What cannot be made is not sent.
                        if try await visit.api.find("/datasets/\(encoded(name))", visit.placed()) != nil {
                            throw Fault(
                                ResourceFaults.alreadyExists, "There is a dataset \(name) already.", at: "name")
                        }
                        relay = FileRelay(
                            visit: visit, name: name, bytes: length - offset - reader.tailBytes,
                            hasHeader: fields["header"] != "absent")
                    case .content(let bytes): try await relay?.take(bytes)
                    case .fileEnd: try await relay?.finish()
                    case .end: break
                    }
                }
            }
            guard reader.isOver else { throw cut }
            guard let relay else { throw noFile }
            return try await relay.complete()
        } catch {
            if relay == nil { fields = Form(typed) }
            await relay?.abort()
            if error is Fault || error is Refusal || error is CancellationError { throw error }
            throw cut
        }
    }

    private static func length(_ request: Request) throws(Fault) -> Int64 {
        guard let length = request.headers[.contentLength].flatMap({ Int64($0) }), length > 0 else {
            throw Fault(
                ProgramFaults.badRequest, "The form does not say how large it is.", at: "header Content-Length",
                wanted: "the number of its bytes")
        }
        guard length <= mostBytes + (1 << 20) else { throw tooLarge }
        return length
    }

    static var tooLarge: Fault {
        Fault(
            ResourceFaults.tooLarge, "The file is too large for a form.", at: "file",
            wanted: "at most \(mostBytes) bytes",
            fix:
                "Send it with scripts switched on, or by `atoll data upload`: both send it in chunks, and go on after an "
                + "interruption.")
    }

    private static var noFile: Fault {
        Fault(ProgramFaults.badRequest, "No file was chosen.", at: "file", wanted: "a file")
    }

    static var cut: Fault {
        Fault(ProgramFaults.badRequest, "The body does not come to its end.", at: "request body")
    }
}
