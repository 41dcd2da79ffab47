/// 2xxx: arithmetic and homomorphic encryption.
public enum ArithmeticFaults {
    public static let kernelSelfTest = FaultEntry(
        2001, "kernel-self-test", status: 500,
        "An arithmetic kernel did not reproduce its known answer.",
        fix:
            "Set ATOLL_KERNEL=portable and report the processor model; results of this machine's fast kernel cannot be trusted."
    )

    public static let kernelUnknown = FaultEntry(
        2002, "kernel-unknown", status: 500,
        "There is no arithmetic kernel of that name.",
        fix: "Unset ATOLL_KERNEL to let the machine choose, or name one of the kernels."
    )

    public static let kernelUnavailable = FaultEntry(
        2003, "kernel-unavailable", status: 500,
        "This processor cannot run the arithmetic kernel that was asked for.",
        fix: "Unset ATOLL_KERNEL, or set it to portable, which runs everywhere."
    )

    public static let modulusUnsuitable = FaultEntry(
        2004, "modulus-unsuitable", status: 400,
        "A modulus must be odd, at least 3 and at most 3072 bits long.",
        fix: "Check where the key comes from; a damaged or foreign key is the usual cause."
    )

    public static let noInverse = FaultEntry(
        2005, "no-inverse", status: 400,
        "A residue has no inverse because it shares a factor with the modulus.",
        fix: "Refuse the values: honest ciphertexts always have an inverse."
    )

    static let all: [FaultEntry] = [kernelSelfTest, kernelUnknown, kernelUnavailable, modulusUnsuitable, noInverse]
}
