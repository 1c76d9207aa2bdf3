extension SQLCorpus {
    /// CASE, tests for NULL, BETWEEN and optional inputs.
    static let conditions: [Statement] = [
        """
        SELECT CASE n WHEN 1 THEN 'a' WHEN «m int 2» THEN 'b' ELSE 'c' END AS letter FROM numbers ORDER BY n
        """,
        """
        SELECT CASE WHEN n < «low int 3» THEN 'low' WHEN n > 4 THEN 'high' END AS level FROM numbers ORDER BY n
        """,
        "SELECT n FROM numbers ORDER BY CASE WHEN «down bool true» THEN -n ELSE n END",
        """
        SELECT CASE WHEN «flag bool true» THEN «a int 1» ELSE «b int 2» END AS n, CASE «s!text string x»
            WHEN 'x' THEN 1 END AS one
        """,
        """
        SELECT CASE WHEN true THEN CASE WHEN false THEN 1 ELSE CASE
            WHEN NULL THEN 2 ELSE 3 END END END AS nested
        """,
        "SELECT id FROM customers WHERE credit IS NULL OR mail IS NOT NULL ORDER BY id",
        "SELECT id FROM customers WHERE credit ISNULL OR born NOTNULL ORDER BY id",
        "SELECT id FROM customers WHERE mail IS DISTINCT FROM «mail string ada@example.org» ORDER BY id",
        "SELECT id FROM customers WHERE born IS NOT DISTINCT FROM «born date? » ORDER BY id",
        "SELECT id FROM customers WHERE active IS TRUE AND (credit > 0) IS NOT TRUE ORDER BY id",
        """
        SELECT id FROM customers WHERE (credit > «credit decimal 0») IS UNKNOWN OR active IS FALSE ORDER BY id
        """,
        "SELECT id FROM customers WHERE active = «active bool true» ORDER BY id",
        "SELECT n FROM numbers WHERE n BETWEEN SYMMETRIC «a int 4» AND «b int 2» ORDER BY n",
        "SELECT n FROM numbers WHERE n NOT BETWEEN 2 AND «b int 5» ORDER BY n",
        """
        SELECT n FROM numbers WHERE n BETWEEN ASYMMETRIC 2 AND 3 OR n NOT BETWEEN SYMMETRIC 5 AND «low int 1»
            ORDER BY n
        """,
        "SELECT id FROM orders WHERE («state string? » IS NULL OR state = «state») ORDER BY id",
        """
        SELECT id FROM orders WHERE («state string? paid» IS NULL OR state = «state») AND («id int? » IS NULL
            OR id = «id») ORDER BY id
        """,
        """
        SELECT id FROM customers WHERE «code uuid? 00000000-0000-4000-8000-000000000001» IS NULL OR code =
            «code»
        """,
        """
        SELECT id FROM orders WHERE (due >= «from date? 2024-03-01» OR «from» IS NULL) AND («min decimal? » IS
            NULL OR total >= «min») ORDER BY id
        """,
        "SELECT id FROM customers WHERE «tags [string]? » IS NULL OR tags && «tags» ORDER BY id",
        "SELECT id FROM customers WHERE «ids [int]? {1,2}» IS NOT NULL AND id = ANY(«ids») ORDER BY id",
        "SELECT id FROM customers WHERE «active bool? » IS NULL OR active = «active» ORDER BY id",
        """
        SELECT id FROM products WHERE «created timestamp? 2024-01-31T00:00:00Z» IS NULL OR created > «created»
            ORDER BY id
        """,
        "SELECT id FROM products WHERE «weight double? » IS NULL OR weight > «weight» ORDER BY id",
        """
        SELECT coalesce(mail, «none string none») AS mail, nullif(name, 'Ada') AS name, greatest(credit,
            «least decimal 1») AS credit, least(id, 2) AS id2 FROM customers ORDER BY id
        """,
        """
        SELECT coalesce(«limit int? », 10) AS n, nullif(«a int 1», «b int 1») AS none, greatest(«x double 1.5»,
            1) AS most, least(«d date 2024-05-05», '2024-01-01') AS first
        """,
        "SELECT id FROM orders WHERE note = '' OR note IS NULL ORDER BY id",
        """
        SELECT id FROM orders WHERE state IN ('paid', «state string sent») AND state > 'draft'
            ORDER BY state, id
        """,
        "SELECT id FROM orders WHERE state = ANY(«states [string] {paid,returned}») ORDER BY id",
        "SELECT id FROM orders WHERE (state = 'paid') = (total > «total decimal 10») ORDER BY id",
        "SELECT xmlelement(name a, 1) IS DOCUMENT AS doc WHERE false",
        #"""
        SELECT 'a' IS NFC NORMALIZED AS a, U&'e\0301' IS NORMALIZED AS b, normalize(U&'e\0301', NFC) = 'é' AS c
        """#,
        "SELECT home IS NOT NULL AND (home).zip IS NULL AS partly FROM customers ORDER BY id",
        """
        SELECT num_nulls(mail, credit, born) AS missing, num_nonnulls(VARIADIC ARRAY[1, NULL]) AS there
            FROM customers ORDER BY id
        """,
    ]
}
