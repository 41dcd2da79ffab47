import CKernels
import Synchronization

/// A secret as words in pages of its own: left out of core dumps, wiped when it goes out of scope.
///
/// It cannot be copied, compared, hashed, printed or encoded. Lengths are public, words are not.
@safe public struct SecretWords: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutablePointer<UInt64>
    /// How many words; at least one is allocated.
    public let count: Int

    /// `count` words of zero.
    public init(count: Int) {
        precondition(count >= 0, "a secret has a size")
        self.count = count
        guard let memory = unsafe atoll_secret_allocate(count * 8) else { fatalError("out of memory") }
        unsafe base = memory.bindMemory(to: UInt64.self, capacity: max(1, count))
    }

    /// The value in exactly `count` words, or as many as it needs. Traps when it does not fit.
    public init(_ value: Natural, count: Int? = nil) {
        self.init(count: count ?? value.wordCount)
        withMutableWords { words in value.copyWords(into: &words) }
    }

    deinit {
        unsafe atoll_secret_release(base, count * 8)
    }

    /// Reads the words.
    public func withWords<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt64>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe Span(_unsafeStart: base, count: count))
    }

    /// Writes the words.
    public mutating func withMutableWords<Result: ~Copyable, Failure: Error>(
        _ body: (inout MutableSpan<UInt64>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var words = unsafe MutableSpan(_unsafeStart: base, count: count)
        return try body(&words)
    }

    /// The secret as a number. Its storage is wiped as well, but it can be copied: keep it short.
    public func reveal() -> Natural {
        withWords { words in Natural(words: words) }
    }
}

extension SecretWords {
    /// Test hook: calls `observer` with the memory of every secret, natural, batch and table after it was wiped and
    /// before it is given back, on the releasing thread, for as long as `body` runs. One observer at a time. The
    /// observer must not make or release such memory itself.
    @_spi(Testing)
    public static func observeReleases(
        _ observer: @escaping @Sendable (UnsafeRawBufferPointer) -> Void,
        while body: () throws -> Void
    ) rethrows {
        try turn.withLock { _ in
            current.withLock { $0 = unsafe Observer(call: observer) }
            unsafe atoll_secret_observe { memory, size in
                let seen = unsafe UnsafeRawBufferPointer(start: memory, count: size)
                let observer = SecretWords.current.withLock { $0 }
                unsafe observer?.call(seen)
            }
            defer {
                atoll_secret_observe(nil)
                current.withLock { $0 = nil }
            }
            try body()
        }
    }

    private static let turn = Mutex(())

    /// A closure read and written back as a generic value is wrapped anew each time, without end; inside a structure it
    /// is not.
    @safe
    private struct Observer: Sendable {
        let call: @Sendable (UnsafeRawBufferPointer) -> Void
    }

    private static let current = Mutex<Observer?>(nil)
}
