import CKernels

extension Batch {
    func multiplied(by other: Batch) -> Batch {
        expectSameModulus(other)
        let out = Batch(blank: count, core: core)
        unsafe atoll_batch_multiply(
            core.pointer, core.form, out.storage.base, nil, operand, other.operand(spreadOver: count), count)
        return out
    }

    mutating func multiply(by other: Batch) {
        expectSameModulus(other)
        let base = unsafe writable()
        unsafe atoll_batch_multiply(
            core.pointer, core.form, base, nil, operand, other.operand(spreadOver: count), count)
    }

    mutating func assign(at targets: Span<Int32>, from source: Batch, at indices: Span<Int32>) {
        expectSameModulus(source)
        expect(targets)
        source.expect(indices)
        precondition(targets.count == indices.count, "one source for every target")
        let base = unsafe writable()
        for i in targets.indices {
            let from = unsafe source.storage.base + Int(indices[i]) * core.element
            unsafe (base + Int(targets[i]) * core.element).update(from: from, count: core.element)
        }
    }

    mutating func assignProducts(
        at targets: Span<Int32>, of left: Batch, at leftIndices: Span<Int32>, and right: Batch,
        at rightIndices: Span<Int32>
    ) {
        expectSameModulus(left)
        expectSameModulus(right)
        expect(targets)
        left.expect(leftIndices)
        right.expect(rightIndices)
        precondition(
            targets.count == leftIndices.count && targets.count == rightIndices.count, "one pair for every target")
        let base = unsafe writable()
        unsafe withPointer(targets) { target in
            unsafe withPointer(leftIndices) { a in
                unsafe withPointer(rightIndices) { b in
                    unsafe atoll_batch_multiply(
                        core.pointer, core.form, base, target, left.operand(a), right.operand(b), targets.count)
                }
            }
        }
    }

    mutating func multiply(at targets: Span<Int32>, by rows: Batch, at indices: Span<Int32>) {
        expectSameModulus(rows)
        expect(targets)
        rows.expect(indices)
        precondition(targets.count == indices.count, "one factor for every target")
        let base = unsafe writable()
        unsafe withPointer(targets) { target in
            unsafe withPointer(indices) { b in
                unsafe atoll_batch_multiply(
                    core.pointer, core.form, base, target, operand(target), rows.operand(b), targets.count)
            }
        }
    }

    mutating func accumulate(
        at targets: Span<Int32>, rows: Batch, indices: Span<Int32>, starts: Span<Int32>
    ) {
        expectSameModulus(rows)
        expect(targets)
        rows.expect(indices)
        precondition(starts.count == targets.count + 1, "a start for every target, and the end")
        let base = unsafe writable()
        unsafe Batch.accumulate(
            core, core.form, base, targets: targets, rows: rows.storage.base, stride: core.element,
            indices: indices, starts: starts)
    }

    mutating func square(times: Int) {
        precondition(times >= 0)
        let base = unsafe writable()
        unsafe atoll_batch_square(core.pointer, core.form, base, operand, count, times)
    }

    func squared(times: Int) -> Batch {
        precondition(times >= 0)
        let out = Batch(blank: count, core: core)
        unsafe atoll_batch_square(core.pointer, core.form, out.storage.base, operand, count, times)
        return out
    }

    /// The product of all elements, as one element: eight running products, then those.
    func product() -> Batch {
        Batch.product(self, form: core.form, core: core)
    }

    /// The product modulo n of the low halves of pairs, in `plain`'s form: both share R.
    func productOfLowHalves(plain: ModulusCore) -> Batch {
        Batch.product(self, form: 1, core: plain)
    }

    private static func product(_ batch: Batch, form: Int32, core: ModulusCore) -> Batch {
        var running = Batch(ones: 8, core: core)
        let base = unsafe running.writable()
        let starts = (0...8).map { Int32(batch.count * $0 / 8) }
        let indices = (0..<batch.count).map { Int32($0) }
        let targets = (0..<8).map { Int32($0) }
        unsafe accumulate(
            core, form, base, targets: targets.span, rows: batch.storage.base, stride: batch.core.element,
            indices: indices.span, starts: starts.span)
        var whole = Batch(ones: 1, core: core)
        let last = unsafe whole.writable()
        let (first, all): ([Int32], [Int32]) = ([0], [0, 8])
        unsafe accumulate(
            core, form, last, targets: first.span, rows: base, stride: core.element, indices: targets.span,
            starts: all.span)
        return whole
    }

    private static func accumulate(
        _ core: ModulusCore, _ form: Int32, _ base: UnsafeMutablePointer<UInt64>, targets: Span<Int32>,
        rows: UnsafePointer<UInt64>, stride: Int, indices: Span<Int32>, starts: Span<Int32>
    ) {
        unsafe withPointer(targets) { target in
            unsafe withPointer(indices) { index in
                unsafe withPointer(starts) { start in
                    guard let target = unsafe target, let start = unsafe start, let index = unsafe index else { return }
                    precondition(
                        unsafe atoll_starts_ordered(start, starts.count, Int32(indices.count)) == 1,
                        "starts rise and stay within the indices")
                    unsafe atoll_batch_accumulate(
                        core.pointer, form, base, target, rows, stride, index, start, targets.count)
                }
            }
        }
    }
}
