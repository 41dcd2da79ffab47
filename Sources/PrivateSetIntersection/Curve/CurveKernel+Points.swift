import CKernels
import Faults

/// Points are x-coordinates of 32 bytes, least significant first, one after the other.
extension CurveKernel {
    /// Bytes of a point.
    public static let pointBytes = 32

    /// X25519 of every point (RFC 7748). Points of small order give 32 zero bytes.
    public func multiply(_ points: [UInt8], by scalar: CurveScalar) -> [UInt8] {
        precondition(points.count.isMultiple(of: Self.pointBytes), "points are whole")
        return unsafe [UInt8](unsafeUninitializedCapacity: points.count) { out, count in
            unsafe points.withUnsafeBufferPointer { points in
                guard let base = out.baseAddress, let from = points.baseAddress else { return }
                unsafe scalar.withBytes { scalar in
                    unsafe atoll_curve_multiply(pointer, base, scalar, from, points.count / Self.pointBytes)
                }
            }
            count = points.count
        }
    }

    /// The x-coordinates of `hash_to_curve` of the suite `curve25519_XMD:SHA-512_ELL2_RO_` (RFC 9380).
    ///
    /// - Parameter tag: the suite's DST, 1 to 255 bytes.
    public func hash(_ messages: IdentifierTable, tag: [UInt8]) -> [UInt8] {
        map(expand(messages, tag: tag))
    }

    /// 96 bytes for each message: `expand_message_xmd` with SHA-512.
    func expand(_ messages: IdentifierTable, tag: [UInt8]) -> [UInt8] {
        precondition((1...Int(ATOLL_CURVE_TAG_MAX)).contains(tag.count), "a tag has 1 to 255 bytes")
        let size = messages.count * Int(ATOLL_CURVE_UNIFORM_BYTES)
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { out, count in
            unsafe messages.withMessages { messages, number in
                guard number > 0, let base = out.baseAddress else { return }
                unsafe atoll_curve_expand(pointer, base, messages, number, tag, tag.count)
            }
            count = size
        }
    }

    /// The points of 96 uniform bytes each.
    func map(_ uniform: [UInt8]) -> [UInt8] {
        let number = uniform.count / Int(ATOLL_CURVE_UNIFORM_BYTES)
        return unsafe [UInt8](unsafeUninitializedCapacity: number * Self.pointBytes) { out, count in
            if number > 0, let base = out.baseAddress { unsafe atoll_curve_map(pointer, base, uniform, number) }
            count = number * Self.pointBytes
        }
    }

    /// Points of a peer times the scalar.
    ///
    /// - Throws: `AlignFaults.pointUnusable` for a coordinate of 2^255 − 19 or more, and for points of small order,
    ///   whose product is zero. A point of the twist is multiplied like any other: both have large prime order, so
    ///   the product tells nothing of the scalar, and it equals no honest point.
    func raise(_ points: [UInt8], by scalar: CurveScalar) throws(Fault) -> [UInt8] {
        let number = points.count / Self.pointBytes
        guard unsafe atoll_curve_canonical(points, number) == 1 else { throw Fault(AlignFaults.pointUnusable) }
        let raised = multiply(points, by: scalar)
        guard unsafe atoll_curve_any_zero(raised, number) == 0 else { throw Fault(AlignFaults.pointUnusable) }
        return raised
    }

    /// A field operation, for tests: `operation` of `atoll_curve.h` on elements of 32 bytes.
    func field(_ operation: Int32, _ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        precondition(left.count == right.count)
        return unsafe [UInt8](unsafeUninitializedCapacity: left.count) { out, count in
            if let base = out.baseAddress {
                unsafe atoll_curve_field(pointer, operation, base, left, right, left.count / Self.pointBytes)
            }
            count = left.count
        }
    }
}
