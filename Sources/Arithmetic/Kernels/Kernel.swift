import CKernels
public import Faults
import Glibc

/// One way to compute with residues. All kernels give the same values; they differ in speed and in what they need.
///
/// - `avx512ifma`: eight residues side by side on 52-bit multiply-add (x86-64 with AVX-512 F, DQ, VL and IFMA).
/// - `mulx`: 64-bit limbs, one residue at a time, two carry chains (x86-64 with BMI2 and ADX).
/// - `portable`: 64-bit limbs in plain C, everywhere.
/// - `ifma-model`: the code of `avx512ifma` over a model of its instructions in plain C; for tests, never chosen.
@safe public struct Kernel: @unchecked Sendable {
    public let name: String
    let pointer: OpaquePointer

    /// The kernel of that name. `ATL-2002` when there is none, `ATL-2003` when this machine cannot run it.
    public init(named name: String) throws(Fault) {
        unsafe try self.init(named: name, runsHere: { unsafe atoll_kernel_runs_here($0) != 0 })
    }

    /// Every kernel that this machine can run, fastest first, the model last.
    public static let available: [Kernel] = names.compactMap { name in
        guard let found = unsafe find(name), unsafe atoll_kernel_runs_here(found) != 0 else { return nil }
        return unsafe Kernel(name: name, pointer: found)
    }

    /// The kernel that `ATOLL_KERNEL` names, else the fastest of this machine, after it reproduced its known answers.
    /// Decided once per process. `ATL-2001`, `ATL-2002`, `ATL-2003`.
    public static func preferred() throws(Fault) -> Kernel {
        try choice.get()
    }

    /// The environment variable that names the kernel to use.
    public static let variable = "ATOLL_KERNEL"

    // MARK: - Below the surface

    static let names = ["avx512ifma", "mulx", "portable", "ifma-model"]

    /// The fastest kernel for single numbers.
    static let scalar: Kernel = available.first { $0.name == "mulx" || $0.name == "portable" }!

    private static let choice: Result<Kernel, Fault> = {
        let wanted = unsafe getenv(variable).map { unsafe String(cString: $0) }
        return Result { () throws(Fault) in try choose(wanted) }
    }()

    /// The kernel for a value of the environment variable; nil or empty leaves the choice to the machine.
    static func choose(_ wanted: String?) throws(Fault) -> Kernel {
        let kernel: Kernel
        if let wanted, !wanted.isEmpty { kernel = try Kernel(named: wanted) } else { kernel = available[0] }
        try KernelSelfTest.run(kernel)
        return kernel
    }

    init(named name: String, runsHere: (OpaquePointer) -> Bool) throws(Fault) {
        guard let found = unsafe Kernel.find(name) else {
            throw Fault(
                ArithmeticFaults.kernelUnknown, at: Kernel.variable, wanted: Kernel.names.joined(separator: ", "))
        }
        guard unsafe runsHere(found) else {
            throw Fault(
                ArithmeticFaults.kernelUnavailable, "This processor cannot run the arithmetic kernel \(name).",
                at: Kernel.variable, wanted: Kernel.available.map(\.name).joined(separator: ", "))
        }
        unsafe self.init(name: name, pointer: found)
    }

    private init(name: String, pointer: OpaquePointer) {
        self.name = name
        unsafe self.pointer = pointer
    }

    private static func find(_ name: String) -> OpaquePointer? {
        unsafe name.withCString { text in unsafe atoll_kernel_named(text) }
    }
}

extension Kernel: Hashable, CustomStringConvertible {
    public static func == (left: Kernel, right: Kernel) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    public var description: String { name }
}
