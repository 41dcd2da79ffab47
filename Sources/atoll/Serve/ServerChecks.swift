import API
import Resources
import Secrets

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The store answers a read.
struct StoreReadable: HealthCheck {
    let store: any ResourceStore

    func run() async -> Finding {
        do {
            _ = try await store.list(ResourceQuery(limit: 1))
            return Finding("store.readable", .pass, found: "the store answers", wanted: "an answer", fix: "")
        } catch {
            return Finding(
                "store.readable",
                .fail,
                found: "the store does not answer",
                wanted: "an answer",
                fix: "see the server's log"
            )
        }
    }
}

/// The secrets table opens with the key in use.
struct SecretsOpen: HealthCheck {
    let secrets: SecretStore

    func run() async -> Finding {
        let isOpen = (try? await secrets.checkKey()) != nil
        return Finding(
            "secrets.key",
            isOpen ? .pass : .fail,
            found: isOpen ? "the key opens the secrets" : "the key does not open the secrets",
            wanted: "the key that sealed them",
            fix: isOpen ? "" : "restore the file secrets.key that belongs to this store"
        )
    }
}

/// The disk of the data directory has room.
struct DiskSpace: HealthCheck {
    /// Below this writes fail soon.
    static let least: UInt64 = 16 << 20
    static let comfortable: UInt64 = 1 << 30

    let path: String

    func run() async -> Finding {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            return Finding("disk.space", .fail, found: "the disk cannot be asked", wanted: "a disk", fix: "mount it")
        }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        let isReadOnly = status.f_flag & UInt(ST_RDONLY) != 0
        return Finding(
            "disk.space",
            free < Self.least || isReadOnly ? .fail : free < Self.comfortable ? .warn : .pass,
            found: isReadOnly ? "the disk is read-only" : "\(free >> 20) MiB free",
            wanted: "at least \(Self.comfortable >> 20) MiB free to write",
            fix: isReadOnly ? "mount the file system for writing" : "free space on the disk of \(path)"
        )
    }
}
