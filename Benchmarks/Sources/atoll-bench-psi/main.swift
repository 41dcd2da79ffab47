import BenchKit
import PrivateSetIntersection

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

let bench = Bench(
    name: "psi",
    summary:
        "Private alignment of ids: multiplications on Curve25519, and the exchange between two parties. The rows of "
        + "ten million ids are there with ATOLL_BENCH_LARGE=1.",
    kernels: CurveKernel.available.map(\.name).filter { $0 != "ifma-model" },
    rows: curveRows + exchangeRows("1e5", 100_000) + exchangeRows("1e6", 1_000_000)
        + (getenv("ATOLL_BENCH_LARGE") == nil ? [] : exchangeRows("1e7", 10_000_000))
)
exit(await bench.main())
