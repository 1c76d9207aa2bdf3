/// The statements that ask a database's catalogue.
///
/// Each asks for all statements at once, by arrays. Names of types are those of `format_type` with an empty `search_path`: built-in
/// types have no schema then, and those of users have one.
package enum CatalogueQueries {
    /// Begins the transaction in which names of types are asked for.
    static let beginning = "BEGIN READ ONLY; SET LOCAL search_path = ''"

    /// The names by which errors may name a constraint: those of constraints, and of the unique indexes that are none.
    package static let constraints = """
        SELECT conname FROM pg_catalog.pg_constraint
        UNION
        SELECT c.relname FROM pg_catalog.pg_index AS i
        JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid
        WHERE i.indisunique OR i.indisexclusion
        """

    /// For each `oid` of a type: the base type below all domains, its name, the type that decides how a parameter's value is
    /// read (see `PostgresError.parameterTypeOID`), and the labels of an enum, or of an array's elements, as JSON.
    ///
    /// An enum with a cast to `json` has no labels here, because its values become what the cast makes of them.
    package static let types = """
        WITH RECURSIVE base(oid, base) AS (
            SELECT oid, oid FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS w(oid)
            UNION
            SELECT b.oid, t.typbasetype FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.base AND t.typtype = 'd'
        )
        SELECT b.oid, b.base, pg_catalog.format_type(b.base, NULL),
            CASE WHEN t.oid < 16384 THEN t.oid WHEN t.typcategory = 'A' THEN 2277 WHEN t.typcategory = 'C' THEN 2249
                WHEN t.typcategory = 'R' THEN 3904 ELSE t.oid END,
            (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e
                WHERE (e.enumtypid = t.oid OR t.typcategory = 'A' AND e.enumtypid = t.typelem)
                    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_cast k WHERE k.castsource = e.enumtypid
                        AND k.casttarget = 'pg_catalog.json'::pg_catalog.regtype AND k.castmethod = 'f'))
        FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.base WHERE t.typtype <> 'd'
        """

    /// The columns of tables, by the `oid` of the table and the number, that are NOT NULL there and in all tables that inherit
    /// from it.
    ///
    /// A foreign table only promises it, and so does a constraint that is not validated (PostgreSQL 18). A view has the flags of
    /// the table that it was made from (before PostgreSQL 16). A rule that replaces a write has a RETURNING of its own.
    package static let notNullColumns = """
        WITH RECURSIVE wanted AS (
            SELECT DISTINCT w.root, w.number FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.int2[]) AS w(root, number)
        ), tree(root, oid) AS (
            SELECT root, root FROM wanted
            UNION
            SELECT tree.root, i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
        )
        SELECT w.root, w.number
        FROM wanted w
        JOIN pg_catalog.pg_attribute own ON own.attrelid = w.root AND own.attnum = w.number AND own.attnum > 0
        JOIN tree ON tree.root = w.root
        JOIN pg_catalog.pg_class c ON c.oid = tree.oid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = tree.oid AND a.attname = own.attname
        GROUP BY w.root, w.number
        HAVING pg_catalog.bool_and(a.attnotnull AND c.relkind IN ('r', 'p') AND NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_constraint n WHERE n.conrelid = a.attrelid AND n.contype = 'n'
                AND NOT n.convalidated AND a.attnum = ANY (n.conkey)
        ) AND NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_rewrite w WHERE w.ev_class = a.attrelid AND w.is_instead
        ))
        """

    /// The name of the temporary view whose dependencies are those of a statement.
    static let view = "pg_temp.cached_routes_check"

    /// All that the temporary view reads and calls, through views, functions, operators and policies.
    ///
    /// Each row has a kind, a schema, a name and, last, the name by which the statement itself reaches it. The kinds are the
    /// `relkind` of tables, materialized views, foreign tables and sequences; `function`; and `text` for the definition of a view,
    /// a policy or a function with a body of SQL. A row of a function tells besides, in this order, that the catalogue does not
    /// know what it reads, and that it may write; then follows the body if its language is SQL or PL/pgSQL. A `text` has its SQL
    /// there: functions of PostgreSQL's own, on which nothing depends in the catalogue, are found by their names in it.
    ///
    /// - Parameter hasBodies: tells that functions may have bodies that are no texts (PostgreSQL 14).
    static func dependencies(hasBodies: Bool) -> String {
        let body = hasBodies ? "coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)" : "p.prosrc"
        let isOpaque = hasBodies ? "p.prosqlbody IS NULL" : "true"
        let bodies =
            hasBodies
            ? """
            UNION
            SELECT 'text', n.nspname, p.proname, NULL, NULL, \(body), f.mention
            FROM found f
            JOIN pg_catalog.pg_proc p ON f.class = \(catalog("pg_proc")) AND p.oid = f.oid AND p.prosqlbody IS NOT NULL
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
            """ : ""
        func catalog(_ name: String) -> String { "'pg_catalog.\(name)'::pg_catalog.regclass" }
        return """
            WITH RECURSIVE reached(class, oid, mention_class, mention) AS (
                SELECT \(catalog("pg_rewrite"))::pg_catalog.oid, r.oid, 0::pg_catalog.oid, 0::pg_catalog.oid
                FROM pg_catalog.pg_rewrite r WHERE r.ev_class = '\(view)'::pg_catalog.regclass
                UNION
                SELECT next.class, next.oid, CASE WHEN r.mention = 0 THEN next.class ELSE r.mention_class END,
                    CASE WHEN r.mention = 0 THEN next.oid ELSE r.mention END
                FROM reached r CROSS JOIN LATERAL (
                    SELECT d.refclassid AS class, d.refobjid AS oid FROM pg_catalog.pg_depend d
                    WHERE d.classid = r.class AND d.objid = r.oid AND d.refobjid <> '\(view)'::pg_catalog.regclass
                        AND d.refclassid IN (\(catalog("pg_class")), \(catalog("pg_proc")), \(catalog("pg_operator")))
                        AND r.class IN (\(catalog("pg_rewrite")), \(catalog("pg_proc")), \(catalog("pg_operator")),
                            \(catalog("pg_policy")))
                    UNION ALL
                    SELECT \(catalog("pg_rewrite")), w.oid FROM pg_catalog.pg_rewrite w
                    JOIN pg_catalog.pg_class c ON c.oid = w.ev_class AND c.relkind = 'v'
                    WHERE r.class = \(catalog("pg_class")) AND w.ev_class = r.oid
                    UNION ALL
                    SELECT \(catalog("pg_policy")), p.oid FROM pg_catalog.pg_policy p
                    JOIN pg_catalog.pg_class c ON c.oid = p.polrelid AND c.relrowsecurity
                    WHERE r.class = \(catalog("pg_class")) AND p.polrelid = r.oid AND p.polcmd IN ('*', 'r')
                ) AS next
            ), found AS (
                SELECT DISTINCT class, oid, coalesce(
                    (SELECT c.relname FROM pg_catalog.pg_class c WHERE mention_class = \(catalog("pg_class")) AND c.oid = mention),
                    (SELECT p.proname FROM pg_catalog.pg_proc p WHERE mention_class = \(catalog("pg_proc")) AND p.oid = mention),
                    (SELECT o.oprname FROM pg_catalog.pg_operator o
                        WHERE mention_class = \(catalog("pg_operator")) AND o.oid = mention)
                )::pg_catalog.text AS mention
                FROM reached
            )
            SELECT c.relkind::pg_catalog.text, n.nspname, c.relname, NULL, NULL, NULL, f.mention
            FROM found f
            JOIN pg_catalog.pg_class part ON f.class = \(catalog("pg_class")) AND part.oid = f.oid
            JOIN pg_catalog.pg_class c ON c.oid = (
                WITH RECURSIVE up(oid, level) AS (
                    SELECT part.oid, 0
                    UNION ALL
                    SELECT i.inhparent, up.level + 1 FROM up
                    JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.oid AND i.inhseqno = 1
                )
                SELECT up.oid FROM up ORDER BY up.level DESC LIMIT 1
            )
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'm', 'f', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            UNION
            SELECT 'function', n.nspname, p.proname,
                \(isOpaque) AND p.provolatile <> 'i' AND l.lanname NOT IN ('c', 'internal'),
                p.provolatile = 'v' AND p.proparallel = 'u',
                CASE WHEN l.lanname IN ('sql', 'plpgsql') THEN \(body) END, f.mention
            FROM found f
            JOIN pg_catalog.pg_proc p ON f.class = \(catalog("pg_proc")) AND p.oid = f.oid AND p.prokind IN ('f', 'w')
            JOIN pg_catalog.pg_language l ON l.oid = p.prolang
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname <> 'information_schema'
            UNION
            SELECT 'text', n.nspname, c.relname, NULL, NULL, pg_catalog.pg_get_viewdef(c.oid), f.mention
            FROM found f
            JOIN pg_catalog.pg_class c ON f.class = \(catalog("pg_class")) AND c.oid = f.oid AND c.relkind = 'v'
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
            UNION
            SELECT 'text', n.nspname, c.relname, NULL, NULL, pg_catalog.pg_get_expr(p.polqual, p.polrelid), f.mention
            FROM found f
            JOIN pg_catalog.pg_policy p ON f.class = \(catalog("pg_policy")) AND p.oid = f.oid
            JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            \(bodies)
            ORDER BY 1, 2, 3, 7
            """
    }

    /// The built-in functions among names that write, or that a READ ONLY transaction refuses.
    ///
    /// Those that write are VOLATILE and PARALLEL UNSAFE. Some others are too: what they need is only in the leading process of a
    /// parallel query.
    package static let writingFunctions = """
        SELECT DISTINCT p.proname FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'pg_catalog'
        WHERE p.proname = ANY ($1::pg_catalog.text[]) AND p.provolatile = 'v' AND p.proparallel = 'u'
            AND p.proname <> ALL (ARRAY['currval', 'lastval', 'currtid2', 'set_config', 'pg_export_snapshot',
                'pg_sequence_last_value', 'lo_get', 'loread', 'lo_open', 'lo_close', 'lo_lseek', 'lo_lseek64', 'lo_tell',
                'lo_tell64', 'ts_stat', 'ts_rewrite', 'query_to_xml', 'query_to_xmlschema', 'query_to_xml_and_xmlschema',
                'cursor_to_xml', 'cursor_to_xmlschema', 'pg_logical_slot_peek_changes',
                'pg_logical_slot_peek_binary_changes', 'pg_replication_origin_progress',
                'pg_replication_origin_session_progress'])
        """

    /// Functions of PostgreSQL and its extensions that run a text as SQL, or read tables whose names are values.
    static let opaqueFunctions: Set<String> = [
        "query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "table_to_xml",
        "table_to_xml_and_xmlschema",
        "schema_to_xml", "schema_to_xml_and_xmlschema", "database_to_xml", "database_to_xml_and_xmlschema",
        "cursor_to_xml", "cursor_to_xmlschema", "ts_stat", "ts_rewrite", "dblink", "dblink_fetch", "dblink_get_result",
        "crosstab", "crosstab2", "crosstab3", "crosstab4", "crosstab_hash", "connectby", "xpath_table", "pgrowlocks",
        "get_raw_page",
    ]

    /// The columns of tables by schema and name: the estimated number of rows of the table, the name of the column, that of its
    /// base type, and `true` for the first column of an index.
    package static let columns = """
        SELECT n.nspname, c.relname, c.reltuples, a.attname, (
            WITH RECURSIVE base(oid) AS (
                SELECT a.atttypid
                UNION ALL
                SELECT t.typbasetype FROM base JOIN pg_catalog.pg_type t ON t.oid = base.oid AND t.typtype = 'd'
            )
            SELECT pg_catalog.format_type(t.oid, NULL) FROM base
            JOIN pg_catalog.pg_type t ON t.oid = base.oid AND t.typtype <> 'd'
        ), EXISTS (
            SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indkey[0] = a.attnum
        )
        FROM unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) AS w(schema, name)
        JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        """

    /// The tables above tables, which are named by schema and name, the nearest first: the tables that they are parts of.
    package static let ancestors = """
        SELECT n.nspname, c.relname, space.nspname, above.relname
        FROM unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) AS w(schema, name)
        JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
        CROSS JOIN LATERAL (
            WITH RECURSIVE up(oid, level) AS (
                SELECT i.inhparent, 1 FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid AND i.inhseqno = 1
                UNION ALL
                SELECT i.inhparent, up.level + 1 FROM up
                JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.oid AND i.inhseqno = 1
            )
            SELECT up.oid, up.level FROM up
        ) AS up
        JOIN pg_catalog.pg_class above ON above.oid = up.oid
        JOIN pg_catalog.pg_namespace space ON space.oid = above.relnamespace
        ORDER BY n.nspname, c.relname, up.level
        """

    /// The casts that change no byte of a value.
    package static let binaryCasts = """
        SELECT pg_catalog.format_type(castsource, NULL), pg_catalog.format_type(casttarget, NULL)
        FROM pg_catalog.pg_cast WHERE castmethod = 'b'
        """
}
