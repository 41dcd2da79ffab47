import Arithmetic
import Faults
import Testing

/// Products by index: scattered targets, segments of uneven length, sharing of batches.
@Suite struct IndexedTests {
    let modulusBits = 1024

    func setUp(_ kernel: Kernel, rows: Int) throws -> (modulus: PairModulus, values: [Natural], batch: PairResidues) {
        let modulus = try PairModulus(randomModulus(bits: modulusBits), kernel: kernel)
        let values = (0..<rows).map { _ in SecureRandom.natural(below: modulus.square) }
        return (modulus, values, PairResidues(entering: values, modulus: modulus))
    }

    @Test(arguments: Kernel.available)
    func segments(kernel: Kernel) throws {
        let (modulus, values, rows) = try setUp(kernel, rows: 40)
        // Lengths with nothing, one, and a long tail; more segments than lanes.
        let lengths = [0, 1, 30, 2, 2, 7, 1, 0, 12, 3, 9, 1, 5, 0]
        var starts: [Int32] = [0]
        var indices: [Int32] = []
        for length in lengths {
            for _ in 0..<length { indices.append(Int32.random(in: 0..<40)) }
            starts.append(Int32(indices.count))
        }
        let targets = lengths.indices.map { Int32($0) }.shuffled()
        var sums = rows[0..<lengths.count]
        var expected = Array(values[0..<lengths.count])
        for round in 0..<2 {
            sums.accumulate(at: targets.span, rows: rows, indices: indices.span, starts: starts.span)
            for s in lengths.indices {
                for i in Int(starts[s])..<Int(starts[s + 1]) {
                    let t = Int(targets[s])
                    expected[t] = expected[t] * values[Int(indices[i])] % modulus.square
                }
            }
            #expect(sums.values == expected, "round \(round)")
        }
    }

    @Test(arguments: Kernel.available)
    func scatteredProducts(kernel: Kernel) throws {
        let (modulus, values, rows) = try setUp(kernel, rows: 20)
        let targets: [Int32] = [5, 3, 19, 0, 7, 2, 11, 12, 5, 3]
        let indices: [Int32] = [1, 1, 1, 4, 5, 6, 7, 8, 9, 10]
        var out = rows
        out.multiply(at: targets.span, by: rows, at: indices.span)
        var expected = values
        for (t, i) in zip(targets, indices) { expected[Int(t)] = expected[Int(t)] * values[Int(i)] % modulus.square }
        #expect(out.values == expected)
        out.assignProducts(at: targets.span, of: rows, at: indices.span, and: rows, at: targets.span)
        for (t, i) in zip(targets, indices) { expected[Int(t)] = values[Int(t)] * values[Int(i)] % modulus.square }
        #expect(out.values == expected)
        out.assign(at: targets.span, from: rows, at: indices.span)
        for (t, i) in zip(targets, indices) { expected[Int(t)] = values[Int(i)] }
        #expect(out.values == expected)
        #expect(rows.selecting(indices.span).values == indices.map { values[Int($0)] })
        #expect(rows.values == values, "the batch that was copied from stays as it is")
    }

    @Test(arguments: Kernel.available)
    func wholesAndParts(kernel: Kernel) throws {
        let (modulus, values, rows) = try setUp(kernel, rows: 19)
        #expect(PairResidues(concatenating: [rows[0..<3], rows[3..<3], rows[3..<19]]).values == values)
        let product = values.reduce(Natural.one) { $0 * $1 % modulus.square }
        #expect(rows.product().values == [product])
        #expect(rows[4..<4].product().values == [1])
        var copy = rows
        copy.square()
        #expect(rows.values == values)
    }

    /// A common factor with n shows in the product modulo n, and only then.
    @Test(arguments: Kernel.available)
    func batchGCD(kernel: Kernel) throws {
        let (p, q) = (Primes.random(bits: 512), Primes.random(bits: 512))
        let modulus = try PairModulus(p * q, kernel: kernel)
        var values = (0..<21).map { _ in SecureRandom.natural(coprimeTo: modulus.square) }
        #expect(PairResidues(entering: values, modulus: modulus).productModuloN().gcd(modulus.n) == 1)
        values[13] = p * 12345
        #expect(PairResidues(entering: values, modulus: modulus).productModuloN().gcd(modulus.n) == p)
    }

    @Test(arguments: Kernel.available)
    func inverses(kernel: Kernel) throws {
        let p = Primes.random(bits: 400)
        let modulus = try PairModulus(p * Primes.random(bits: 400), kernel: kernel)
        for count in [0, 1, 8, 13] {
            let values = (0..<count).map { _ in SecureRandom.natural(coprimeTo: modulus.square) }
            let batch = PairResidues(entering: values, modulus: modulus)
            #expect(try batch.inverted().multiplied(by: batch).values == Array(repeating: 1, count: count))
        }
        let bad = PairResidues(entering: [7, p, 9], modulus: modulus)
        #expect(throws: Fault(ArithmeticFaults.noInverse)) { try bad.inverted() }
    }

    /// Many threads read one batch and one table while each writes its own.
    @Test(arguments: fastKernels)
    func threads(kernel: Kernel) async throws {
        let (modulus, values, rows) = try setUp(kernel, rows: 64)
        let table = FixedBase(base: values[0], exponentBits: 64, window: 5, profile: .shared, modulus: modulus)
        let results = await withTaskGroup(of: [Natural].self) { group in
            for task in 0..<8 {
                group.addTask {
                    var own = rows
                    own.square()
                    let exponents = [UInt64(task), UInt64.max]
                    return own[0..<2].multiplied(by: table.powers(exponents: exponents.span, width: 1)).values
                        + [Natural(UInt64(task))]
                }
            }
            return await group.reduce(into: [[Natural]]()) { $0.append($1) }
        }
        #expect(results.count == 8)
        for result in results {
            let square = modulus.square
            #expect(result[0] == values[0] * values[0] % square * slowPower(values[0], result[2], square) % square)
            #expect(
                result[1] == values[1] * values[1] % square * slowPower(values[0], Natural(.max), square) % square)
        }
    }
}
