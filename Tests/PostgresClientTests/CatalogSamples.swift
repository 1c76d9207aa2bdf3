/// Values of the types that PostgreSQL ships, by the type's name.
enum CatalogSamples {
    /// What a query can have of a type.
    enum Sample {
        /// Texts that the type's input function reads.
        case texts([String])
        /// SQL expressions, where there is no input function that takes one.
        case expressions([String])
        /// NULL alone, for this reason.
        case onlyNull(String)
        /// No column, for this reason.
        case noColumn(String)
    }

    /// The tables whose contents some expressions select.
    static let setUp = """
        DO $$ BEGIN
            PERFORM pg_advisory_xact_lock(2);
            IF to_regclass('catalog_samples') IS NULL THEN
                CREATE TABLE catalog_samples (
                    number int DEFAULT 7, words text DEFAULT 'a "b" \\c', list text[], day date CHECK (day > '2000-01-01')
                ) WITH (autovacuum_enabled = false);
                INSERT INTO catalog_samples
                    SELECT n % 3, 'x"' || n % 4, ARRAY['a b', 'c'], '2024-02-29'::date + n % 2
                    FROM generate_series(1, 100) AS n;
                CREATE STATISTICS catalog_samples_extended (ndistinct, dependencies, mcv) ON number, words, day
                    FROM catalog_samples;
                ANALYZE catalog_samples;
                CREATE TABLE "Catalog ""odd"" table" ();
            END IF;
        END $$
        """

    static let all: [String: Sample] = scalars.merging(ranges) { $1 }.merging(special) { $1 }

