import Crypto

/// Every hash of the ledger; each begins with a tag of its own, so that no two can be taken for each other.
///
/// `docs/protocols/ledger.md` gives the layouts. SHA-256: FIPS 180-4; HMAC: RFC 2104.
public enum LedgerHash {
    public static let length = 32

    /// The digest of a payload in both ledgers: HMAC-SHA-256 under the frame's salt. 32 bytes.
    public static func payload(_ payload: [UInt8], salt: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: payload, using: SymmetricKey(data: salt)))
    }

    static func salt(_ salt: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: salt))
    }

    /// What the first line of a chain follows.
    static func start(site: SiteID, peer: SiteID, job: String) -> [UInt8] {
        tagged("atoll/ledger/chain/1") { writer in
            writer.put(site.text)
            writer.put(peer.text)
            writer.put(job)
        }
    }

    static func line(after previous: [UInt8], _ line: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: lineTag)
        hash.update(data: previous)
        hash.update(data: line)
        return Array(hash.finalize())
    }

    /// What the first frame of a channel follows; the same at both ends.
    static func agreement(job: String, task: String, sender: SiteID, receiver: SiteID) -> [UInt8] {
        tagged("atoll/ledger/channel/1") { writer in
            writer.put(job)
            writer.put(task)
            writer.put(sender.text)
            writer.put(receiver.text)
        }
    }

    static func agreement(after previous: [UInt8], _ frame: FrameLine) -> [UInt8] {
        var writer = ByteWriter(capacity: 224)
        writer.put(agreementTag)
        writer.put(previous)
        writer.put(frame.step)
        writer.put(frame.sequence)
        writer.put(frame.messageType)
        writer.put(frame.elements)
        writer.put(frame.bytes)
        writer.put(frame.payloadDigest)
        return Array(SHA256.hash(data: writer.bytes))
    }

    /// What the first line of the site's chain follows.
    static func start(site: SiteID) -> [UInt8] {
        tagged("atoll/ledger/site/1") { writer in writer.put(site.text) }
    }

    static func site(after previous: [UInt8], _ line: SiteLine) -> [UInt8] {
        tagged("atoll/ledger/site-line/1") { writer in
            writer.put(previous)
            writer.put(line.time)
            writer.put(line.peer.text)
            writer.put(line.job)
            writer.put(line.lines)
            writer.put(line.head)
        }
    }

    static func statement(_ statement: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: statement))
    }

    /// What the first record of a site's audit follows.
    package static func auditStart(site: SiteID) -> [UInt8] {
        tagged("atoll/audit/chain/1") { writer in writer.put(site.text) }
    }

    package static func audit(after previous: [UInt8], _ record: [UInt8]) -> [UInt8] {
        tagged("atoll/audit/line/1") { writer in
            writer.put(previous)
            writer.put(record)
        }
    }

    /// What a site signs of its audit: how many records there are, and the hash of the last.
    package static func auditHead(site: SiteID, records: UInt64, hash: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.put(Array("atoll/audit/head/1".utf8) + [0])
        writer.put(site.text)
        writer.put(records)
        writer.put(hash)
        return writer.bytes
    }

    private static let lineTag = Array("atoll/ledger/line/1\0".utf8)
    private static let agreementTag = Array("atoll/ledger/frame/1\0".utf8)

    private static func tagged(_ tag: String, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter()
        writer.put(Array(tag.utf8) + [0])
        body(&writer)
        return Array(SHA256.hash(data: writer.bytes))
    }
}

/// One line of the site's chain: a chain and its head after a batch.
struct SiteLine: Sendable, Hashable {
    /// Milliseconds since 1970.
    var time: Int64
    var peer: SiteID
    var job: String
    var lines: UInt64
    var head: [UInt8]
}
