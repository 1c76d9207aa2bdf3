-- Tells CachedRoutes of changes in: authors, books, loans
-- Run it as the owner of the tables. Run it again when a partition was added: it changes only what is missing.
BEGIN;
SET LOCAL lock_timeout = '5s';
SET LOCAL client_min_messages = 'warning';

DO $cached_routes$
DECLARE
    wanted record;
    member record;
    event text;
    present record;
    notify oid;
    is_mended boolean;
    problem text;
    problems text[] := '{}';
BEGIN
    -- All that is wrong is said at once, before anything is done.
    FOR wanted IN
        SELECT w.name, w.qualified, c.oid AS root, c.relkind, (SELECT inhparent::regclass
            FROM pg_catalog.pg_inherits WHERE inhrelid = c.oid LIMIT 1) AS parent
        FROM (VALUES
        ('authors', 'public', 'authors', '"public"."authors"'),
            ('books', 'public', 'books', '"public"."books"'),
            ('loans', 'public', 'loans', '"public"."loans"')
    ) AS w(name, schema, relation, qualified) LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)
            ON n.nspname = w.schema::name AND c.relname = w.relation::name
    LOOP
        problem := CASE
            WHEN wanted.root IS NULL THEN pg_catalog.format('there is no table %s', wanted.qualified)
            WHEN wanted.relkind NOT IN ('r', 'p') THEN pg_catalog.format(
                '%s is a %s, not a table: name the tables that it reads',
                wanted.qualified, CASE wanted.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                    WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'thing of another kind' END)
            WHEN wanted.parent IS NOT NULL THEN pg_catalog.format(
                '%s is a part of the table %s: name that one, whose statements reach it',
                wanted.qualified, wanted.parent)
            -- Triggers that look at what a statement has changed make one fail that reaches a foreign table.
            ELSE (SELECT pg_catalog.format('%s has the foreign table %s among its parts', wanted.qualified, name)
                FROM (WITH RECURSIVE tree(oid) AS (
                    SELECT wanted.root::oid
                    UNION
                    SELECT inhrelid FROM pg_catalog.pg_inherits JOIN tree ON inhparent = tree.oid
                )
                SELECT tree.oid, tree.oid::regclass::text AS name
                FROM tree JOIN pg_catalog.pg_class ON pg_class.oid = tree.oid
                WHERE relkind IN ('f') AND relpersistence <> 't') AS part LIMIT 1)
        END;
        problems := problems || problem;
    END LOOP;
    problems := pg_catalog.array_remove(problems, NULL);
    IF problems <> '{}' THEN
        RAISE EXCEPTION 'cached-routes triggers: %', pg_catalog.array_to_string(problems, '; ')
            USING HINT = 'Nothing was changed. The names are those under "tables" in the manifests.';
    END IF;

    FOR wanted IN
        SELECT w.name, w.schema, w.qualified, c.oid AS root FROM (VALUES
        ('authors', 'public', 'authors', '"public"."authors"'),
            ('books', 'public', 'books', '"public"."books"'),
            ('loans', 'public', 'loans', '"public"."loans"')
    ) AS w(name, schema, relation, qualified) JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)
            ON n.nspname = w.schema::name AND c.relname = w.relation::name
    LOOP
        BEGIN
        notify := pg_catalog.to_regprocedure(pg_catalog.format('%I.cached_routes_notify()', wanted.schema));
        is_mended := false;
        IF notify IS NULL OR EXISTS (SELECT FROM pg_catalog.pg_proc p
            WHERE p.oid = notify AND pg_catalog.translate(p.prosrc, pg_catalog.chr(13), '')
    <> pg_catalog.translate('
BEGIN
    IF TG_OP = ''TRUNCATE'' THEN
        PERFORM pg_notify(''cached_routes'', TG_ARGV[0]);
    ELSIF EXISTS (SELECT FROM changed) THEN
        PERFORM pg_notify(''cached_routes'', TG_ARGV[0]);
    END IF;
    RETURN NULL;
END
', pg_catalog.chr(13), '')) THEN
            EXECUTE pg_catalog.format(
                'CREATE OR REPLACE FUNCTION %I.cached_routes_notify() RETURNS trigger
                    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS %L',
                wanted.schema, '
BEGIN
    IF TG_OP = ''TRUNCATE'' THEN
        PERFORM pg_notify(''cached_routes'', TG_ARGV[0]);
    ELSIF EXISTS (SELECT FROM changed) THEN
        PERFORM pg_notify(''cached_routes'', TG_ARGV[0]);
    END IF;
    RETURN NULL;
END
'
            );
            -- What its triggers have said meanwhile is not known, nor of which tables.
            is_mended := notify IS NOT NULL;
            notify := pg_catalog.to_regprocedure(pg_catalog.format('%I.cached_routes_notify()', wanted.schema));
            IF is_mended THEN
                PERFORM pg_catalog.pg_notify('cached_routes', other.name)
                    FROM (VALUES
        ('authors', 'public', 'authors', '"public"."authors"'),
            ('books', 'public', 'books', '"public"."books"'),
            ('loans', 'public', 'loans', '"public"."loans"')
    ) AS other(name, schema, relation, qualified) WHERE other.schema = wanted.schema;
            END IF;
        END IF;
        -- A statement that names a partition or a child fires no trigger of its parent.
        FOR member IN
            WITH RECURSIVE tree(oid) AS (
                    SELECT wanted.root::oid
                    UNION
                    SELECT inhrelid FROM pg_catalog.pg_inherits JOIN tree ON inhparent = tree.oid
                )
                SELECT tree.oid, tree.oid::regclass::text AS name
                FROM tree JOIN pg_catalog.pg_class ON pg_class.oid = tree.oid
                WHERE relkind IN ('r', 'p') AND relpersistence <> 't'
        LOOP
            FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete', 'truncate'] LOOP
                SELECT t.tgenabled IN ('O', 'A') AND p.proname = 'cached_routes_notify' AND NOT pg_catalog.translate(p.prosrc, pg_catalog.chr(13), '')
    <> pg_catalog.translate('
BEGIN
    IF TG_OP = ''TRUNCATE'' THEN
        PERFORM pg_notify(''cached_routes'', TG_ARGV[0]);
    ELSIF EXISTS (SELECT FROM changed) THEN
        PERFORM pg_notify(''cached_routes'', TG_ARGV[0]);
    END IF;
    RETURN NULL;
END
', pg_catalog.chr(13), '')
    AND t.tgqual IS NULL AND t.tgattr::text = '' AND t.tgnargs = 1
    AND t.tgargs = pg_catalog.convert_to(wanted.name, pg_catalog.getdatabaseencoding())
        || pg_catalog.decode('00', 'hex')
    AND t.tgtype = CASE event
        WHEN 'insert' THEN 4 WHEN 'update' THEN 16 WHEN 'delete' THEN 8 ELSE 32 END
    AND t.tgoldtable IS NOT DISTINCT FROM CASE event WHEN 'delete' THEN 'changed' END
    AND t.tgnewtable IS NOT DISTINCT FROM CASE event
        WHEN 'insert' THEN 'changed' WHEN 'update' THEN 'changed' END AS is_right
                    INTO present FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
                    WHERE t.tgrelid = member.oid AND t.tgname = 'cached_routes_' || event;
                CONTINUE WHEN present.is_right;
                is_mended := true;
                EXECUTE pg_catalog.format('DROP TRIGGER IF EXISTS cached_routes_%s ON %s', event, member.name);
                EXECUTE pg_catalog.format(
                    'CREATE TRIGGER cached_routes_%1$s AFTER %1$s ON %2$s %3$s
                        FOR EACH STATEMENT EXECUTE FUNCTION %4$I.cached_routes_notify(%5$L)',
                    event, member.name,
                    CASE event
                        WHEN 'truncate' THEN ''
                        WHEN 'delete' THEN 'REFERENCING OLD TABLE AS changed'
                        ELSE 'REFERENCING NEW TABLE AS changed'
                    END,
                    wanted.schema, wanted.name
                );
            END LOOP;
        END LOOP;
        -- Nobody was told of what has changed before: purges what was made from it.
        IF is_mended THEN
            PERFORM pg_catalog.pg_notify('cached_routes', wanted.name);
        END IF;
        EXCEPTION WHEN insufficient_privilege THEN
        problems := problems || (
            SELECT CASE
                WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN pg_catalog.concat(
                    pg_catalog.format('run it for %s as its owner %I', wanted.qualified, owner.rolname),
                    CASE WHEN needs.create_right THEN
                        pg_catalog.format(', who needs CREATE on the schema %I', wanted.schema) END)
                WHEN needs.create_right THEN pg_catalog.format(
                    'the owner %I of %s needs CREATE on the schema %I',
                    owner.rolname, wanted.qualified, wanted.schema)
                ELSE pg_catalog.format('for %s: %s', wanted.qualified, SQLERRM)
            END
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles owner ON owner.oid = c.relowner
            CROSS JOIN LATERAL (SELECT NOT pg_catalog.has_schema_privilege(c.relowner, c.relnamespace, 'CREATE') AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = c.relnamespace
                    AND p.proname = 'cached_routes_notify' AND p.pronargs = 0) AS create_right) AS needs
            WHERE c.oid = wanted.root
        );
    END;
    END LOOP;
    IF problems <> '{}' THEN
        RAISE EXCEPTION 'cached-routes triggers: you are %; %', pg_catalog.quote_ident(current_user),
            pg_catalog.array_to_string(problems, '; ')
            USING ERRCODE = 'insufficient_privilege', HINT = 'Nothing was changed.';
    END IF;
END
$cached_routes$;

COMMIT;
