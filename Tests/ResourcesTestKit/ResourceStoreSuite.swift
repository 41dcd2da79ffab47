/// What every store must do, whatever it keeps resources in: the sentences of `ResourceStore` and `RevisionStore` as
/// checks. An adapter joins by making a `StoreHarness` and running each of `checks` on it.
public enum ResourceStoreSuite {
    public static let checks: [StoreCheck] =
        creating + reading + paging + selecting + updating + contending + deleting + collecting + watching
        + watchingLate + revising + [randomHistory]
}
