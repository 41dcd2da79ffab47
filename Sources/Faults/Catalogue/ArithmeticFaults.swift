/// 2xxx: arithmetic and homomorphic encryption.
public enum ArithmeticFaults {
    public static let kernelSelfTest = FaultEntry(
        2001, "kernel-self-test", status: 500,
        "An arithmetic kernel did not reproduce its known answer.",
        fix: "Set ATOLL_KERNEL=portable and report the processor model; results of this machine's fast kernel cannot be trusted."
    )

    static let all: [FaultEntry] = [kernelSelfTest]
}
