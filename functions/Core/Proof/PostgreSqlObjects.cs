namespace Dbre.Functions.Core.Proof;

/// <summary>What a PostgreSQL database is made of besides rows, as one query of kind, name and definition.</summary>
internal static class PostgreSqlObjects
{
    /// <summary>What an engineer should look at.</summary>
    internal const string Health = """
        SELECT 'warning', format('The archiver fails: %s could not be archived at %s, and %s since then; it has failed %s times.',
            last_failed_wal, to_char(last_failed_time, 'YYYY-MM-DD HH24:MI:SS TZ'), CASE WHEN last_archived_wal IS NULL THEN 'nothing before it nor' ELSE 'nothing' END, failed_count), ''
        FROM pg_stat_archiver WHERE failed_count > 0 AND last_failed_time > coalesce(last_archived_time, '-infinity')
        UNION ALL SELECT 'warning', format('amcheck is in database %s, but the login may not execute bt_index_check, so its indexes are not checked.', current_database()), ''
        FROM pg_extension x JOIN pg_proc p ON p.pronamespace = x.extnamespace AND p.proname = 'bt_index_check' AND p.pronargs = 1
        WHERE x.extname = 'amcheck' AND NOT has_function_privilege(p.oid, 'EXECUTE')
        """;

    // Objects of extensions are the extension's; they come with its version.
    internal const string Query = """
        WITH own AS (SELECT oid, nspname, nspacl, nspowner FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'),
        relation AS (SELECT c.*, format('%s.%I.%I', current_database(), o.nspname, c.relname) AS called FROM pg_class c JOIN own o ON o.oid = c.relnamespace WHERE c.relpersistence <> 't'),
        found(kind, called, definition) AS (
            SELECT 'table', called, concat_ws(' ', relkind, pg_get_userbyid(relowner), relpersistence, relrowsecurity, relforcerowsecurity, pg_get_partkeydef(oid)) FROM relation WHERE relkind IN ('r', 'p', 'f', 'm', 'v')
            UNION ALL SELECT 'column', format('%s.%I', r.called, a.attname), concat_ws(' ', a.attnum, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END, pg_get_expr(d.adbin, d.adrelid), co.collname, nullif(a.attidentity::text, ''), nullif(a.attgenerated::text, ''))
                FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum LEFT JOIN pg_collation co ON co.oid = a.attcollation
                WHERE r.relkind IN ('r', 'p', 'f', 'm', 'v') AND a.attnum > 0 AND NOT a.attisdropped
            UNION ALL SELECT 'index', r.called, pg_get_indexdef(r.oid) || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END FROM relation r JOIN pg_index i ON i.indexrelid = r.oid
            UNION ALL SELECT 'constraint', format('%I of %s', k.conname, r.called), pg_get_constraintdef(k.oid) FROM relation r JOIN pg_constraint k ON k.conrelid = r.oid
            UNION ALL SELECT 'view', called, pg_get_viewdef(oid) FROM relation WHERE relkind IN ('v', 'm')
            UNION ALL SELECT 'trigger', format('%I of %s', t.tgname, r.called), concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled) FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
            UNION ALL SELECT 'row policy', format('%I of %s', p.polname, r.called), concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) FROM relation r JOIN pg_policy p ON p.polrelid = r.oid
            UNION ALL SELECT 'sequence', r.called, concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle) FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid
            UNION ALL SELECT 'sequence value', format('%s.%I.%I', current_database(), schemaname, sequencename), (last_value * sign(increment_by))::bigint::text FROM pg_sequences WHERE last_value IS NOT NULL
            UNION ALL SELECT 'grants on', called, (SELECT string_agg(g::text, ', ' ORDER BY g::text) FROM unnest(relacl) g) FROM relation WHERE relacl IS NOT NULL
            UNION ALL SELECT 'grants on schema', format('%s.%I', current_database(), nspname), concat_ws(' ', pg_get_userbyid(nspowner), (SELECT string_agg(g::text, ', ' ORDER BY g::text) FROM unnest(nspacl) g)) FROM own
            UNION ALL SELECT 'function', format('%s.%I.%I(%s)', current_database(), o.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
                    concat_ws(' ', pg_get_userbyid(p.proowner), CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END, (SELECT string_agg(g::text, ', ' ORDER BY g::text) FROM unnest(p.proacl) g))
                FROM pg_proc p JOIN own o ON o.oid = p.pronamespace WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
            UNION ALL SELECT 'enum', format('%s.%I.%I', current_database(), o.nspname, t.typname), string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_type t JOIN own o ON o.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY o.nspname, t.typname
            UNION ALL SELECT 'extension', format('%s.%I', current_database(), extname), extversion FROM pg_extension
            UNION ALL SELECT 'large objects', current_database(), count(*)::text FROM pg_largeobject_metadata
            UNION ALL SELECT 'database', datname, concat_ws(' ', pg_encoding_to_char(encoding), datcollate, datctype, pg_get_userbyid(datdba), (SELECT string_agg(g::text, ', ' ORDER BY g::text) FROM unnest(datacl) g)) FROM pg_database WHERE datname = current_database()
            UNION ALL SELECT 'role', quote_ident(rolname), concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil,
                    (SELECT string_agg(pg_get_userbyid(m.roleid) || CASE WHEN m.admin_option THEN '*' ELSE '' END, ', ' ORDER BY pg_get_userbyid(m.roleid)) FROM pg_auth_members m WHERE m.member = r.oid))
                FROM pg_roles r WHERE rolname !~ '^pg_'
        )
        SELECT kind, called, coalesce(definition, '') FROM found ORDER BY 1, 2
        """;
}
