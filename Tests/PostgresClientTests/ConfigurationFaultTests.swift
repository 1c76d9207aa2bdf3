import CPostgres
import TestServers
import Testing

@testable import PostgresClient

@Suite struct ConfigurationFaultTests {
    private func faults(_ url: String?) -> [String] {
        PostgresConfiguration(url: url).connectionFaults().map { $0.message(ofConnectionString: "URL") }
    }

    @Test(
        arguments: [
            ("postgresql://h:bad/x", "URL: port is not a whole number from 1 to 65535"),
            ("postgresql://h:0/x", "URL: port is not a whole number from 1 to 65535"),
            ("postgresql://h:70000/x", "URL: port is not a whole number from 1 to 65535"),
            ("host=h port=-1", "URL: port is not a whole number from 1 to 65535"),
            ("host=a,b port=1,x", "URL: port is not a list of whole numbers from 1 to 65535"),
            ("host=a,b,c port=1,2", "URL has 2 ports for 3 hosts"),
            ("host=a port=1,2", "URL has 2 ports for 1 host"),
            ("postgresql://h/x?connect_timeout=abc", "URL: connect_timeout 'abc' is not a whole number"),
            ("host=h connect_timeout=1.5", "URL: connect_timeout '1.5' is not a whole number"),
            ("host=h connect_timeout=99999999999", "URL: connect_timeout '99999999999' is not a whole number"),
            ("host=h keepalives=yes", "URL: keepalives 'yes' is not a whole number"),
            ("host=h tcp_user_timeout=30s", "URL: tcp_user_timeout '30s' is not a whole number"),
            (
                "postgresql://h/x?sslmode=on",
                "URL: sslmode 'on' is not one of disable, allow, prefer, require, verify-ca, verify-full"
            ),
            (
                "postgresql://a,b/x?target_session_attrs=master",
                "URL: target_session_attrs 'master' is not one of any, read-write, read-only, primary, standby, "
                    + "prefer-standby"
            ),
            ("host=h channel_binding=no", "URL: channel_binding 'no' is not one of disable, prefer, require"),
            ("host=300.1.1.1", "URL: host is not a host's name, an IP address or the folder of a socket"),
            ("host=a,b..c", "URL: host is not a host's name, an IP address or the folder of a socket"),
            ("hostaddr=localhost", "URL: hostaddr is not an IP address, or a list of them"),
            (
                "host=a,b hostaddr=127.0.0.1",
                "URL is refused by libpq: could not match 2 host names to 1 hostaddr values"
            ),
            ("service=nowhere", "URL is refused by libpq: definition of service \"nowhere\" not found"),
            ("mysql://x", "URL is no libpq connection string, such as postgresql://user:password@host/database"),
            (
                "mysql://u:p@h/x?a=b",
                "URL is no libpq connection string, such as postgresql://user:password@host/database"
            ),
            ("postgres:/x", "URL is no libpq connection string, such as postgresql://user:password@host/database"),
            ("localhost", "URL is no libpq connection string, such as postgresql://user:password@host/database"),
            (
                "jdbc:postgresql://h/d?user=u",
                "URL is no libpq connection string, such as postgresql://user:password@host/database"
            ),
            (
                "postgresql://h/x?sslmod=require",
                "URL has the parameter 'sslmod', which libpq doesn't know; did you mean 'sslmode'?"
            ),
            (
                "host=h databse=x",
                "URL has the parameter 'databse', which libpq doesn't know"
            ),
            ("postgresql://h/x?pool_max=3", "URL has the parameter 'pool_max', which libpq doesn't know"),
            (
                "host=h local host",
                "URL can't be read: a word in it has no '='; put values with blanks in single quotes"
            ),
            (
                "postgresql://u:50%@h/x",
                "URL can't be read: a '%' is not followed by two hexadecimal digits; write '%' itself as %25"
            ),
        ]
    )
    func aValueThatNoServerCanMakeRightIsAFault(url: String, expected: String) {
        #expect(faults(url) == [expected])
    }

    @Test(
        arguments: [
            "", "postgresql://", "postgresql://u:p@h/x", "host=/run/postgresql", "host=@abstract", "port=5432",
            "host=a,b port=1", "host=a,b port=,2", "host=a,b port=1,2", "host=a, port=5432,",
            "postgresql://[::1]:5432/x",
            "hostaddr=127.0.0.1,::1 host=a,b", "hostaddr=127.0.0.1 host=300.1.1.1", "connect_timeout=' 3 '",
            "host=db_1.internal-2.example.com.", "host=größe.example", "connect_timeout=-1 keepalives_idle=0",
            "sslmode=verify-full target_session_attrs=standby gssencmode=disable", "host=127.1", "host=a1,1a",
        ]
    )
    func whatAServerMayMakeRightIsNone(url: String) {
        #expect(faults(url) == [])
    }

    @Test func allFaultsAreFoundAtOnce() {
        #expect(faults("host=300.1.1.1 port=x connect_timeout=y sslmode=z").count == 4)
    }

    @Test(
        arguments: [
            "postgresql://user:secret/x", "postgresql://u:secret:word@h/x", "postgresql://u:a?secret=b@h/x",
            "postgresql://u:a%zzsecret@h/x", "host=h password=my secret=x", "host=h password='secret",
            "mysql://u:secret@h/x", "postgresql://u:a/secret@h/x", "postgresql://secret secret@h:x/d?sslmode=a@secret",
            "password=x\u{301}\"secret\" y",
        ]
    )
    func nothingThatMayBeAPasswordIsRepeated(url: String) {
        for fault in faults(url) { #expect(!fault.contains("secret"), "\(fault)") }
    }

    /// libpq itself, which connects to a server that is there: only a value of its own can keep it from that.
    private func libpqRefuses(_ start: String, _ parameter: String, _ value: String) -> Bool {
        let connection = PQconnectdb("\(start) \(parameter)='\(value)'")
        defer { PQfinish(connection) }
        let message = String(cString: PQerrorMessage(connection))
        return PQstatus(connection) != CONNECTION_OK
            && ["invalid ", "could not match"].contains { message.contains($0) }
    }

    @Test(
        arguments: [
            "sslmode", "target_session_attrs", "gssencmode", "channel_binding", "ssl_min_protocol_version",
            "ssl_max_protocol_version", "port", "connect_timeout",
        ]
    )
    func valuesAreThoseOfLibpq(parameter: String) throws {
        let start =
            parameter == "connect_timeout"
            ? "host=127.0.0.1 port=\(try PostgresServer.shared.get().port) dbname=postgres user=postgres"
            : "host=/nowhere"
        let values = [
            "disable", "allow", "prefer", "require", "verify-ca", "verify-full", "any", "read-write", "read-only",
            "primary", "standby", "prefer-standby", "TLSv1", "tlsv1.2", "TLSv1.3", "TLSv2", "Require", " require", "x",
            "0", "1",
            "65535", "65536", "+7", "-1", " 7", "7 ", "7x", "1e3", "2147483647", "2147483648", "0x10", "1,2", "",
        ]
        var refused = 0
        for value in values {
            let isRefused = libpqRefuses(start, parameter, value)
            refused += isRefused ? 1 : 0
            #expect(faults("\(start) \(parameter)='\(value)'").isEmpty == !isRefused, "\(parameter)='\(value)'")
        }
        #expect((1..<values.count).contains(refused))
    }
}
