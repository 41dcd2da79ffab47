import CKernels
public import Faults

extension PairResidues {
    /// 1 + m·n for every m of `width` words, m < 2^bitWidth.
    public init(onePlus m: Span<UInt64>, width: Int, modulus: PairModulus) {
        precondition(width > 0 && m.count % width == 0, "values fill the span")
        self.init(ones: m.count / width, modulus: modulus)
        multiplyOnePlus(m, width: width)
    }

    /// self[i] *= 1 + m_i·n for m of `width` words each, m < 2^bitWidth: no product of pairs is needed.
    public mutating func multiplyOnePlus(_ m: Span<UInt64>, width: Int) {
        precondition(width > 0 && m.count == count * width, "a value for every element")
        let core = modulus.core
        let base = unsafe batch.writable()
        unsafe withPointer(m) { words in
            guard let words = unsafe words else { return }
            let digits = unsafe atoll_digits(
                words: words, element_words: width, step_bits: 0, digit_bits: core.n.bitWidth)
            unsafe atoll_batch_one_plus(core.pointer, base, batch.operand, core.plainSquareOfR.base, digits, count)
        }
    }

    /// Unique halves (x0, x1), `modulus.partWords` words each: values are x0 + n·x1.
    public func leaveParts(low: inout MutableSpan<UInt64>, high: inout MutableSpan<UInt64>) {
        batch.leaveParts(low: &low, high: &high)
    }

    /// The product of all elements modulo n, times a unit: it shares a factor with n exactly when some element does.
    /// 0.4 of a product per element.
    public func productModuloN() -> Natural {
        let plain = modulus.plain
        let product = Residues(batch.productOfLowHalves(plain: plain.core), modulus: plain)
        return Natural(words: product.leaveWords())
    }

    /// The inverse of every element: prefix products, one inversion, and two products per element (Montgomery).
    /// `ATL-2005` when some element has none. Variable time.
    public func inverted() throws(Fault) -> PairResidues {
        if count == 0 { return self }
        // before[i] is the product of the elements ahead of i within its chain; eight chains run side by side.
        let chain = (count + 7) / 8
        var before = PairResidues(ones: count, modulus: modulus)
        var running = PairResidues(ones: 8, modulus: modulus)
        func lanes(_ step: Int) -> (elements: [Int32], chains: [Int32]) {
            let inside = (0..<8).filter { $0 * chain + step < min(count, ($0 + 1) * chain) }
            return (inside.map { Int32($0 * chain + step) }, inside.map { Int32($0) })
        }
        for step in 0..<chain {
            let (elements, chains) = lanes(step)
            before.assign(at: elements.span, from: running, at: chains.span)
            running.multiply(at: chains.span, by: self, at: elements.span)
        }
        var inverse = try running.invertedOneByOne()
        var out = self
        for step in (0..<chain).reversed() {
            let (elements, chains) = lanes(step)
            out.assignProducts(at: elements.span, of: inverse, at: chains.span, and: before, at: elements.span)
            inverse.multiply(at: chains.span, by: self, at: elements.span)
        }
        return out
    }

    /// Inverses by Euclid modulo n and one step of Newton's iteration: y(2 - xy) is right modulo n².
    private func invertedOneByOne() throws(Fault) -> PairResidues {
        let words = leaveWords()
        var inverses: [Natural] = []
        for i in 0..<count {
            let start = i * modulus.valueWords
            let value = Natural(words: words.span.extracting(start..<start + modulus.valueWords))
            guard let guess = (value % modulus.n).inverse(modulo: modulus.n) else {
                throw Fault(ArithmeticFaults.noInverse)
            }
            let error = value * guess % modulus.square
            inverses.append(guess * (modulus.square + 2 - error) % modulus.square)
        }
        return PairResidues(entering: inverses, modulus: modulus)
    }
}
