#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Platform {
    /// Fills the start of a buffer.
    ///
    /// - Returns: how many bytes; 0 at the end; less than 0 on an error, which is in `errno`.
    static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int {
        buffer.withUnsafeMutableBytes { bytes in
            while true {
                #if canImport(Glibc)
                    let count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
                #else
                    let count = Darwin.read(descriptor, bytes.baseAddress, bytes.count)
                #endif
                if count >= 0 || errno != EINTR { return count }
            }
        }
    }

    /// Writes everything; false on an error, which is in `errno`.
    static func write(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                #if canImport(Glibc)
                    Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                #else
                    Darwin.write(descriptor, bytes.baseAddress, bytes.count)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
