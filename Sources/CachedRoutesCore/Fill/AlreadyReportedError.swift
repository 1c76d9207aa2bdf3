/// An error that the log has been told of where it came up: whoever meets it later need not warn of it again.
package protocol AlreadyReportedError: Error {}
