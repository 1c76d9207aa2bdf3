/// Replies to `CLUSTER SLOTS` that Redis 7.0.15 sent: a cluster of three primaries at the ports 7000 to 7002 of 127.0.0.1, where
/// 7003 is a replica of 7000 and the first two have announced a host name.
enum RecordedSlotMaps {
    /// A node that has joined no cluster.
    static let fresh = lines(
        """
        *0
        """
    )

    /// A node that has some slots and has met no other, so that it does not know its address.
    static let alone = lines(
        """
        *1 *3 :0 :100 *4 $0 '' :7000 $40 570f5e6c1a5dc52168c56656a7247ee7115a87d3 *0
        """
    )

    /// With `cluster-preferred-endpoint-type ip`.
    static let addresses = lines(
        """
        *3 *4 :0 :5460 *4 $9 127.0.0.1 :7000 $40 570f5e6c1a5dc52168c56656a7247ee7115a87d3 *2 $8 hostname $15
        redis-0.example *4 $9 127.0.0.1 :7003 $40 be8bee264ae90fe6ee9fd2a48219eca96e9ebd40 *0
        *3 :5461 :10922 *4 $9 127.0.0.1 :7001 $40 4f40495d7f294525427b2943021f9ee16d722ca1 *2 $8 hostname $15
        redis-1.example *3 :10923 :16383 *4 $9 127.0.0.1 :7002 $40 d4e9c7f7e4afcfdcb6644dfd6a1ffb15f5410720 *0
        """
    )

    /// With `cluster-preferred-endpoint-type hostname`, where two nodes have announced none.
    static let hostNames = lines(
        """
        *3 *4 :0 :5460 *4 $15 redis-0.example :7000 $40 570f5e6c1a5dc52168c56656a7247ee7115a87d3 *2 $2 ip $9
        127.0.0.1 *4 $1 ? :7003 $40 be8bee264ae90fe6ee9fd2a48219eca96e9ebd40 *2 $2 ip $9 127.0.0.1
        *3 :5461 :10922 *4 $15 redis-1.example :7001 $40 4f40495d7f294525427b2943021f9ee16d722ca1 *2 $2 ip $9
        127.0.0.1 *3 :10923 :16383 *4 $1 ? :7002 $40 d4e9c7f7e4afcfdcb6644dfd6a1ffb15f5410720 *2 $2 ip $9 127.0.0.1
        """
    )

    /// With `cluster-preferred-endpoint-type unknown-endpoint`.
    static let unknownEndpoints = lines(
        """
        *3 *4 :0 :5460 *4 $-1 :7000 $40 570f5e6c1a5dc52168c56656a7247ee7115a87d3
        *4 $2 ip $9 127.0.0.1 $8 hostname $15 redis-0.example *4 $-1 :7003 $40
        be8bee264ae90fe6ee9fd2a48219eca96e9ebd40 *2 $2 ip $9 127.0.0.1
        *3 :5461 :10922 *4 $-1 :7001 $40 4f40495d7f294525427b2943021f9ee16d722ca1
        *4 $2 ip $9 127.0.0.1 $8 hostname $15 redis-1.example *3 :10923 :16383
        *4 $-1 :7002 $40 d4e9c7f7e4afcfdcb6644dfd6a1ffb15f5410720 *2 $2 ip $9 127.0.0.1
        """
    )

    /// After slot 12182 was moved from 7002 to 7000, and 7003 promoted in place of that.
    static let promoted = lines(
        """
        *5 *3 :0 :5460 *4 $9 127.0.0.1 :7003 $40 be8bee264ae90fe6ee9fd2a48219eca96e9ebd40 *0
        *3 :5461 :10922 *4 $9 127.0.0.1 :7001 $40 4f40495d7f294525427b2943021f9ee16d722ca1 *2 $8 hostname $15
        redis-1.example *3 :10923 :12181 *4 $9 127.0.0.1 :7002 $40 d4e9c7f7e4afcfdcb6644dfd6a1ffb15f5410720 *0
        *3 :12182 :12182 *4 $9 127.0.0.1 :7003 $40 be8bee264ae90fe6ee9fd2a48219eca96e9ebd40 *0
        *3 :12183 :16383 *4 $9 127.0.0.1 :7002 $40 d4e9c7f7e4afcfdcb6644dfd6a1ffb15f5410720 *0
        """
    )

    /// The lines of a reply, which stand here as words.
    private static func lines(_ text: String) -> String {
        text.split { $0 == " " || $0 == "\n" }.map { ($0 == "''" ? "" : $0) + "\r\n" }.joined()
    }
}
