extension SQLCorpus {
    /// Comments, blanks and semicolons in odd places.
    static let comments: [Statement] = [
        """
        -- the first line :a
        SELECT n -- the column
        FROM numbers -- 'unbalanced
        WHERE n = «n int 1» -- " too
        """,
        """
        /* begin :x */ SELECT /* a /* nested :y */ ' */ n FROM numbers /* "*/ WHERE n = /**/ «n int 2» /* end
        */
        """,
        "SELECT n/* joined */FROM/**/numbers WHERE n=«n int 3»/* :z */",
        """
        SELECT 1 --
        AS a, 2 /*
        :m
        */ AS b --:n
        """,
        #"SELECT '/*' AS a, '*/' AS b, "n" AS "--" FROM numbers WHERE n /* = 1 */ = «n int 2» -- = 3"#,
        """
        SELECT 5 - -- minus
        1 AS four, 6 /* by */ / /* over */ 2 AS three, 2 */* times */ 3 AS six
        """,
        "SELECT n FROM numbers WHERE n = ANY(/* list */ «ids [int] {1,2}» /* end */) ORDER BY n;",
        "SELECT n FROM numbers WHERE n = «n int 1» ; ;",
        ";SELECT n FROM numbers WHERE n = «n int 2»; -- the end",
        "SELECT n FROM numbers WHERE n = «n int 1»; /* the end ; */",
        """
          SELECT n
            FROM numbers

           WHERE n = «n int 6»
        """,
        "\tSELECT\tn\tFROM\tnumbers\tWHERE\tn\t=\t«n int 5»",
        #"SELECT(n)FROM"numbers"WHERE(n)=(«n int 1»)AND(word)IN(«w string one»)"#,
        "SELECT n FROM numbers WHERE n=«a int 2»/**/OR n=«b int 3»\tAND true ORDER BY n",
        """
        SELECT n FROM numbers WHERE n>«a int 1»--
        AND«b int 3»>n
        """,
        #"SELECT/*+ hint(:a) */1 AS one,'a'AS a,"n"AS n FROM numbers WHERE n=1"#,
        """
        SELECT $a$ /* $a$ AS a, /* $b$ */ $b$ -- $b$ AS b, -- $c$
        1 AS c
        """,
        "select n from numbers where n = «n int 3» order by n limit 1",
        "SeLeCt N, WORD fRoM Numbers wHeRe PARITY = «Parity string even» OrDeR bY 1 LiMiT «Limit int 2»",
        "/**//**/SELECT/***/1/** **/AS/* * / **/x/*/ */",
        #"SELECT 1 AS a /* an unclosed 'quote and "another */, 2 AS b -- and $tag$ here"#,
        """
        -- only this: 'a
        /* and this " */
        -- and :this
        TABLE numbers /* t */ ORDER /* o */ BY /* b */ n /* l */ LIMIT /* k */ «k int 1»
        """,
    ]
}
