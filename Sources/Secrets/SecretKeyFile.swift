public import Faults

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// 32 bytes of key.
public struct SymmetricKeyBytes: Sendable {
    let bytes: [UInt8]

    /// - Returns: nil unless there are exactly 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }
}

/// The key that seals the secrets table: 32 random bytes in a file of mode 0600 that only its owner can read.
public enum SecretKeyFile {
    /// Reads the key, or makes one where the file does not exist yet.
    ///
    /// - Throws: `ProgramFaults.unsafePermissions` when others may read it, `.dataDirectory` when it cannot be read or
    ///   made, `.secretSealed` when it has another length.
    public static func open(_ path: String) throws(Fault) -> SymmetricKeyBytes {
        let existing = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if existing < 0 {
            guard errno == ENOENT else {
                throw Fault(ProgramFaults.dataDirectory, "The key file cannot be read.", at: path)
            }
            return try create(path)
        }
        defer { close(existing) }
        var status = stat()
        guard fstat(existing, &status) == 0 else { throw Fault(ProgramFaults.dataDirectory, at: path) }
        guard status.st_mode & 0o077 == 0 else {
            throw Fault(ProgramFaults.unsafePermissions, "Others can read the key file.", at: path, wanted: "mode 0600")
        }
        var bytes = [UInt8](repeating: 0, count: 33)
        let count = read(existing, &bytes, 33)
        guard count == 32, let key = SymmetricKeyBytes(Array(bytes.prefix(32))) else {
            throw Fault(ProgramFaults.secretSealed, "The key file does not hold a key.", at: path, wanted: "32 bytes")
        }
        return key
    }

    /// Written aside, flushed, then moved into place, so that no crash leaves half a key.
    private static func create(_ path: String) throws(Fault) -> SymmetricKeyBytes {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let draft = path + ".new"
        unlink(draft)
        let file = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Fault(ProgramFaults.dataDirectory, "The key file cannot be made.", at: path) }
        defer { close(file) }
        guard write(file, bytes, 32) == 32, fsync(file) == 0, rename(draft, path) == 0 else {
            unlink(draft)
            throw Fault(ProgramFaults.dataDirectory, "The key file cannot be written.", at: path)
        }
        return SymmetricKeyBytes(bytes)!
    }
}
