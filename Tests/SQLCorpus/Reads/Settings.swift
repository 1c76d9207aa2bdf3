extension SQLCorpus {
    /// Statements that answer rows and cannot be a part of another one.
    static let settings: [Statement] = [
        "SHOW integer_datetimes",
        "EXPLAIN (COSTS OFF) SELECT 1",
        "EXPLAIN (COSTS OFF, FORMAT JSON) SELECT n FROM numbers WHERE false",
        "EXPLAIN (VERBOSE false, COSTS false) VALUES (1)",
        "SHOW standard_conforming_strings",
        "SELECT set_config('application_name', «name string corpus», true) AS name",
    ]
}
