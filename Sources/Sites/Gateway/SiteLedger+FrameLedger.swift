public import Ledger

extension SiteLedger: FrameLedger {}
