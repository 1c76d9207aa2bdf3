import NIOCore
import Synchronization

/// One response in its two forms: without a content coding, and in gzip coding.
///
/// It begins with the form in which the response was made or found. The other one is made when it is first asked for,
/// once for all requests that share the response.
final class ResponseForms: Sendable {
    /// A form of the response.
    struct Form: Sendable {
        let entry: CacheEntry
        /// Completes when the form is in the store, or will not be; `nil` if there is nothing to wait for.
        var settled: EventLoopFuture<Void>?
    }

    /// The form in which the response was made or found.
    let original: CacheEntry
    private let makeOther: (@Sendable (any EventLoop) -> EventLoopFuture<Form?>)?
    private let other = Mutex<EventLoopFuture<Form?>?>(nil)

    /// - Parameters:
    ///   - original: the form in which the response was made or found.
    ///   - makeOther: makes the other form on behalf of a request's event loop; the future's value is `nil` if that is
    ///     not possible, and the future does not fail. `nil`: clients get the original, whatever they accept.
    init(_ original: CacheEntry, makeOther: (@Sendable (any EventLoop) -> EventLoopFuture<Form?>)? = nil) {
        self.original = original
        self.makeOther = makeOther
    }

    /// Returns the form for clients that get `coding`, if that is the one in which the response was made or found.
    func readyForm(for coding: ContentCoding) -> Form? {
        maker(of: coding) == nil ? Form(entry: original) : nil
    }

    /// Returns the work that makes the form for clients that get `coding`; `nil` if that is the original one.
    private func maker(of coding: ContentCoding) -> (@Sendable (any EventLoop) -> EventLoopFuture<Form?>)? {
        original.coding == coding || !original.hasOtherForm ? nil : makeOther
    }

    /// Passes on the form for clients that get `coding`, on the event loop.
    ///
    /// It has to be called on the event loop.
    ///
    /// - Parameters:
    ///   - coding: the coding that the client prefers.
    ///   - deadline: the time by which the form has to be available.
    ///   - eventLoop: the event loop of the request.
    ///   - completion: takes the form: the one without a coding if there is no other by the deadline, and `nil` if that
    ///     one is not available either.
    func form(
        for coding: ContentCoding,
        by deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping (Form?) -> Void
    ) {
        guard let makeOther = maker(of: coding) else { return completion(Form(entry: original)) }
        made(by: makeOther, on: eventLoop).value(by: deadline, on: eventLoop) { form in
            completion(form.flatMap { $0 } ?? (self.original.coding == .identity ? Form(entry: self.original) : nil))
        }
    }

    private func made(
        by makeOther: (any EventLoop) -> EventLoopFuture<Form?>,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Form?> {
        if let made = other.withLock({ $0 }) { return made }
        let promise = eventLoop.makePromise(of: Form?.self)
        let earlier = other.withLock { other -> EventLoopFuture<Form?>? in
            if let other { return other }
            other = promise.futureResult
            return nil
        }
        if let earlier {
            promise.succeed(nil)
            return earlier
        }
        makeOther(eventLoop).cascade(to: promise)
        return promise.futureResult
    }
}
