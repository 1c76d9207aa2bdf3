import CPostgres
import NIOCore
import Synchronization

/// A thread's mailbox: what others want of the connections that only this thread touches.
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

    /// Leaves a message. False when the thread has ended; then a query is answered with
    /// ``PostgresError/Code/shutDown``, and a connection closed.
    @discardableResult
    func post(_ message: Message) -> Bool {
        let isOpen = mailbox.withLock { mailbox in
            if mailbox.isOpen { mailbox.messages.append(message) }
            return mailbox.isOpen
        }
        if isOpen { wake() } else { Self.refuse(message) }
        return isOpen
    }

    /// Ends what a message carries that no thread will handle.
    private static func refuse(_ message: Message) {
        switch message {
        case .adopt(_, let handle): PQfinish(handle.pointer)
        case .run(let job, _): job.finish(.failure(.clientShutDown))
        case .abandon, .cancelReturned, .close, .stop: break
        }
    }

    /// Ends the thread's sleep, if it sleeps or is about to.
    func wake() {
        if isSleeping.exchange(false, ordering: .sequentiallyConsistent) { pipe.wake() }
    }

    /// Takes out all messages; called by the thread.
    func takeMessages() -> [Message] {
        mailbox.withLock { mailbox in
            defer { mailbox.messages = [] }
            return mailbox.messages
        }
    }

    /// From here on ``wake()`` ends the next `poll`; called by the thread, before it looks for the last time for work.
    func prepareToSleep() {
        isSleeping.store(true, ordering: .sequentiallyConsistent)
    }

    /// Waits for ``wake()`` alone, for so long at most, after ``prepareToSleep()``.
    func sleep(milliseconds: Int32) {
        var descriptor = PollDescriptor(wakeDescriptor)
        descriptor.wait(milliseconds: milliseconds)
        wakeUp(wasWoken: descriptor.isReady)
    }

    /// Whether there are no messages.
    var isMailboxEmpty: Bool { mailbox.withLock { $0.messages.isEmpty } }

    /// The thread is awake; `wasWoken` when its descriptor was readable.
    func wakeUp(wasWoken: Bool) {
        isSleeping.store(false, ordering: .sequentiallyConsistent)
        if wasWoken { pipe.drain() }
    }

    /// Refuses messages from now on, and those that were left. Called by the thread as its last deed.
    func closeMailbox() {
        let left = mailbox.withLock { mailbox in
            defer { mailbox = Mailbox(messages: [], isOpen: false) }
            return mailbox.messages
        }
        left.forEach(Self.refuse)
    }
}
