/// The reason for rejecting an entry that its route would not have stored.
package enum EntryFault: String, Error, Sendable, Hashable, CaseIterable {
    case status = "an answer with a status that its route does not store"
    case life = "an answer without a life"
    case fields = "an answer with fields that its route does not give"
    case cacheControl = "an answer with a Cache-Control that its route does not give"
    case metadata = "an answer with an ETag, a date or an age that its route does not give"
    case contentType = "an answer with a content type that its route does not give"
    case coding = "an answer with a coding that does not belong there"
    case length = "an answer that is longer than its route stores"
}
