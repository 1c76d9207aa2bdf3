/// The shape that the reply to a command is expected to have.
struct RedisReplyShape: Hashable, Sendable {
    /// The number of elements, from the first one on, that may be long.
    var longElements = 1
    /// The number of replies of the server that make one.
    var replyCount = 1
}
