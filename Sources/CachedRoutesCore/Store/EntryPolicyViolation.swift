/// The reason for rejecting an entry that its route would not have stored.
package enum EntryPolicyViolation: String, Error, Sendable, Hashable, CaseIterable {
    case status = "a response with a status that its route does not store"
    case lifetime = "a response without a lifetime"
    case fields = "a response with fields that its route does not send"
    case cacheControl = "a response with a Cache-Control that its route does not send"
    case metadata = "a response with an ETag, a date or an age that its route does not send"
    case contentType = "a response with a content type that its route does not send"
    case coding = "a response with a coding that its key does not allow"
    case length = "a response that is longer than its route stores"
}
