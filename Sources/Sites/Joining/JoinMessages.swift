import Crypto
public import Faults
import Ledger
import Resources

/// The two messages of joining: one byte of version, 32 bytes of proof, and a body of JSON. The proof covers the body's
/// bytes as they are, so there is no other form of them.
public struct JoinMessage: Sendable, Hashable {
    static let version: UInt8 = 1
    /// Largest message; ours have some 500 bytes.
    static let maximumBytes = 8192

    let proof: [UInt8]
    let body: [UInt8]

    init(proof: [UInt8], body: [UInt8]) {
        self.proof = proof
        self.body = body
    }

    /// - Parameter bytes: from a stranger.
    /// - Throws: `JoiningFaults.joinVersion`, `.joinMalformed`.
    public init(decoding bytes: [UInt8]) throws(Fault) {
        guard let version = bytes.first, bytes.count <= Self.maximumBytes else {
            throw JoinBody.malformed("its length")
        }
        guard version == Self.version else {
            throw Fault(
                JoiningFaults.joinVersion, at: "join message", wanted: "version \(Self.version), not \(version)")
        }
        guard bytes.count > 33 else { throw JoinBody.malformed("its length") }
        proof = Array(bytes[1..<33])
        body = Array(bytes[33...])
    }

    public var encoded: [UInt8] {
        [Self.version] + proof + body
    }
}

/// What one end tells the other of itself; the same in request and answer, but for the invitation's name, which only a
/// request has.
public struct JoinBody: Sendable, Hashable {
    /// Whose invitation this is; nil in an answer.
    let invitation: String?
    /// The name that people see: 1 to 80 characters on one line.
    let displayName: String
    /// DER SubjectPublicKeyInfo of the root.
    let rootKey: [UInt8]
    /// The serial of the leaf used in this session.
    let leafSerial: UInt64
    /// Where this end can be reached, best first; empty when it can only dial out.
    let addresses: [String]

    init(invitation: String?, displayName: String, rootKey: [UInt8], leafSerial: UInt64, addresses: [String]) {
        self.invitation = invitation
        self.displayName = displayName
        self.rootKey = rootKey
        self.leafSerial = leafSerial
        self.addresses = addresses
    }

    /// - Parameter bytes: from a stranger until the proof is checked.
    /// - Throws: `JoiningFaults.joinMalformed`.
    public init(decoding bytes: [UInt8]) throws(Fault) {
        let value: JSONValue
        do { value = try JSONParser.parse(bytes) } catch { throw Self.malformed("its form") }
        guard let displayName = value["displayName"]?.string, (1...80).contains(displayName.count),
            displayName.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw Self.malformed("displayName") }
        guard let rootKey = value["rootKey"]?.string.flatMap({ Base32.decode($0) }), (64...256).contains(rootKey.count)
        else { throw Self.malformed("rootKey") }
        guard let serial = value["leafSerial"]?.string.flatMap({ UInt64($0) }), serial > 0 else {
            throw Self.malformed("leafSerial")
        }
        guard let addresses = value["addresses"]?.array, addresses.count <= JoinCode.maximumAddresses,
            addresses.allSatisfy({ $0.string.flatMap { HostAndPort($0) } != nil })
        else { throw Self.malformed("addresses") }
        let invitation = value["invitation"]
        guard invitation == nil || invitation?.string.flatMap({ Base32.decode($0) })?.count == 10 else {
            throw Self.malformed("invitation")
        }
        self.init(
            invitation: invitation?.string, displayName: displayName, rootKey: rootKey, leafSerial: serial,
            addresses: addresses.compactMap(\.string))
    }

    public var encoded: [UInt8] {
        var members: [String: JSONValue] = [
            "displayName": .string(displayName), "rootKey": .string(Base32.encode(rootKey)),
            "leafSerial": .string(String(leafSerial)), "addresses": .array(addresses.map { .string($0) }),
        ]
        if let invitation { members["invitation"] = .string(invitation) }
        return JSONWriter.compact(.object(members))
    }

    /// Whether the root key is the one that the site id is the hash of.
    func belongs(to site: SiteID) -> Bool {
        guard let key = try? P256.Signing.PublicKey(derRepresentation: rootKey) else { return false }
        return SiteCertificates.encoded(key) == rootKey && SiteCertificates.site(of: key) == site
    }

    static func malformed(_ what: String) -> Fault {
        Fault(JoiningFaults.joinMalformed, "A message of joining cannot be read: \(what).", at: "join message")
    }
}
