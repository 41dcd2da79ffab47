import AsyncHTTPClient
import Faults
import NIOCore
import NIOPosix
import NIOSSL
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension APIClient {
    /// Refuses what cannot succeed before a client is made.
    static func checkSocket(_ location: DataLocation) throws(Fault) {
        let length = location.socket.utf8.count
        guard length <= DataLocation.longestSocketPath else {
            throw Fault(
                ProgramFaults.socketPath,
                at: location.socket,
                wanted: "at most \(DataLocation.longestSocketPath) bytes, not \(length)"
            )
        }
        guard FileFacts(location.socket) != nil else {
            guard errno == EACCES else { throw notRunning(location, "there is no socket") }
            throw Fault(
                ProgramFaults.notRunning,
                "The data directory may not be entered by this user.",
                at: location.socket,
                fix: "Run the command as the server's user, or name another directory with --data."
            )
        }
    }

    /// What an error of the transport means to a person.
    func fault(_ error: any Error) -> any Error {
        switch error {
        case is Fault, is CancellationError:
            return error
        case let error as IOError where [ENOENT, ECONNREFUSED, ENOTSOCK].contains(error.errnoCode):
            return notRunning("nothing listens there")
        case let error as IOError where error.errnoCode == EACCES:
            return Fault(
                ProgramFaults.notRunning,
                "This user may not use the server's socket.",
                at: destination.place,
                fix: "Run the command as the server's user."
            )
        case let error as IOError where [ECONNRESET, EPIPE].contains(error.errnoCode):
            return broken
        case let error as HTTPClientError where [.remoteConnectionClosed, .cancelled].contains(error):
            return broken
        case let error as HTTPClientError
        where [.deadlineExceeded, .readTimeout, .connectTimeout, .writeTimeout].contains(error):
            return Fault(
                ProgramFaults.notRunning,
                "The server did not answer in time.",
                at: destination.place,
                fix: "See the server's log; `atoll doctor` checks the server. The command may still take effect."
            )
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            return Fault(
                ProgramFaults.notRunning, "The server does not prove to be the one that was named.",
                at: destination.place,
                fix: "Give the certificates of its authority with `atoll login --ca FILE`, or in ATOLL_CA.")
        case is NIOConnectionError:
            return notRunning("nothing can be reached there")
        case is NIOTooManyBytesError:
            return Fault(
                ProgramFaults.strangeAnswer,
                "The server's answer is too large.",
                wanted: "at most \(Self.maximumBytes) bytes"
            )
        default:
            return Fault(
                ProgramFaults.strangeAnswer, "The exchange with the server failed: \(error).", at: destination.place)
        }
    }

    private func notRunning(_ why: String) -> Fault {
        switch destination {
        case .local(let location): Self.notRunning(location, why)
        case .remote(let server):
            Fault(
                ProgramFaults.notRunning, "No server answers at that address: \(why).", at: server.address,
                fix: "Check the address; the server listens there with `management.address`.")
        }
    }

    private static func notRunning(_ location: DataLocation, _ why: String) -> Fault {
        Fault(
            ProgramFaults.notRunning,
            "No server answers for this data directory: \(why).",
            at: location.socket,
            fix: "Start one with `atoll serve --data \(shellWord(location.directory))`, "
                + "or name the right directory with --data."
        )
    }

    private var broken: Fault {
        Fault(
            ProgramFaults.notRunning,
            "The server closed the connection before it had answered.",
            at: destination.place,
            fix: "See whether the server still runs, and its log; the command may have taken effect."
        )
    }

    /// A path as it can be pasted into a shell.
    static func shellWord(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || "-_./".utf8.contains(byte)
        }
        return isPlain && !text.isEmpty
            ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
