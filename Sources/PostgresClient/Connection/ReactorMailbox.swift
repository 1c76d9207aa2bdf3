import CPostgres
import NIOCore
import Synchronization

/// The mailbox of a reactor thread: messages from other threads about the connections that only this thread uses.
final class ReactorMailbox: Sendable {
    enum Message: Sendable {
        /// Take over this connection; it is idle.
        case adopt(UInt64, LibpqConnectionHandle)
        case run(QueryJob, on: UInt64)
        case abandon(UInt64, on: UInt64)
        case cancelReturned(UInt64)
        case close(UInt64, PostgresError?)
        /// Close all connections and end the thread.
        case stop
    }

    private struct Mailbox {
        var messages: [Message] = []
        var isOpen = true
    }

    private let mailbox = Mutex(Mailbox())
    private let isSleeping = Atomic(false)
    private let pipe: WakePipe

    init() throws(PostgresError) {
        pipe = try WakePipe()
    }

    /// The descriptor that becomes readable when the thread is woken.
    var wakeDescriptor: Int32 { pipe.readEnd }

    /// Posts a message.
    ///
    /// - Returns: `false` if the thread has ended. A query then fails with ``PostgresError/Code/shutDown``, and a new
    ///   connection is closed.
    @discardableResult
    func post(_ message: Message) -> Bool {
        let isOpen = mailbox.withLock { mailbox in
            if mailbox.isOpen { mailbox.messages.append(message) }
            return mailbox.isOpen
        }
        if isOpen { wake() } else { Self.refuse(message) }
        return isOpen
    }

    /// Fails the query or closes the connection of a message that will not be handled.
    private static func refuse(_ message: Message) {
        switch message {
        case .adopt(_, let handle): PQfinish(handle.pointer)
        case .run(let job, _): job.finish(.failure(.clientShutDown))
        case .abandon, .cancelReturned, .close, .stop: break
        }
    }

    /// Wakes the thread if it sleeps or is about to.
    func wake() {
        if isSleeping.exchange(false, ordering: .sequentiallyConsistent) { pipe.wake() }
    }

    /// Removes and returns all messages. Called by the thread.
    func takeMessages() -> [Message] {
        mailbox.withLock { mailbox in
            defer { mailbox.messages = [] }
            return mailbox.messages
        }
    }

    /// Makes ``wake()`` end the next `poll`. Called by the thread before it looks for work for the last time.
    func prepareToSleep() {
        isSleeping.store(true, ordering: .sequentiallyConsistent)
    }

    /// Waits only for ``wake()``, for this time at most, after ``prepareToSleep()``.
    func sleep(milliseconds: Int32) {
        var descriptor = PollDescriptor(wakeDescriptor)
        descriptor.wait(milliseconds: milliseconds)
        wakeUp(wasWoken: descriptor.isReady)
    }

    /// Indicates that there are no messages.
    var isMailboxEmpty: Bool { mailbox.withLock { $0.messages.isEmpty } }

    /// Ends the sleep.
    ///
    /// - Parameter wasWoken: true if the descriptor was readable.
    func wakeUp(wasWoken: Bool) {
        isSleeping.store(false, ordering: .sequentiallyConsistent)
        if wasWoken { pipe.drain() }
    }

    /// Refuses further messages and those that have not been handled. Called by the thread when its loop ends.
    func closeMailbox() {
        let left = mailbox.withLock { mailbox in
            defer { mailbox = Mailbox(messages: [], isOpen: false) }
            return mailbox.messages
        }
        left.forEach(Self.refuse)
    }
}
