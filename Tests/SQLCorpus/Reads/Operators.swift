extension SQLCorpus {
    /// Operators, also those of users.
    static let operators: [Statement] = [
        """
        SELECT 7 / 2 AS a, 7 % 2 AS b, 2 ^ 10 AS c, |/ 25.0 AS d, ||/ 27 AS e, @ -5 AS f, 5 & 3 AS g, 5 | 3 AS
            h, 5 # 3 AS i, ~5 AS j, 1 << 4 AS k, 16 >> 2 AS l
        """,
        "SELECT n FROM numbers WHERE n >= «a int 2» AND n <= «b int 4» AND n != 3 ORDER BY n",
        """
        SELECT n OPERATOR(pg_catalog.+) «m int 1» AS more, n OPERATOR(*) 2 AS twice FROM numbers
            WHERE n OPERATOR(pg_catalog.=) 2
        """,
        "SELECT a.n, b.n AS near FROM numbers a JOIN numbers b ON a.n <~> b.n AND a.n < b.n ORDER BY 1",
        "SELECT @#@ n AS negative FROM numbers WHERE n <~> «n!int4 int 2» ORDER BY n",
        "SELECT n FROM numbers WHERE n OPERATOR(pg_catalog.<) «n int 3» ORDER BY n",
        "SELECT 1 - -1 AS a, 1 - - 1 AS b, 2 - -«n int 3» AS c, 2*-3 AS d, 10/ -2 AS e, 3 % -2 AS f",
        "SELECT word || '!' AS a, word || n AS b, 'x' || «y string y» AS c FROM numbers WHERE n = 1",
        """
        SELECT NOT true AS a, true AND NOT false OR false AS b, «x bool true» AND «y bool false» AS c, NOT «x»
            AS d
        """,
        """
        SELECT word ~ '^t' AS a, word ~* '^T' AS b, word !~ 'e' AS c, word !~* 'E$' AS d FROM numbers ORDER BY n
        """,
        """
        SELECT word ~~ 't%' AS a, word ~~* 'T%' AS b, word !~~ '%e' AS c, word !~~* '%E' AS d FROM numbers
            WHERE word ~~ «p string t%» ORDER BY n
        """,
        "SELECT id, location <-> point(«x double 0», «y double 0») AS distance FROM places ORDER BY id",
        "SELECT name FROM places WHERE location <@ box(point(0, 0), point(«x double 3», 3)) ORDER BY id",
        """
        SELECT host << '192.168.0.0/16' AS inside, host >>= '192.168.1.5' AS holds, host && net AS meets, ~host
            AS inverted FROM places ORDER BY id
        """,
        """
        SELECT host + 1 AS next, host(host) AS host, masklen(net) AS bits, network(host) AS net FROM places
            ORDER BY id
        """,
        """
        SELECT ~ B'101' AS a, B'101' & B'110' AS b, B'1' || B'0' AS c, B'101' << 1 AS d, flags |
            «mask string 0001»::bit(4) AS e FROM readings ORDER BY sensor, at
        """,
        "SELECT (1 + 2) * 3 AS a, 1 + 2 * 3 AS b, -2 ^ 2 AS c, (2 < 3) = true AS d, NOT 1 > 2 AS e",
        "SELECT n FROM numbers WHERE n = 1 OR (n = 2 AND NOT (n = 3 OR n = «m int 4»)) ORDER BY n",
        """
        SELECT price * «factor decimal 1.5» AS scaled, price + «plus decimal 0.01» AS more, stock -
            «minus int 1» AS less FROM products ORDER BY id
        """,
        "SELECT id FROM products WHERE price > «price double 8» AND weight < «weight double 1» ORDER BY id",
        "SELECT id FROM products WHERE ratio > «ratio double 0.15» ORDER BY id",
        "SELECT area @> location AS inside, area && '((1,1),(3,3))'::box AS meets FROM places ORDER BY id",
        """
        SELECT point '(1,2)' + point '(3,4)' AS sum, lseg '[(0,0),(1,1)]' ?# lseg '[(0,1),(1,0)]' AS crossing,
            ?- lseg '[(0,0),(1,0)]' AS flat
        """,
        """
        SELECT circle '<(0,0),2>' @> point '(1,1)' AS inside, @-@ path '((0,0),(1,0))' AS length, #
            path '((0,0),(1,0),(1,1))' AS points, @@ box '(2,2),(0,0)' AS center
        """,
        """
        SELECT 'abc' < 'abd' AS a, 'a' = 'a ' AS b, 'abc'::char(5) = 'abc' AS c, 'a' <> 'b' AS d,
            starts_with('abc', «p string ab») AS e, 'abc' ^@ 'a' AS f
        """,
    ]
}