    private static let scalars: [String: Sample] = [
        "bool": .texts(["t", "f"]),
        "bytea": .texts(["\\xdeadbeef", "", "\\x00275c22ff"]),
        "char": .texts(["c", "", "\"", "\\", "{", ",", "é", "\u{1}"]),
        "name": .texts(["n", "", "a \"b\", c\\d", String(repeating: "é", count: 31)]),
        "int8": .texts(["0", "-9223372036854775808", "9223372036854775807"]),
        "int2": .texts(["0", "-32768", "32767"]),
        "int4": .texts(["0", "-2147483648", "2147483647"]),
        "float4": .texts(["0", "-0", "0.1", "1e-45", "3.4028235e38", "NaN", "-Infinity", "16777216", "1e15"]),
        "float8": .texts(["0", "-0", "0.1", "5e-324", "1.7976931348623157e308", "NaN", "Infinity", "1e15", "1e16"]),
        "numeric": .texts([
            "0", "0.00", "-1.10", "NaN", "Infinity", "-Infinity", "1e30", "1e-30", "12345678901234567.5",
        ]),
        "money": .texts(["0", "-1234.5", "92233720368547758.07"]),
        "text": .texts(["", "a", "NULL", "null", "a \"b\", {c}\\d/", "\n\t\u{1}\u{1f}\u{7f}", "ä€😀\u{2028}\u{feff}"]),
        "varchar": .texts(["", "a ", "NULL", "q\"q,\\"]),
        "bpchar": .texts(["", "a  ", " NULL", "q\"q,\\"]),
        "uuid": .texts(["00000000-0000-0000-0000-000000000000", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"]),
        "date": .texts(["2024-02-29", "infinity", "-infinity", "4713-01-01 BC", "5874897-12-31", "0001-01-01"]),
        "time": .texts(["00:00", "24:00", "23:59:59.999999", "04:05:06.7"]),
        "timetz": .texts(["00:00+00", "24:00-15:59:59", "04:05:06.7+05:30", "04:05:06-08"]),
        "timestamp": .texts([
            "2024-02-29 04:05:06.7", "infinity", "-infinity", "4713-01-01 00:00:00 BC", "294276-12-31 23:59:59.999999",
        ]),
        "timestamptz": .texts([
            "2024-02-29 04:05:06.7-05", "infinity", "-infinity", "4713-01-02 00:00:00+00 BC",
            "294276-12-31 00:00:00.000001+00", "1883-11-18 12:00:00 America/New_York",
        ]),
        "interval": .texts(["0", "1 year 2 mons -3 days 04:05:06.7", "-1 year +1 day", "178000000 years", "-1 us"]),
        "bit": .texts(["", "0", "10100000000000000001"]),
        "varbit": .texts(["", "1", "00011111"]),
        "inet": .texts(["192.168.0.1/24", "::1", "::ffff:1.2.3.4/128", "2001:db8::/32"]),
        "cidr": .texts(["10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0"]),
        "macaddr": .texts(["08:00:2b:01:02:03", "FFFFFFFFFFFF"]),
        "macaddr8": .texts(["08:00:2b:01:02:03:04:05", "08002b:010203"]),
        "point": .texts(["(1,-2.5)", "(NaN,Infinity)", "(1e300,1e-300)"]),
        "lseg": .texts(["[(1,2),(3,4)]", "[(0,0),(0,0)]"]),
        "box": .texts(["((0,0),(1,1))", "((-1.5,0),(1e20,2))"]),
        "path": .texts(["((0,0),(1,1),(2,0))", "[(0,0),(1,1)]"]),
        "polygon": .texts(["((0,0),(1,1),(2,0))", "((0.1,0))"]),
        "line": .texts(["{1,-1,0}", "{0,1,0.5}"]),
        "circle": .texts(["<(1,2),3>", "<(0,0),0>"]),
        "json": .texts(["{\"a\" : [1, 2 ,null]}", "null", " 1 ", "\"a \\\"b\\\" \\u00e4 \\\\ , \"", "{\n}", "1.50e+3"]),
        "jsonb": .texts(["{\"b\": 1.50, \"a\": [true, {}]}", "null", "\"a \\\"b\\\" \\u0001 \\\\ ,\"", "1e5", "[]"]),
        "jsonpath": .texts(["$.a[*] ? (@.\"b c\" == \"d\\\"e\")", "strict $"]),
        "xml": .texts(["<a b=\"c\">d, {e}\\</a>", "text", "<?xml version=\"1.0\"?><a/>"]),
        "tsvector": .texts(["", "a b", "'it''s':1A,2B \"q\":3", "'\\\\':4"]),
        "tsquery": .texts(["", "a & !b", "'it''s' <2> ('\\\\':*AB | \"q\")"]),
        "refcursor": .texts(["", "a \"cursor\""]),
    ]

    private static let ranges: [String: Sample] = [
        "int4range": .texts(["empty", "[1,5)", "(,)", "(,-3]"]),
        "int8range": .texts(["empty", "[1,9223372036854775807)", "(,)"]),
        "numrange": .texts(["empty", "[1.10,2.0]", "(-Infinity,NaN)", "[,5)"]),
        "daterange": .texts(["empty", "[2024-01-01,2024-02-01)", "(,infinity)"]),
        "tsrange": .texts(["empty", "[2024-01-01 00:00,2024-02-01 01:02:03.4)", "(-infinity,)"]),
        "tstzrange": .texts(["empty", "[2024-01-01 00:00-05,2024-02-01 01:02:03.4+05:45]", "(,infinity)"]),
        "int4multirange": .texts(["{}", "{[1,2),[5,6)}", "{(,)}"]),
        "int8multirange": .texts(["{}", "{[1,2),[5,)}"]),
        "nummultirange": .texts(["{}", "{[1.10,2.0],(3,4)}"]),
        "datemultirange": .texts(["{}", "{[2024-01-01,2024-02-01),[2025-01-01,)}"]),
        "tsmultirange": .texts(["{}", "{[2024-01-01 00:00,2024-02-01 01:02:03.4)}"]),
        "tstzmultirange": .texts(["{}", "{[2024-01-01 00:00-05,2024-02-01 01:02),(2025-01-01 00:00+00,infinity]}"]),
    ]

    private static let statistics =
        "FROM pg_statistic_ext_data JOIN pg_statistic_ext ON oid = stxoid"
        + " WHERE stxname = 'catalog_samples_extended'"
    private static let noInput = "its input function refuses all text and no table that can be read has one"

    private static let special: [String: Sample] = [
        "oid": .texts(["0", "4294967295"]),
        "xid": .texts(["0", "4294967295"]),
        "xid8": .texts(["0", "18446744073709551615"]),
        "cid": .texts(["0", "4294967295"]),
        "tid": .texts(["(0,1)", "(4294967295,65535)"]),
        "pg_lsn": .texts(["0/0", "16/B374D848", "FFFFFFFF/FFFFFFFF"]),
        "txid_snapshot": .texts(["10:20:10,14,15", "1:1:"]),
        "pg_snapshot": .texts(["10:20:10,14,15", "1:1:"]),
        "int2vector": .texts(["", "1 2 -3"]),
        "oidvector": .texts(["", "1 4294967295"]),
        "aclitem": .texts(["postgres=arwdDxt/postgres", "=r/postgres"]),
        "regproc": .texts(["-", "pg_sleep", "4294967295"]),
        "regprocedure": .texts(["-", "abs(integer)", "substr(text, integer, integer)"]),
        "regoper": .texts(["0", "||/"]),
        "regoperator": .texts(["0", "+(integer,integer)", "!!(none,tsquery)"]),
        "regclass": .texts(["-", "pg_class", "\"Catalog \"\"odd\"\" table\"", "information_schema.tables", "1"]),
        "regtype": .texts(["-", "timestamp with time zone", "\"char\"", "int[]", "_bool"]),
        "regrole": .texts(["-", "postgres"]),
        "regnamespace": .texts(["-", "pg_catalog"]),
        "regcollation": .texts(["-", "\"C\"", "\"default\""]),
        "regconfig": .texts(["-", "english"]),
        "regdictionary": .texts(["-", "simple"]),
        "pg_node_tree": .expressions([
            "(SELECT adbin FROM pg_attrdef WHERE adrelid = 'catalog_samples'::regclass AND adnum = 2)",
            "(SELECT conbin FROM pg_constraint WHERE conrelid = 'catalog_samples'::regclass)",
        ]),
        "pg_ndistinct": .expressions(["(SELECT stxdndistinct \(statistics))"]),
        "pg_dependencies": .expressions(["(SELECT stxddependencies \(statistics))"]),
        "pg_mcv_list": .expressions(["(SELECT stxdmcv \(statistics))"]),
        "gtsvector": .onlyNull(noInput),
        "pg_brin_bloom_summary": .onlyNull(noInput),
        "pg_brin_minmax_multi_summary": .onlyNull(noInput),

        "cardinal_number": .texts(["0", "2147483647"]),
        "character_data": .texts(["", "a \"b\", c\\d"]),
        "sql_identifier": .texts(["", "a \"b\", c\\d"]),
        "time_stamp": .texts(["2024-02-29 04:05:06.7-05", "infinity"]),
        "yes_or_no": .texts(["YES", "NO"]),

        "record": .expressions(["ROW(1, 'a \"b\"', NULL, ARRAY[1.5])", "ROW()", "ROW(ROW(now() = now(), '{}'::json))"]),
        "cstring": .texts(["", "a \"b\", c\\d"]),
        "unknown": .texts(["", "a \"b\", c\\d"]),
        "void": .expressions(["pg_sleep(0)"]),
        "anyarray": .expressions(
            ["number", "words", "list"].map {
                "(SELECT most_common_vals FROM pg_stats WHERE tablename = 'catalog_samples' AND attname = '\($0)')"
            }
        ),
        // A cast to one of these leaves a text as it is.
        "any": .texts(["a"]), "anyelement": .texts(["a"]), "anynonarray": .texts(["a"]), "anycompatible": .texts(["a"]),
        "anycompatiblenonarray": .texts(["a"]),
        "anyrange": .onlyNull(pseudo), "anymultirange": .onlyNull(pseudo), "anycompatiblearray": .onlyNull(pseudo),
        "anycompatiblerange": .onlyNull(pseudo), "anycompatiblemultirange": .onlyNull(pseudo),
        "pg_ddl_command": .onlyNull(pseudo),
        "anyenum": .noColumn(pseudo), "internal": .noColumn(pseudo), "trigger": .noColumn(pseudo),
        "event_trigger": .noColumn(pseudo), "language_handler": .noColumn(pseudo), "fdw_handler": .noColumn(pseudo),
        "tsm_handler": .noColumn(pseudo), "table_am_handler": .noColumn(pseudo), "index_am_handler": .noColumn(pseudo),
    ]

    private static let pseudo = "it stands for other types or belongs to the server's own functions"
}
