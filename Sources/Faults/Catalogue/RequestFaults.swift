/// 8xxx: requests as such, whatever they ask for.
public enum RequestFaults {
    public static let keyForm = FaultEntry(
        8061, "request-key-form", status: 400, "The header Idempotency-Key cannot be used.",
        fix: "Send 1 to 255 visible ASCII characters, such as a UUID, once, with or without quotes."
    )
    public static let keyReused = FaultEntry(
        8062, "request-key-reused", status: 422, "The key was used for another request within a day.",
        fix: "Send every request under a key of its own, and the same key only with the same request."
    )
    public static let keyRunning = FaultEntry(
        8063, "request-key-running", status: 409, "The first request with this key is still being worked on.",
        fix: "Send it again in a few seconds."
    )
    public static let keyUnknown = FaultEntry(
        8064, "request-key-unknown", status: 409,
        "The first request with this key began, and how it ended is not known: the site may have stopped meanwhile.",
        fix: "Look at the resource to see whether it was done; if it was not, send the request under a new key."
    )
    public static let keyRefused = FaultEntry(
        8065, "request-key-refused", status: 400, "This request takes no Idempotency-Key.",
        fix:
            "Leave the header out: of requests that hold or tell a secret nothing is kept, and chunks may be sent again."
    )
    public static let tooManyKeys = FaultEntry(
        8066, "too-many-request-keys", status: 429, "Too many requests with keys were sent within a day.",
        fix: "Send the request without a key, or wait until older keys are a day old."
    )
    public static let answerNotKept = FaultEntry(
        8067, "request-answer-not-kept", status: 409,
        "The request with this key was done before, and its answer was too large to keep.",
        fix: "Read the resource; the request is not done again."
    )
    public static let tooManyRequests = FaultEntry(
        8068, "too-many-requests", status: 429, "The caller sends more requests than the site takes from one.",
        fix: "Wait as many seconds as the header Retry-After says; `management.rate` sets how many are taken."
    )
    public static let formToken = FaultEntry(
        8069, "form-token", status: 403, "The form does not come from a page that this browser got from this site.",
        fix: "Send the form again from this page; allow cookies of this site. Nothing was changed."
    )

    static let all: [FaultEntry] = [
        keyForm, keyReused, keyRunning, keyUnknown, keyRefused, tooManyKeys, answerNotKept, tooManyRequests, formToken,
    ]
}
