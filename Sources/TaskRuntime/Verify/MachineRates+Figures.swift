extension MachineRates {
    /// Rates from what `verify` measured at one site. What it was told to leave out keeps the careful value, and the
    /// rates do not count as measured then.
    public init(figures: [String: Double]) {
        let careful = MachineRates.careful
        let products = figures["kernel.products_per_second"]
        let encryptions = figures["kernel.encryptions_per_second"]
        let decryptions = figures["kernel.decryptions_per_second"]
        func routes(_ endings: [String]) -> [Double] {
            figures.filter { figure in
                figure.key.hasPrefix("route.") && endings.contains { figure.key.hasSuffix($0) } && figure.value > 0
            }.map(\.value)
        }
        let bandwidth = routes([".bandwidth_out", ".bandwidth_in"]).min()
        let roundTrip = routes([".round_trip_p50"]).max()
        self.init(
            productsPerSecond: products ?? careful.productsPerSecond,
            encryptionsPerSecond: encryptions ?? careful.encryptionsPerSecond,
            decryptionsPerSecond: decryptions ?? careful.decryptionsPerSecond,
            bandwidth: bandwidth ?? careful.bandwidth, roundTrip: roundTrip ?? careful.roundTrip,
            isMeasured: products != nil && encryptions != nil && decryptions != nil && bandwidth != nil
                && roundTrip != nil)
    }
}
