public import Faults

/// Which bucket of which server, and how it is reached.
public struct S3Settings: Sendable, Hashable {
    /// `https://HOST[:PORT]`, or `http://` for servers of this machine and for closed networks.
    public let endpoint: String
    public let bucket: String
    public let region: String
    /// Before every key, for buckets that are shared: ends with `/` unless it is empty.
    public let prefix: String
    /// `ENDPOINT/BUCKET/KEY` instead of `BUCKET.ENDPOINT/KEY`.
    public let usesPathStyle: Bool
    /// The address of this machine from which the server is dialled: that of the storage plane; nil for the system's
    /// choice.
    public let sourceAddress: String?

    let scheme: String
    /// With the port where it is not the scheme's own.
    let host: String

    /// - Throws: `ObjectFaults.settings`.
    public init(
        endpoint: String, bucket: String, region: String = "us-east-1", prefix: String = "", usesPathStyle: Bool = true,
        sourceAddress: String? = nil
    ) throws(Fault) {
        var rest = endpoint[...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let parts = rest.split(separator: "://", maxSplits: 1).map(String.init)
        let isPlainHost = parts.last.map { host in
            !host.isEmpty && host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#@\\".utf8.contains($0) }
        }
        guard parts.count == 2, ["http", "https"].contains(parts[0]), isPlainHost == true else {
            throw Fault(ObjectFaults.settings, at: "endpoint", wanted: "http://HOST:PORT or https://HOST:PORT")
        }
        let isBucket =
            (3...63).contains(bucket.utf8.count)
            && bucket.utf8.allSatisfy { byte in
                (0x61...0x7A) ~= byte || (0x30...0x39) ~= byte || byte == 0x2D || byte == 0x2E
            }
        guard isBucket else {
            throw Fault(
                ObjectFaults.settings, at: "bucket", wanted: "3 to 63 characters of a-z, 0-9, '-' and '.'")
        }
        let isRegion =
            !region.isEmpty && region.utf8.allSatisfy { (0x61...0x7A) ~= $0 || (0x30...0x39) ~= $0 || $0 == 0x2D }
        guard isRegion else { throw Fault(ObjectFaults.settings, at: "region", wanted: "such as us-east-1") }
        if !prefix.isEmpty {
            guard prefix.hasSuffix("/"), (try? ObjectKey("\(prefix)x")) != nil else {
                throw Fault(ObjectFaults.settings, at: "prefix", wanted: "words of a key, ending with '/'")
            }
        }
        self.endpoint = endpoint
        self.bucket = bucket
        self.region = region
        self.prefix = prefix
        self.usesPathStyle = usesPathStyle
        self.sourceAddress = sourceAddress
        scheme = parts[0]
        host = parts[1]
    }
}
