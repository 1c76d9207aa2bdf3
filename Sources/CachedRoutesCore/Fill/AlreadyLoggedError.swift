/// An error that was logged where it occurred, so that code that catches it later need not warn of it again.
package protocol AlreadyLoggedError: Error {}
