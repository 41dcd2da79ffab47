import CKernels

extension Natural {
    public static func + (left: Natural, right: Natural) -> Natural {
        let (long, short) = left.wordCount >= right.wordCount ? (left, right) : (right, left)
        let sum = WipedWords(zeroes: long.wordCount + 1)
        unsafe sum.base.update(from: long.storage.base, count: long.wordCount)
        var carry = unsafe atoll_words_add(sum.base, sum.base, short.storage.base, short.wordCount)
        var i = short.wordCount
        while carry > 0 {
            unsafe sum.base[i] &+= carry
            carry = unsafe sum.base[i] == 0 ? 1 : 0
            i += 1
        }
        return Natural(adopting: sum)
    }

    /// Traps when the result would lie below zero.
    public static func - (left: Natural, right: Natural) -> Natural {
        precondition(right <= left, "a natural does not go below zero")
        let rest = WipedWords(zeroes: left.wordCount)
        unsafe rest.base.update(from: left.storage.base, count: left.wordCount)
        var borrow = unsafe atoll_words_subtract(rest.base, rest.base, right.storage.base, right.wordCount)
        var i = right.wordCount
        while borrow > 0 {
            borrow = unsafe rest.base[i] == 0 ? 1 : 0
            unsafe rest.base[i] &-= 1
            i += 1
        }
        return Natural(adopting: rest)
    }

    public static func * (left: Natural, right: Natural) -> Natural {
        let product = WipedWords(zeroes: left.wordCount + right.wordCount)
        unsafe atoll_words_multiply(
            product.base, left.storage.base, left.wordCount, right.storage.base, right.wordCount)
        return Natural(adopting: product)
    }

    public static func << (value: Natural, bits: Int) -> Natural {
        precondition(bits >= 0)
        let whole = bits / 64
        let shifted = WipedWords(zeroes: value.wordCount + whole + 1)
        let out = unsafe atoll_words_shift_left(
            shifted.base + whole, value.storage.base, value.wordCount, UInt32(bits % 64))
        unsafe shifted.base[value.wordCount + whole] = out
        return Natural(adopting: shifted)
    }

    public static func >> (value: Natural, bits: Int) -> Natural {
        precondition(bits >= 0)
        let whole = bits / 64
        if whole >= value.wordCount { return zero }
        let shifted = WipedWords(zeroes: value.wordCount - whole)
        unsafe atoll_words_shift_right(
            shifted.base, value.storage.base + whole, value.wordCount - whole, UInt32(bits % 64))
        return Natural(adopting: shifted)
    }

    public static func += (left: inout Natural, right: Natural) { left = left + right }
    public static func -= (left: inout Natural, right: Natural) { left = left - right }
    public static func *= (left: inout Natural, right: Natural) { left = left * right }

    public static func / (left: Natural, right: Natural) -> Natural { left.divided(by: right).quotient }
    public static func % (left: Natural, right: Natural) -> Natural { left.divided(by: right).remainder }

    /// self = quotient · divisor + remainder, remainder < divisor. Traps on zero.
    public func divided(by divisor: Natural) -> (quotient: Natural, remainder: Natural) {
        precondition(!divisor.isZero, "division by zero")
        if self < divisor { return (.zero, self) }
        let quotient = WipedWords(zeroes: wordCount - divisor.wordCount + 1)
        let rest = WipedWords(zeroes: wordCount)
        let scratch = WipedWords(zeroes: wordCount + divisor.wordCount + 1)
        unsafe rest.base.update(from: storage.base, count: wordCount)
        unsafe atoll_words_divide(
            quotient.base, rest.base, wordCount, divisor.storage.base, divisor.wordCount, scratch.base)
        return (Natural(adopting: quotient), Natural(adopting: rest))
    }

    /// The remainder of a division by a word that is not zero.
    public func remainder(by divisor: UInt64) -> UInt64 {
        precondition(divisor > 0, "division by zero")
        return unsafe atoll_words_remainder(storage.base, wordCount, divisor)
    }

    /// The largest r with r^degree <= self, by Newton's iteration from above. degree >= 1.
    public func root(_ degree: Int) -> Natural {
        precondition(degree >= 1)
        if bitWidth <= 1 || degree == 1 { return self }
        var guess = Natural.power(ofTwo: (bitWidth + degree - 1) / degree)
        while true {
            var power = Natural.one
            for _ in 1..<degree { power *= guess }
            let next = (guess * Natural(UInt64(degree - 1)) + self / power) / Natural(UInt64(degree))
            if next >= guess { return guess }
            guess = next
        }
    }

    /// The largest r with r² <= self.
    public func squareRoot() -> Natural { root(2) }
}
