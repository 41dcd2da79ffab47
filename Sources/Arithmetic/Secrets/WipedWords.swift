import CKernels

/// Heap words that are overwritten with zero when released; the storage behind naturals and batches of residues.
///
/// A value that once held a secret leaves no copy behind on the heap, whoever made it.
@safe final class WipedWords: @unchecked Sendable {
    let base: UnsafeMutablePointer<UInt64>
    let count: Int

    /// `count` words of zero, aligned to 64 bytes.
    init(zeroes count: Int) {
        self.count = count
        guard let memory = unsafe atoll_aligned_allocate(max(1, count) * 8) else {
            fatalError("out of memory")
        }
        unsafe base = memory.bindMemory(to: UInt64.self, capacity: max(1, count))
        unsafe base.initialize(repeating: 0, count: max(1, count))
    }

    deinit {
        unsafe atoll_aligned_release(base, max(1, count) * 8)
    }
}
