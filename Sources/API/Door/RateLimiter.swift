import Faults
import Hummingbird
import Metrics
import Synchronization

/// How many requests are taken of each caller: a bucket that fills at a steady rate and holds five seconds' worth, of
/// which every request takes one.
public final class RateLimiter: Sendable {
    private struct Bucket {
        var left: Double
        var time: Double
    }

    /// Beyond so many callers, those who are done with are forgotten; while none is, newcomers share one bucket.
    private static let mostCallers = 10_000

    private let rate: Double
    private let most: Double
    private let now: @Sendable () -> Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameters:
    ///   - perSecond: of one caller, 1 or more.
    ///   - now: seconds since some moment; never falls.
    public init(perSecond: Int, now: @escaping @Sendable () -> Double = RateLimiter.clock()) {
        rate = Double(perSecond)
        most = Double(perSecond) * 5
        self.now = now
    }

    /// Seconds since it was made.
    public static func clock() -> @Sendable () -> Double {
        let start = ContinuousClock.now
        return {
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            return Double(seconds) + Double(attoseconds) * 1e-18
        }
    }

    /// Takes one request of a caller. Returns nil when it may go on, else after how many seconds the next may, 1 or more.
    public func wait(_ caller: String) -> Int? {
        let time = now()
        return buckets.withLock { buckets in
            var name = caller
            if buckets[name] == nil, buckets.count >= Self.mostCallers {
                buckets = buckets.filter { $0.value.left + (time - $0.value.time) * rate < most }
                if buckets.count >= Self.mostCallers { name = "" }
            }
            let known = buckets[name] ?? Bucket(left: most, time: time)
            let left = min(most, known.left + (time - known.time) * rate)
            buckets[name] = Bucket(left: left >= 1 ? left - 1 : left, time: time)
            return left >= 1 ? nil : max(1, Int(((1 - left) / rate).rounded(.up)))
        }
    }
}

/// Refuses what is more than a caller may send. A user is one caller, however many sessions and tokens it has; who is not
/// known is the address.
struct RateMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let limiter: RateLimiter

    @concurrent
    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let caller = context.caller.map(\.keyOwner) ?? "address \(Self.network(context.address))"
        if let seconds = limiter.wait(caller) {
            Counter(label: "http_requests_refused").increment()
            return Problem.response(Fault(RequestFaults.tooManyRequests, at: "caller"), retryAfter: seconds)
        }
        return try await next(request, context)
    }

    /// What one machine cannot change by itself: the address, of IPv6 the first 64 bits (RFC 4291 2.5.4).
    static func network(_ address: String) -> String {
        guard address.contains(":"), !address.contains(".") else { return address }
        let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let first = halves[0].split(separator: ":")
        let zeros = halves.count == 2 ? max(0, 4 - first.count) : 0
        return (first + Array(repeating: "0", count: zeros)).prefix(4).joined(separator: ":")
    }
}
