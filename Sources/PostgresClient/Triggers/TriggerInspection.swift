import CPostgres
import SQLSyntax

/// A query of the catalog about several tables: their state, and the faults that keep changes from being announced.
///
/// It is a single statement, so that the digest and the faults belong to the same snapshot. Every role may read these
/// catalogs. The digest uses a row's `xmin` in place of its content: `VACUUM` and `ANALYZE`, which update their
/// estimates in place, do not change it.
struct TriggerInspection {
    private let tables: [String]
    private let channel: String

    /// Makes a query about tables whose triggers notify `channel`.
    init(tables: [String], channel: String) {
        self.tables = tables
        self.channel = channel
    }

    /// The statement, whose results ``reports(_:)`` reads.
    static let sql = """
        WITH RECURSIVE wanted AS MATERIALIZED (
            SELECT w.place, w.name, w.relation, c.oid AS root, c.relkind
            FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w(schema, relation, name, place)
            LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema::name
            LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.relation::name
        ), tree(place, oid) AS (
            SELECT place, root FROM wanted WHERE root IS NOT NULL
            UNION
            SELECT tree.place, i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
        ), member AS MATERIALIZED (
            SELECT tree.place, c.oid, c.xmin AS version, c.relkind, c.oid = wanted.root AS is_root, wanted.name,
                pg_catalog.concat(CASE WHEN n.nspname <> 'public' THEN pg_catalog.quote_ident(n.nspname) || '.' END,
                    pg_catalog.quote_ident(c.relname)) AS title
            FROM tree JOIN wanted USING (place)
            JOIN pg_catalog.pg_class c ON c.oid = tree.oid AND c.relpersistence <> 't'
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        ), event(event, number) AS (
            SELECT * FROM unnest(ARRAY[\(TriggerFunction.events.map(SQLLiteral.quoted).joined(separator: ", "))])
                WITH ORDINALITY
        ), trigger AS MATERIALIZED (
            SELECT m.place, t.tgrelid, t.tgname, t.oid, t.xmin AS version, p.oid AS function, p.xmin AS function_version,
                t.tgtype, t.tgenabled, t.tgoldtable, t.tgnewtable, t.tgqual, t.tgattr, t.tgnargs, t.tgargs, p.proname,
                p.prosrc
            FROM member m
            JOIN pg_catalog.pg_trigger t ON t.tgrelid = m.oid AND NOT t.tgisinternal
            LEFT JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
        ), fact(place, fact) AS (
            SELECT place, pg_catalog.concat('c', oid, ':', version) FROM member
            UNION ALL
            SELECT m.place, pg_catalog.concat('a', a.attrelid, ':', a.attnum, ':', a.xmin)
            FROM member m JOIN pg_catalog.pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0
            UNION ALL
            SELECT m.place, pg_catalog.concat('i', i.inhrelid, ':', i.inhparent, ':', i.xmin)
            FROM member m JOIN pg_catalog.pg_inherits i ON i.inhrelid = m.oid
            UNION ALL
            SELECT place, pg_catalog.concat('t', oid, ':', version, ':', function, ':', function_version) FROM trigger
        ), fault AS (
            SELECT m.place, m.is_root, m.title, e.event,
                CASE WHEN m.relkind = 'f' THEN 'foreign' WHEN t.oid IS NULL THEN 'missing'
                    WHEN NOT \(TriggerFunction.isEnabled("t")) THEN 'disabled' ELSE 'other' END AS fault,
                pg_catalog.row_number() OVER (PARTITION BY m.place
                    ORDER BY m.relkind <> 'f', NOT m.is_root, m.title COLLATE "C", e.number) AS number
            FROM member m CROSS JOIN event e
            LEFT JOIN trigger t ON t.place = m.place AND t.tgrelid = m.oid AND t.tgname = 'cached_routes_' || e.event
            WHERE m.relkind = 'f' OR m.relkind IN ('r', 'p') AND NOT coalesce(\(TriggerFunction.isEnabled("t"))
                AND \(isRight), false)
        )
        SELECT w.place, 'table', coalesce(w.relkind::text, ''),
            (SELECT pg_catalog.md5(pg_catalog.string_agg(f.fact, ' ' ORDER BY f.fact COLLATE "C"))
                FROM fact f WHERE f.place = w.place),
            (SELECT pg_catalog.concat(CASE WHEN n.nspname <> 'public' THEN pg_catalog.quote_ident(n.nspname) || '.' END,
                    pg_catalog.quote_ident(c.relname))
                FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE i.inhrelid = w.root LIMIT 1)
        FROM wanted w
        UNION ALL
        SELECT place, 'fault', fault, event, CASE WHEN NOT is_root THEN title END FROM fault WHERE number <= 4
        UNION ALL
        SELECT w.place, 'close', candidate.name, NULL, NULL FROM wanted w CROSS JOIN LATERAL (
            SELECT pg_catalog.concat(CASE WHEN n.nspname <> 'public' THEN n.nspname || '.' END, c.relname) AS name
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
                AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                AND pg_catalog.abs(pg_catalog.length(c.relname) - pg_catalog.length(w.relation))
                    <= greatest(1, pg_catalog.length(w.relation) / 3)
            ORDER BY pg_catalog.lower(c.relname) <> pg_catalog.lower(w.relation), c.relname LIMIT 200
        ) AS candidate WHERE w.root IS NULL
        """

