extension TableTriggerSQL {
    /// Returns the end of a block that changes the table `wanted`: records the roles that may do it if the current one
    /// may not.
    ///
    /// - Parameter createsFunction: tells that the function may have to be created.
    static func missingRights(createsFunction: Bool) -> String {
        let needsCreate =
            createsFunction
            ? """
            NOT pg_catalog.has_schema_privilege(c.relowner, c.relnamespace, 'CREATE') AND NOT EXISTS (
                            SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = c.relnamespace
                                AND p.proname = '\(TriggerFunction.name)' AND p.pronargs = 0)
            """ : "false"
        return """
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
                        CROSS JOIN LATERAL (SELECT \(needsCreate) AS create_right) AS needs
                        WHERE c.oid = wanted.root
                    );
                END;
            """
    }

    /// Ends the transaction with an error if a permission is missing.
    static let raiseMissingRights = """
        IF problems <> '{}' THEN
                RAISE EXCEPTION 'cached-routes triggers: you are %; %', pg_catalog.quote_ident(current_user),
                    pg_catalog.array_to_string(problems, '; ')
                    USING ERRCODE = 'insufficient_privilege', HINT = 'Nothing was changed.';
            END IF;
        """
}
