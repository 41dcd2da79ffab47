import Arithmetic
import BenchKit
import HomomorphicEncryption

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

let subjects = [Subject(bits: 2048), Subject(bits: 3072)]

/// The kernel in use first, then the others that this machine can run.
let kernels = { () -> [String] in
    guard let chosen = try? Kernel.preferred() else { return [] }
    return [chosen.name] + Kernel.available.filter { $0 != chosen }.map(\.name)
}()

let bench = Bench(
    name: "he",
    summary: "Homomorphic encryption: products modulo n², Paillier, packing and bucket accumulation.",
    kernels: kernels,
    rows: subjects.flatMap(\.productRows) + subjects.flatMap(\.paillierRows)
)
exit(await bench.main())