    private static let isRight = TriggerFunction.isRight(
        trigger: "t",
        function: "t",
        event: "e.event",
        table: "m.name",
        body: "$4"
    )

    /// The statement's parameters.
    var parameters: PostgresParameters {
        // A text that is not a table's name is sent as a name that no table has.
        let names = tables.map { TableName($0) }
        var parameters = PostgresParameters()
        parameters.appendArray(names.map { ($0?.schema ?? "").utf8 })
        parameters.appendArray(zip(names, tables).map { ($0?.relation ?? $1).utf8 })
        parameters.appendArray(tables.map(\.utf8))
        parameters.append(TriggerFunction.body(channel: channel))
        return parameters
    }

    /// Reads a result of ``sql``.
    func reports(_ result: OpaquePointer) -> [TableReport] {
        struct Findings {
            var kind = ""
            var digest = ""
            var parent: String?
            var faults: [(fault: String, event: String, part: String?)] = []
            var candidates: [String] = []
        }
        var findings = [Findings](repeating: Findings(), count: tables.count)
        for row in 0..<PQntuples(result) {
            func column(_ column: Int32) -> String? {
                guard PQgetisnull(result, row, column) == 0 else { return nil }
                return PQgetvalue(result, row, column).map { String(cString: $0) }
            }
            guard let place = column(0).flatMap({ Int($0) }), tables.indices.contains(place - 1) else { continue }
            let text = column(2) ?? ""
            switch column(1) {
            case "table":
                findings[place - 1].kind = text
                findings[place - 1].digest = column(3) ?? ""
                findings[place - 1].parent = column(4)
            case "fault": findings[place - 1].faults.append((text, column(3) ?? "", column(4)))
            default: findings[place - 1].candidates.append(text)
            }
        }
        return zip(tables, findings).map { name, found in
            let kind = Self.kinds[found.kind]
            let fault: TableFault? =
                if found.kind.isEmpty {
                    .missing(suggestion: NameSuggestion.closest(to: name, among: found.candidates))
                } else if let kind {
                    .notATable(kind)
                } else if let parent = found.parent {
                    .part(of: parent)
                } else {
                    Self.fault(found.faults)
                }
            return TableReport(name: name, digest: found.digest, fault: fault)
        }
    }

    /// The kinds of `pg_class` that are not tables.
    private static let kinds = [
        "v": "a view", "m": "a materialized view", "f": "a foreign table", "S": "a sequence", "i": "an index",
        "I": "an index", "c": "a composite type", "t": "a TOAST table",
    ]

    private static func fault(_ faults: [(fault: String, event: String, part: String?)]) -> TableFault? {
        guard let (fault, event, part) = faults.first else { return nil }
        if fault == "foreign" { return .foreignPart(part ?? "") }
        let ofThisPart = faults.filter { $0.part == part }
        if ofThisPart.count == TriggerFunction.events.count, ofThisPart.allSatisfy({ $0.fault == "missing" }) {
            return .noTriggers(part: part)
        }
        let trigger = TriggerFunction.trigger(of: event)
        return switch fault {
        case "missing": .missingTrigger(trigger, part: part)
        case "disabled": .disabledTrigger(trigger, part: part)
        default: .otherTrigger(trigger, part: part)
        }
    }
}
