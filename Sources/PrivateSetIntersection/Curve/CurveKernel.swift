import CKernels
public import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One way to compute on Curve25519. All kernels give the same values; they differ in speed and in what they need.
///
/// - `avx512ifma`: eight points side by side on 52-bit multiply-add (x86-64 with AVX-512 F, DQ, VL and IFMA).
/// - `avx2`: four points side by side on fused multiply-add of doubles (x86-64 with AVX2, FMA and BMI2).
/// - `portable`: one point at a time in plain C, everywhere.
/// - `ifma-model`: the code of `avx512ifma` over a model of its instructions in plain C; for tests, never chosen.
@safe public struct CurveKernel: @unchecked Sendable {
    public let name: String
    let pointer: OpaquePointer

    /// Points that are computed side by side.
    public var lanes: Int { Int(unsafe atoll_curve_lanes(pointer)) }

    /// Every kernel that this machine can run, fastest first, the model last.
    public static let available: [CurveKernel] = ["avx512ifma", "avx2", "portable", "ifma-model"].compactMap { name in
        let found = unsafe name.withCString { unsafe atoll_curve_named($0) }
        guard let found = unsafe found, unsafe atoll_curve_runs_here(found) != 0 else { return nil }
        return unsafe CurveKernel(name: name, pointer: found)
    }

    /// The fastest kernel of this machine, after it reproduced its known answers; decided once per process.
    ///
    /// `ATOLL_KERNEL`, which names the kernel of the arithmetic, is heeded where a curve kernel has that name; `mulx`,
    /// which names none, means the fastest without AVX-512.
    /// - Throws: `AlignFaults.curveSelfTest`.
    public static func preferred() throws(Fault) -> CurveKernel {
        try choice.get()
    }

    private static let choice: Result<CurveKernel, Fault> = {
        let wanted = unsafe getenv("ATOLL_KERNEL").map { unsafe String(cString: $0) }
        return Result { () throws(Fault) in
            let kernel = choose(wanted)
            try CurveSelfTest.run(kernel)
            return kernel
        }
    }()

    /// The kernel for a value of the environment variable.
    static func choose(_ wanted: String?) -> CurveKernel {
        available.first { $0.name == wanted }
            ?? available.first { wanted != "mulx" || $0.name != "avx512ifma" } ?? available[0]
    }

    private init(name: String, pointer: OpaquePointer) {
        self.name = name
        unsafe self.pointer = pointer
    }
}

extension CurveKernel: Hashable, CustomStringConvertible {
    public static func == (left: CurveKernel, right: CurveKernel) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    public var description: String { name }
}

/// Known answers that a kernel must reproduce in every lane before it is used.
enum CurveSelfTest {
    /// RFC 7748, 5.2, the first vector.
    static let scalar = bytes("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    static let point = bytes("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    static let product = bytes("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
    /// RFC 9380, J.4.1, the x-coordinate for "abc", least significant byte first.
    static let tag = Array("QUUX-V01-CS02-with-curve25519_XMD:SHA-512_ELL2_RO_".utf8)
    static let hashed = bytes("6d52bc6a6b822e43de0bd75d91600a7bcc72ca0a2b69de72588fd4f2f119442b")

    /// - Throws: `AlignFaults.curveSelfTest`.
    static func run(_ kernel: CurveKernel, product: [UInt8] = product, hashed: [UInt8] = hashed) throws(Fault) {
        let count = 9
        let points = [UInt8]((0..<count).flatMap { _ in point })
        let messages = IdentifierTable((0..<count).map { _ in Array("abc".utf8) })
        guard kernel.multiply(points, by: CurveScalar(bytes: scalar)) == (0..<count).flatMap({ _ in product }),
            kernel.hash(messages, tag: tag) == (0..<count).flatMap({ _ in hashed })
        else {
            throw Fault(
                AlignFaults.curveSelfTest, "The curve kernel \(kernel.name) did not reproduce its known answer.")
        }
    }

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.utf8.map { $0 < 0x40 ? $0 - 0x30 : $0 - 0x61 + 10 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
